import AudioCore
import Foundation
import Logging
import Metrics
import Networking
import Speech

/// The recognizer and the synthesizer of this process, by configuration.
///
/// Calls take theirs by the loop they live on: a remote vendor's sockets are served there too.
struct SpeechEngines: Sendable {
    private let ears: @Sendable (EventLoop) -> any SpeechRecognizer
    private let voices: @Sendable (EventLoop) -> any SpeechSynthesizer
    private let neural: NeuralEngines
    private let phrases: PhraseCache?
    private let embedded: PocketSphinxRecognizer?
    private let embeddedVoice: FliteSynthesizer?

    init(_ configuration: ParleyConfiguration, vendors: Vendors, logger: Logger) throws {
        let speech = configuration.speech
        switch speech.recognizer {
        case .embedded:
            var options = PocketSphinxConfiguration(cache: URL(fileURLWithPath: speech.models))
            options.models = URL(fileURLWithPath: speech.acousticModel)
            options.decoderCount = speech.decoders
            let engine = try PocketSphinxRecognizer(configuration: options, logger: logger)
            embedded = engine
            ears = { _ in engine }
        case .provider(let name):
            embedded = nil
            ears = try vendors.recognizer(name)
        }
        switch speech.synthesizer {
        case .embedded:
            var options = FliteConfiguration()
            options.workerCount = speech.voices
            let engine = FliteSynthesizer(configuration: options, logger: logger)
            embeddedVoice = engine
            voices = { _ in engine }
        case .provider(let name):
            embeddedVoice = nil
            voices = try vendors.synthesizer(name)
        }
        neural = NeuralEngines(speech, logger: logger)
        phrases = speech.phraseCache > 0 ? PhraseCache(capacity: speech.phraseCache, observer: Self.counting()) : nil
    }

    /// What listens for the callers' voices on a loop.
    func voiceDetection(on loop: EventLoop) -> VoiceDetection { neural.voiceDetection(on: loop) }

    /// Who hears the calls of a loop.
    func recognizer(on loop: EventLoop) -> any SpeechRecognizer { ears(loop) }

    /// Who speaks on the calls of a loop.
    func synthesizer(on loop: EventLoop) -> any SpeechSynthesizer {
        let voice = voices(loop)
        return phrases.map { PhraseCachingSynthesizer(voice, cache: $0) } ?? voice
    }

    func objection(to vocabulary: SpeechVocabulary) -> String? {
        guard embedded != nil, vocabulary.contexts.allSatisfy(\.sentences.isEmpty) else { return nil }
        return "the embedded recognizer hears only the sentences of a flow, and this agent has none; "
            + "name a provider in speech.recognizer"
    }

    /// Builds what the recognizer needs to hear this vocabulary, before the first call.
    func prepare(_ vocabulary: SpeechVocabulary) async throws { try await embedded?.prepare(vocabulary) }

    /// Speaks sentences into the cache, before the first call: many calls that begin at once would all have to wait for
    /// the same greeting. Left to the first call where a vendor speaks, who wants to be paid for it.
    func prepare(_ sentences: [String], voice: String) async throws {
        guard let phrases, let embeddedVoice else { return }
        let session = try await PhraseCachingSynthesizer(embeddedVoice, cache: phrases)
            .makeSession(voice: voice, format: .telephone)
        defer { session.close() }
        for sentence in sentences { for try await _ in session.synthesize(sentence) {} }
    }

    func close() {
        embedded?.close()
        embeddedVoice?.close()
    }

    private static func counting() -> @Sendable (PhraseCache.Event) -> Void {
        let hits = Counter(label: "parley_phrase_cache_lookups_total", dimensions: [("result", "hit")])
        let misses = Counter(label: "parley_phrase_cache_lookups_total", dimensions: [("result", "miss")])
        let bytes = Gauge(label: "parley_phrase_cache_bytes")
        return { event in
            switch event {
            case .hit: hits.increment()
            case .miss: misses.increment()
            case .kept(let total): bytes.record(total)
            }
        }
    }
}
