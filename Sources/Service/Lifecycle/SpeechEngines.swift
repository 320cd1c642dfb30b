import Agent
import AudioCore
import Foundation
import Logging
import Metrics
import Networking
import Speech

/// The recognizer and the synthesizer of a service, by configuration.
///
/// What was said before is this service's own; what runs inside this program may be others' too.
///
/// Calls take theirs by the loop they live on: a remote vendor's sockets are served there too.
struct SpeechEngines: Sendable {
    private typealias Ears = @Sendable (EventLoop, UsageMeter, Logger) -> any SpeechRecognizer
    private typealias Voices = @Sendable (EventLoop, UsageMeter, Logger) -> any SpeechSynthesizer

    /// Who hears and who speaks a language.
    private struct Senses: Sendable {
        let ears: Ears
        let voices: Voices
        /// Whether nobody but the embedded recognizer hears.
        let hearsByModelOnly: Bool
        let hasEmbeddedVoice: Bool
    }

    private let senses: [SpokenLanguage: Senses]
    private var language = SpokenLanguage.english
    /// Counts what vendors are asked; nobody reads it unless a call gave its own.
    private var meter = UsageMeter()
    /// The service's, unless a call gave its own.
    private var logger: Logger
    /// What runs inside this program.
    private let local: EmbeddedEngines
    /// Nil where other services use it as well, who then may have calls.
    private let owned: EmbeddedEngines?
    private let neural: NeuralEngines
    /// The embedded voice's.
    private let phrases: PhraseCache?
    /// Vendors' phrases on disk; the embedded voice makes its own as quickly as they are read.
    private let archive: PhraseArchive?
    /// How loud the voices of each engine are; none where they are left as they are.
    private let levels: [(engine: String, levels: VoiceLevels)]
    private var embedded: PocketSphinxRecognizer? { local.recognizer }
    private var embeddedVoice: FliteSynthesizer? { local.voice }

    /// - Parameters:
    ///   - shared: used in place of engines of its own, and left to whoever made it.
    ///   - metrics: makes what operators watch.
    init(
        _ configuration: ParleyConfiguration, vendors: Vendors, shared: EmbeddedEngines? = nil,
        metrics: any MetricsFactory = MetricsSystem.factory, logger: Logger
    ) throws {
        self.logger = logger
        let speech = configuration.speech
        let (recognizers, synthesizers) = (speech.recognizers, speech.synthesizers)
        owned = shared == nil ? try EmbeddedEngines(speech, logger: logger) : nil
        guard let local = shared ?? owned else { preconditionFailure("one of the two is there") }
        self.local = local
        neural = NeuralEngines(sharing: local.neural, logger: logger)
        // Each engine has phrases of its own: two may have voices of the same name, and who speaks is not known before.
        let caches = synthesizers.map { _ in
            speech.phraseCache > 0
                ? PhraseCache(capacity: speech.phraseCache / synthesizers.count, observer: Self.counting(metrics)) : nil
        }
        phrases = zip(synthesizers, caches).first { $0.0 == .embedded }?.1
        archive =
            speech.phraseStoreSize > 0 && synthesizers != [.embedded]
            ? try PhraseArchive(
                directory: URL(fileURLWithPath: speech.phraseStore), capacity: speech.phraseStoreSize,
                mayKeep: configuration.privacy.mask.leaves) : nil
        let target = speech.loudness.map(Double.init)
        let levels = synthesizers.map { _ in target.map { VoiceLevels(target: $0) } }
        self.levels = zip(synthesizers, levels).compactMap { engine, levels in levels.map { (engine.name, $0) } }

        let (embedded, embeddedVoice, archive) = (local.recognizer, local.voice, archive)
        let board = ProviderBoard(.recognizer, observer: SpeechMetrics(factory: metrics).observer)
        let hearing = try recognizers.map {
            try Self.ear($0, embedded: embedded, board: board, vendors: vendors)
        }
        let voiceBoard = ProviderBoard(.synthesizer, observer: SpeechMetrics(factory: metrics).observer)
        let speaking = try zip(synthesizers, zip(caches, levels)).map { engine, kept in
            try Self.voice(
                engine, embedded: embeddedVoice, cache: kept.0, levels: kept.1, archive: archive, board: voiceBoard,
                vendors: vendors)
        }
        var senses: [SpokenLanguage: Senses] = [:]
        for language in SpokenLanguage.allCases {
            let (ears, voices) = (speech.recognizer(of: language), speech.synthesizer(of: language))
            senses[language] = Senses(
                ears: Self.ears(
                    ears.compactMap { recognizers.firstIndex(of: $0) }.map { hearing[$0] },
                    alone: ears == [.embedded] ? embedded : nil, board: board),
                voices: Self.voices(
                    voices.compactMap { synthesizers.firstIndex(of: $0) }.map { speaking[$0] },
                    isEmbeddedAlone: voices == [.embedded], board: voiceBoard),
                hearsByModelOnly: ears == [.embedded], hasEmbeddedVoice: voices.contains(.embedded))
        }
        self.senses = senses
    }

