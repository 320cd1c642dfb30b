import Foundation
import Networking

/// ElevenLabs' messages of a transcription in real time: audio is base64 in JSON, and committed at the end of an utterance. Our
/// own voice detector says where utterances end, so the vendor's is off, and only utterances are sent.
struct ScribeDialect: StreamingDialect {
    /// Audio that was committed together.
    private struct Stretch {
        /// Seconds of the connection.
        var start: Double
        var end: Double
        /// From the connection's seconds to the leg's.
        var offset: Double
    }

    private let configuration: ScribeConfiguration
    /// Bytes of audio that the connection was given.
    private var bytes = 0
    /// What was given before is committed; seconds.
    private var committedEnd = 0.0
    /// Committed and not answered, oldest first.
    private var committed: [Stretch] = []

    init(_ configuration: ScribeConfiguration) { self.configuration = configuration }

    let provider = ScribeConfiguration.provider
    let operation = ScribeConfiguration.operation
    let refusals: Set<UInt16> = [1003, 1007]
    let denials: Set<UInt16> = [1008]

    var settings: StreamingSettings {
        var settings = StreamingSettings()
        settings.hearsUtterancesOnly = true
        settings.awaitsReady = true
        settings.assembly.finalizeDeadline = configuration.finalizeDeadline
        settings.assembly.settledFinalizeDeadline = configuration.finalizeDeadline
        settings.assembly.answerDeadline = configuration.answerDeadline
        return settings
    }

    mutating func opened() -> [String] {
        bytes = 0
        committedEnd = 0
        committed = []
        return []
    }

    mutating func send(_ frame: Span<UInt8>, on socket: WebSocket) -> Bool {
        let audio = unsafe frame.withUnsafeBytes { unsafe Data($0) }.base64EncodedString()
        guard socket.send(text: Self.chunk(audio, isLast: false).utf8Span.span) == .queued else { return false }
        bytes += frame.count
        return true
    }

    private var given: Double { Double(bytes) / 8000 }

    mutating func finalize(sent: Double) -> StreamingRequest? {
        // Committing nothing is refused.
        guard given > committedEnd else { return nil }
        committed.append(Stretch(start: committedEnd, end: given, offset: sent - given))
        committedEnd = given
        return .text(Self.chunk("", isLast: true))
    }

    mutating func notTaken() {
        if let last = committed.popLast() { committedEnd = last.start }
    }

    private static func chunk(_ audio: String, isLast: Bool) -> String {
        "{\"message_type\":\"input_audio_chunk\",\"audio_base_64\":\"\(audio)\",\"commit\":\(isLast),\"sample_rate\":8000}"
    }

    private struct Wire: Decodable {
        struct Word: Decodable {
            let text: String?
            let start: Double?
            let end: Double?
            let type: String?
            let logprob: Double?
        }

        let type: String
        let text: String?
        let language: String?
        let words: [Word]?
        let error: String?
        let warning: String?

        private enum CodingKeys: String, CodingKey {
            case text, words, error, warning
            case type = "message_type"
            case language = "language_code"
        }
    }

    mutating func read(_ message: Span<UInt8>, sent: Double) throws -> [StreamingReply] {
        let data = unsafe message.withUnsafeBytes { unsafe Data($0) }
        let wire = try JSONDecoder().decode(Wire.self, from: data)
        switch wire.type {
        case "session_started": return [.ready]
        case "partial_transcript":
            let current = Stretch(start: committedEnd, end: given, offset: sent - given)
            return [.segment(segment(wire, of: committed.first ?? current, isFinal: false))]
        // The same without times comes before it.
        case "committed_transcript_with_timestamps":
            guard !committed.isEmpty else { return [] }
            return [.segment(segment(wire, of: committed.removeFirst(), isFinal: true))]
        case "insufficient_audio_activity" where !committed.isEmpty:
            // So little audio holds no words.
            return [.segment(segment(nil, of: committed.removeFirst(), isFinal: true))]
        case "warning": return [.complaint(wire.warning ?? "no words")]
        case "commit_throttled", "insufficient_audio_activity": return [.complaint("\(wire.type): \(wire.error ?? "")")]
        default: return failure(wire).map { [.failure($0)] } ?? []
        }
    }

    private func failure(_ wire: Wire) -> SpeechError? {
        let code: SpeechError.Code
        switch wire.type {
        case "auth_error", "quota_exceeded", "unaccepted_terms": code = .unauthorized
        case "rate_limited", "queue_overflow", "resource_exhausted": code = .overloaded
        case "input_error", "invalid_request", "chunk_size_exceeded": code = .refused
        case "session_time_limit_exceeded", "transcriber_error", "error": code = .unavailable
        default: return nil
        }
        return SpeechError(
            code, operation: operation, provider: provider, detail: "\(wire.type): \(wire.error ?? "no words")")
    }

    private func segment(_ wire: Wire?, of stretch: Stretch, isFinal: Bool) -> RecognizedSegment {
        let spoken = configuration.detectsLanguage ? wire?.language : configuration.language
        let locale = DetectedLanguage.tag(spoken).flatMap { SpeechLocale(tag: $0) } ?? .english
        let words = words(wire?.words ?? [], of: stretch, locale)
        var segment = RecognizedSegment(
            start: stretch.start + stretch.offset, duration: stretch.end - stretch.start, isFinal: isFinal,
            speechFinal: isFinal, fromFinalize: isFinal, transcript: PlainWords.of(wire?.text ?? "", locale: locale),
            confidence: RecognizedSegment.confidence(of: words), words: words)
        if configuration.detectsLanguage { segment.language = wire?.language }
        return segment
    }

    /// Words at their places in the leg. Times count from the session's first sample, or from the commit before: which of the two
    /// shows where they would not fit.
    private func words(_ words: [Wire.Word], of stretch: Stretch, _ locale: SpeechLocale) -> [RecognizedSegment.Word] {
        let spoken = words.filter { $0.type != "spacing" && $0.type != "audio_event" }
        guard let last = spoken.compactMap(\.end).filter(\.isFinite).max() else { return [] }
        let length = stretch.end - stretch.start
        let shift = (last > length + 0.25 ? 0 : stretch.start) + stretch.offset
        return spoken.compactMap { word in
            guard let start = word.start, let end = word.end, start >= 0, end >= start, end < 1e6 else { return nil }
            let text = PlainWords.of(word.text ?? "", locale: locale)
            guard !text.isEmpty else { return nil }
            return RecognizedSegment.Word(
                word: text, start: start + shift, end: end + shift, confidence: exp(min(word.logprob ?? -0.1, 0)))
        }
    }
}
