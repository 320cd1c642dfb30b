import AudioCore
import Foundation
import Networking

/// Speechmatics' messages: partial transcripts that replace one another, final ones that follow one another, and ends of
/// utterances. Audio is taken once recognition has started, and acknowledged message by message.
struct SpeechmaticsDialect: StreamingDialect {
    private let configuration: SpeechmaticsConfiguration
    private let start: SpeechmaticsStart
    /// Messages of audio that the connection was given.
    private var messages = 0
    /// Seconds of the connection up to which words are final.
    private var finalEnd = 0.0
    /// The same of the last message with words, so that one which comes again is known.
    private var wordsEnd = 0.0
    /// Seconds of the connection when the rest was asked for and has not come.
    private var asked: Double?

    /// - Throws: ``SpeechError/Code/refused`` for a format that is not taken.
    init(
        _ configuration: SpeechmaticsConfiguration, format: AudioFormat, vocabulary: SpeechVocabulary
    ) throws(SpeechError) {
        guard format.encoding == .mulaw else {
            throw SpeechError(
                .refused, operation: SpeechmaticsConfiguration.operation, provider: SpeechmaticsConfiguration.provider,
                detail: "a leg in \(format) cannot be sent as it is; use µ-law")
        }
        self.configuration = configuration
        start = SpeechmaticsStart(configuration, sampleRate: format.sampleRate, vocabulary: vocabulary)
    }

    let provider = SpeechmaticsConfiguration.provider
    let operation = SpeechmaticsConfiguration.operation
    let refusals: Set<UInt16> = [1003, 1007]
    let denials: Set<UInt16> = [1008, 4001]
    var farewell: String? { "{\"message\":\"EndOfStream\",\"last_seq_no\":\(messages)}" }

    var settings: StreamingSettings {
        var settings = StreamingSettings()
        settings.awaitsReady = true
        settings.assembly.finalizeDeadline = configuration.finalizeDeadline
        settings.assembly.answerDeadline = configuration.answerDeadline
        return settings
    }

    mutating func opened() -> [String] {
        messages = 0
        finalEnd = 0
        wordsEnd = 0
        asked = nil
        // Strings and numbers can always be encoded.
        return (try? JSONEncoder().encode(start)).map { [String(decoding: $0, as: UTF8.self)] } ?? []
    }

    mutating func send(_ frame: Span<UInt8>, on socket: WebSocket) -> Bool {
        guard socket.send(binary: frame) == .queued else { return false }
        messages += 1
        return true
    }

    mutating func finalize(sent: Double) -> StreamingRequest? {
        asked = sent
        return "{\"message\":\"ForceEndOfUtterance\",\"timestamp\":\(sent)}"
    }

    private struct Wire: Decodable {
        struct Metadata: Decodable {
            let start: Double?
            let end: Double?
            let transcript: String?

            private enum CodingKeys: String, CodingKey {
                case transcript
                case start = "start_time"
                case end = "end_time"
            }
        }
        struct Result: Decodable {
            struct Alternative: Decodable {
                let content: String
                let confidence: Double?
                let language: String?
            }
            let type: String
            let start: Double
            let end: Double
            let alternatives: [Alternative]?

            private enum CodingKeys: String, CodingKey {
                case type, alternatives
                case start = "start_time"
                case end = "end_time"
            }
        }
        let message: String
        let metadata: Metadata?
        let results: [Result]?
        let type: String?
        let reason: String?
    }

    mutating func read(_ message: Span<UInt8>, sent: Double) throws -> [StreamingReply] {
        let data = unsafe message.withUnsafeBytes { unsafe Data($0) }
        let wire = try JSONDecoder().decode(Wire.self, from: data)
        switch wire.message {
        case "RecognitionStarted": return [.ready]
        case "AddPartialTranscript": return [.segment(segment(wire, isFinal: false))]
        case "AddTranscript":
            let segment = segment(wire, isFinal: true)
            let end = segment.start + segment.duration
            // What was said before.
            if segment.duration > 0, end <= wordsEnd { return [] }
            if segment.isPlausible { (wordsEnd, finalEnd) = (max(wordsEnd, end), max(finalEnd, end)) }
            return [.segment(segment)]
        case "EndOfUtterance": return [.segment(ended(wire.metadata?.end))]
        case "Warning": return [.complaint("\(wire.type ?? "warning"): \(wire.reason ?? "no words")")]
        case "Error": return [.failure(failure(wire))]
        default: return []
        }
    }

    private func segment(_ wire: Wire, isFinal: Bool) -> RecognizedSegment {
        let locale = SpeechLocale(tag: configuration.language) ?? .english
        let words: [RecognizedSegment.Word] = (wire.results ?? []).compactMap { result in
            guard result.type != "punctuation", let best = result.alternatives?.first else { return nil }
            let text = PlainWords.of(best.content, locale: locale)
            guard !text.isEmpty else { return nil }
            return RecognizedSegment.Word(
                word: text, start: result.start, end: result.end,
                confidence: best.confidence ?? RecognizedSegment.usualConfidence,
                language: configuration.detectsLanguage ? best.language : nil)
        }
        let start = wire.metadata?.start ?? words.first?.start ?? finalEnd
        let end = wire.metadata?.end ?? words.last?.end ?? start
        return RecognizedSegment(
            start: start, duration: max(end - start, 0), isFinal: isFinal,
            transcript: words.map(\.word).joined(separator: " "),
            confidence: RecognizedSegment.confidence(of: words), words: words)
    }

    /// Nothing before the end of an utterance is still to come.
    private mutating func ended(_ time: Double?) -> RecognizedSegment {
        let isAnswer = asked != nil
        let start = finalEnd
        let end = max(isAnswer ? asked ?? 0 : min(time ?? 0, 1e6), start + 0.01)
        finalEnd = end
        asked = nil
        var segment = RecognizedSegment(
            start: start, duration: end - start, isFinal: true, speechFinal: true, fromFinalize: isAnswer,
            transcript: "")
        segment.endOfTurn = isAnswer ? nil : 1
        return segment
    }

    private func failure(_ wire: Wire) -> SpeechError {
        let code: SpeechError.Code =
            switch wire.type {
            case "not_authorised", "not_allowed", "insufficient_funds": .unauthorized
            case "quota_exceeded": .overloaded
            case "invalid_message", "invalid_model", "invalid_config", "invalid_audio_type", "protocol_error",
                "invalid_language":
                .refused
            default: .unavailable
            }
        return SpeechError(
            code, operation: operation, provider: provider,
            detail: "\(wire.type ?? "Error"): \(wire.reason ?? "no words")")
    }
}