    private typealias Ear = @Sendable (EventLoop, UsageMeter, Logger) -> FallbackRecognizer.Link

    private static func ear(
        _ engine: ParleyConfiguration.Speech.Engine, embedded: PocketSphinxRecognizer?, board: ProviderBoard,
        vendors: Vendors
    ) throws -> Ear {
        switch engine {
        case .embedded:
            guard let embedded else { preconditionFailure("the embedded recognizer is made when it is named") }
            return { _, _, _ in
                FallbackRecognizer.Link(name: engine.name, recognizer: embedded, hears: Self.isModelled)
            }
        case .provider(let name):
            let make = try vendors.recognizer(name) { board.note($0, of: name) }
            // One that is asked utterance by utterance holds the limit itself.
            let gate = vendors.hearsStreams(name) ? vendors.gate(name) : nil
            return { loop, meter, logger in
                var recognizer = make(loop, logger, meter.audio(of: name))
                if let gate { recognizer = LimitedRecognizer(recognizer, gate: gate) }
                return FallbackRecognizer.Link(name: name, recognizer: recognizer)
            }
        }
    }

    private static func ears(
        _ links: [Ear], alone: PocketSphinxRecognizer?, board: ProviderBoard
    ) -> Ears {
        if let alone { return { _, _, _ in alone } }
        return { loop, meter, logger in
            FallbackRecognizer(links.map { $0(loop, meter, logger) }, board: board, loop: loop, logger: logger)
        }
    }

    private typealias Voice = @Sendable (EventLoop, UsageMeter, Logger) -> FallbackSynthesizer.Link

    private static func voice(
        _ engine: ParleyConfiguration.Speech.Engine, embedded: FliteSynthesizer?, cache: PhraseCache?,
        levels: VoiceLevels?, archive: PhraseArchive?, board: ProviderBoard, vendors: Vendors
    ) throws -> Voice {
        let make: @Sendable (EventLoop, Logger) -> any SpeechSynthesizer
        var sound: String?
        switch engine {
        case .embedded:
            guard let embedded else { preconditionFailure("the embedded voice is made when it is named") }
            make = { _, _ in embedded }
        case .provider(let name):
            let voice = try vendors.synthesizer(name) { board.note($0, of: name) }
            make = voice.make
            sound = voice.sound
        }
        let (archive, name) = (sound == nil ? nil : archive, sound ?? "")
        return { loop, meter, logger in
            var voice = make(loop, logger)
            if case .provider(let name) = engine {
                voice = CountingSynthesizer(voice, asked: meter.characters(of: name))
                if let gate = vendors.gate(name) { voice = LimitedSynthesizer(voice, gate: gate) }
            }
            if let cache { voice = PhraseCachingSynthesizer(voice, cache: cache, archive: archive, name: name) }
            if let levels { voice = LevellingSynthesizer(voice, levels: levels) }
            return FallbackSynthesizer.Link(name: engine.name, synthesizer: voice)
        }
    }

    private static func voices(
        _ links: [Voice], isEmbeddedAlone: Bool, board: ProviderBoard
    ) -> Voices {
        if isEmbeddedAlone { return { links[0]($0, $1, $2).synthesizer } }
        return { loop, meter, logger in
            FallbackSynthesizer(links.map { $0(loop, meter, logger) }, board: board, logger: logger)
        }
    }

    /// Those of the language.
    private var own: Senses {
        guard let senses = senses[language] else { preconditionFailure("every language has ears and a voice") }
        return senses
    }

    /// What listens for the callers' voices on a loop.
    func voiceDetection(on loop: EventLoop) -> VoiceDetection { neural.voiceDetection(on: loop) }

