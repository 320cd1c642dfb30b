import Foundation
import Networking

/// Azure's turns: audio below a name of ours until an empty piece ends it, hypotheses and phrases below the same name, and the end
/// of the turn, whose times are its own. A connection serves one turn after the other.
///
/// The vendor has no message that asks for the rest of an utterance, so an utterance's end is a turn's end. Until the vendor has
/// ended it, too, audio waits.
struct AzureTranscriptionDialect: StreamingDialect {
    private let configuration: AzureTranscriptionConfiguration
    private let context: String
    private let head: [UInt8]
    private let sampleRate: Int
    private let makeIdentifier: @Sendable () -> String
    private let clock: @Sendable () -> Date

    private var turn = ""
    /// How many of the three messages with which the turn begins are to be sent still.
    private var unsent = 3
    /// Seconds of the connection at which the turn's first sample lies.
    private var turnStart = 0.0
    /// The same of its end, once we have ended it.
    private var asked: Double?
    /// Seconds of the connection up to which words are final.
    private var finalEnd = 0.0

    init(
        _ configuration: AzureTranscriptionConfiguration, sampleRate: Int, head: [UInt8], vocabulary: SpeechVocabulary,
        identifiers: @escaping @Sendable () -> String = AzureMessage.identifier,
        clock: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.configuration = configuration
        self.sampleRate = sampleRate
        self.head = head
        makeIdentifier = identifiers
        self.clock = clock
        let context = AzureTurnContext(
            languages: configuration.languages, terms: KeyTerms.of(vocabulary, first: configuration.keyTerms))
        // Texts can always be encoded.
        self.context = (try? JSONEncoder().encode(context)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    let provider = AzureTranscriptionConfiguration.provider
    let operation = AzureTranscriptionConfiguration.operation
    let refusals: Set<UInt16> = [1002, 1003, 1007]
    let denials: Set<UInt16> = [1008]

    var settings: StreamingSettings {
        var settings = StreamingSettings()
        // As the vendor's SDK does.
        settings.frameDuration = .milliseconds(100)
        settings.assembly.finalizeDeadline = configuration.finalizeDeadline
        settings.assembly.answerDeadline = configuration.answerDeadline
        return settings
    }

    var takesAudio: Bool { asked == nil }

    mutating func opened() -> [String] {
        begin(at: 0)
        finalEnd = 0
        let source = #"{"type":"Stream","samplerate":"\#(sampleRate)","bitspersample":"8","channelcount":"1"}"#
        let body =
            #"{"context":{"system":{"name":"Parley","build":"Linux","lang":"Swift"},"audio":{"source":\#(source)}}}"#
        return [AzureMessage.text("speech.config", at: clock(), body: body)]
    }

    private mutating func begin(at seconds: Double) {
        turn = makeIdentifier()
        unsent = 3
        turnStart = seconds
        asked = nil
    }

    mutating func send(_ frame: Span<UInt8>, on socket: WebSocket) -> Bool {
        send(frame) { $0.send(on: socket) }
    }

    /// - Parameter take: given one message after the other, until it does not take one.
    mutating func send(_ frame: Span<UInt8>, by take: (StreamingRequest) -> Bool) -> Bool {
        let isBeginning = unsent > 0
        let messages = messages(for: frame)
        for (index, message) in messages.enumerated() {
            guard take(message) else {
                // A turn's beginning is not said twice.
                if isBeginning { unsent = messages.count - index }
                return false
            }
        }
        return true
    }

    /// A piece of audio, and before a turn's first what the turn is about.
    mutating func messages(for frame: Span<UInt8>) -> [StreamingRequest] {
        let time = clock()
        let audio = StreamingRequest.binary(AzureMessage.audio(frame, request: turn, at: time))
        defer { unsent = 0 }
        guard unsent > 1 else { return [audio] }
        let beginning: [StreamingRequest] = [
            .text(AzureMessage.text("speech.context", request: turn, at: time, body: context)),
            .binary(AzureMessage.audio(head.span, request: turn, at: time, type: "audio/x-wav")), audio,
        ]
        return Array(beginning.suffix(unsent))
    }

    mutating func finalize(sent: Double) -> StreamingRequest? {
        guard unsent == 0 else { return nil }
        asked = sent
        return .binary(AzureMessage.audio([UInt8]().span, request: turn, at: clock()))
    }

    mutating func notTaken() { asked = nil }

    mutating func read(_ message: Span<UInt8>, sent: Double) throws -> [StreamingReply] {
        guard let message = AzureMessage(reading: message) else { throw unreadable }
        guard message.request == turn else { return [] }
        switch message.path {
        case "speech.hypothesis", "speech.fragment":
            let phrase = try JSONDecoder().decode(AzurePhrase.self, from: Data(message.body.utf8))
            return [.segment(hypothesis(phrase))]
        case "speech.phrase":
            return phrase(try JSONDecoder().decode(AzurePhrase.self, from: Data(message.body.utf8)))
        case "turn.end": return [ended()]
        default: return []
        }
    }

    private var unreadable: SpeechError {
        SpeechError(.unavailable, operation: operation, provider: provider, detail: "a message without a path")
    }

    private func hypothesis(_ phrase: AzurePhrase) -> RecognizedSegment {
        let (start, duration) = times(phrase.offset, phrase.duration)
        var segment = RecognizedSegment(
            start: start, duration: duration, isFinal: false, transcript: plain(phrase.text ?? "", phrase),
            confidence: RecognizedSegment.usualConfidence)
        segment.language = language(phrase)
        return segment
    }

    private mutating func phrase(_ phrase: AzurePhrase) -> [StreamingReply] {
        switch phrase.status {
        case "Success", "NoMatch", "InitialSilenceTimeout", "BabbleTimeout", "EndOfDictation": break
        default: return [.failure(failure(phrase.status ?? "no status"))]
        }
        let (start, duration) = times(phrase.offset, phrase.duration)
        var segment = RecognizedSegment(start: start, duration: duration, isFinal: true, transcript: "")
        if phrase.status == "Success" {
            let best = phrase.best?.first
            segment.words = (best?.words ?? []).compactMap { word in
                let text = plain(word.text, phrase)
                guard !text.isEmpty else { return nil }
                let (start, duration) = times(word.offset, word.duration)
                return RecognizedSegment.Word(
                    word: text, start: start, end: start + duration,
                    confidence: word.confidence ?? best?.confidence ?? RecognizedSegment.usualConfidence)
            }
            segment.transcript =
                segment.words.isEmpty
                ? plain(best?.lexical ?? phrase.displayText ?? "", phrase)
                : segment.words.map(\.word).joined(separator: " ")
            segment.confidence =
                segment.words.isEmpty
                ? best?.confidence ?? RecognizedSegment.usualConfidence
                : RecognizedSegment.confidence(of: segment.words)
            segment.language = language(phrase)
        }
        guard segment.isPlausible else { return [.segment(segment)] }
        // What was said before.
        guard start + duration > finalEnd else { return [] }
        finalEnd = start + duration
        return [.segment(segment)]
    }

    /// Nothing before the turn's end is still to come. A turn that the vendor ends by itself leaves audio unheard: on a new
    /// connection it is sent again.
    private mutating func ended() -> StreamingReply {
        guard let asked else { return .failure(failure("the turn was ended by the vendor")) }
        let start = min(finalEnd, asked)
        let segment = RecognizedSegment(
            start: start, duration: max(asked - start, 0.01), isFinal: true, speechFinal: true, fromFinalize: true,
            transcript: "")
        finalEnd = max(finalEnd, asked)
        begin(at: asked)
        return .segment(segment)
    }

    /// Seconds of the connection, and seconds.
    private func times(_ offset: Double?, _ duration: Double?) -> (start: Double, duration: Double) {
        (turnStart + (offset ?? 0) / AzurePhrase.ticksPerSecond, (duration ?? 0) / AzurePhrase.ticksPerSecond)
    }

    private func language(_ phrase: AzurePhrase) -> String? {
        configuration.languages.count > 1 ? phrase.language?.language : nil
    }

    private func plain(_ text: String, _ phrase: AzurePhrase) -> String {
        let tag = language(phrase) ?? configuration.languages[0]
        return PlainWords.of(text, locale: SpeechLocale(tag: tag) ?? .english)
    }

    private func failure(_ words: String) -> SpeechError {
        let code: SpeechError.Code =
            switch words {
            case "Forbidden": .unauthorized
            case "TooManyRequests": .overloaded
            case "BadRequest": .refused
            default: .unavailable
            }
        return SpeechError(code, operation: operation, provider: provider, detail: words)
    }
}