    /// Who hears the calls of a loop.
    func recognizer(on loop: EventLoop) -> any SpeechRecognizer { own.ears(loop, meter, logger) }

    /// Who speaks on the calls of a loop.
    func synthesizer(on loop: EventLoop) -> any SpeechSynthesizer { own.voices(loop, meter, logger) }

    func metered(by meter: UsageMeter) -> any CallEngines {
        var engines = self
        engines.meter = meter
        return engines
    }

    func logging(to logger: Logger) -> any CallEngines {
        var engines = self
        engines.logger = logger
        return engines
    }

    func speaking(_ language: SpokenLanguage) -> any CallEngines {
        var engines = self
        engines.language = language
        return engines
    }

    func objection(to vocabulary: SpeechVocabulary) -> String? {
        guard own.hearsByModelOnly, !Self.isModelled(vocabulary) else { return nil }
        return "the embedded recognizer hears only the sentences of a flow, and this agent has none; "
            + "name a provider in speech.recognizer"
    }

    /// Whether the embedded recognizer can hear it: it has sentences.
    @Sendable private static func isModelled(_ vocabulary: SpeechVocabulary) -> Bool {
        !vocabulary.contexts.allSatisfy(\.sentences.isEmpty)
    }

    /// Builds what the recognizer needs to hear this vocabulary, before the first call.
    func prepare(_ vocabulary: SpeechVocabulary) async throws {
        // Loading takes every decoder, and others may need one now.
        guard owned != nil else { return try await prepareDuringCalls(vocabulary) }
        if Self.isModelled(vocabulary) { try await embedded?.prepare(vocabulary) }
    }

    func prepareDuringCalls(_ vocabulary: SpeechVocabulary) async throws {
        if Self.isModelled(vocabulary) { try await embedded?.prepareDuringCalls(vocabulary) }
    }

    /// Speaks sentences into the cache, before the first call: many calls that begin at once would all have to wait for
    /// the same greeting. Left to the first call where a vendor speaks, who wants to be paid for it.
    func prepare(_ sentences: [String], voice: String) async throws {
        guard own.hasEmbeddedVoice, let phrases, let embeddedVoice else { return }
        var engine: any SpeechSynthesizer = PhraseCachingSynthesizer(embeddedVoice, cache: phrases)
        // So it is known how loud the voice is before anybody hears it.
        if let levels = levels.first(where: { $0.engine == ParleyConfiguration.Speech.Engine.embedded.name })?.levels {
            engine = LevellingSynthesizer(engine, levels: levels)
        }
        let session = try await engine.makeSession(voice: voice, format: .telephone)
        defer { session.close() }
        for sentence in sentences { for try await _ in session.synthesize(sentence) {} }
    }

    /// Hears whether callers have finished; nil where nobody asks.
    var endOfTurnModel: SmartTurnModel? { neural.endOfTurnModel }

    func close() {
        owned?.close()
    }

    /// What the models, and the phrases on disk, are like.
    var samples: [PrometheusSample] {
        let loudness = levels.flatMap { engine, levels in
            levels.measured.flatMap { voice, loudness, gain in
                let dimensions = [("engine", engine), ("voice", voice)]
                return [
                    PrometheusSample.gauge("parley_voice_loudness_lufs", loudness, dimensions: dimensions),
                    .gauge("parley_voice_gain_decibels", gain, dimensions: dimensions),
                ]
            }
        }
        let models = owned?.neural.samples ?? []
        guard let archive else { return models + loudness }
        return models + loudness + [
            .gauge("parley_phrase_store_bytes", archive.byteCount),
            .counter("parley_phrase_store_dropped_total", archive.droppedCount),
            .counter("parley_phrase_store_damaged_total", archive.damagedCount),
        ]
    }

    private static func counting(_ factory: any MetricsFactory) -> @Sendable (PhraseCache.Event) -> Void {
        let hits = Counter(
            label: "parley_phrase_cache_lookups_total", dimensions: [("result", "hit")], factory: factory)
        let misses = Counter(
            label: "parley_phrase_cache_lookups_total", dimensions: [("result", "miss")], factory: factory)
        let bytes = Gauge(label: "parley_phrase_cache_bytes", factory: factory)
        return { event in
            switch event {
            case .hit: hits.increment()
            case .miss: misses.increment()
            case .kept(let total): bytes.record(total)
            }
        }
    }
}
