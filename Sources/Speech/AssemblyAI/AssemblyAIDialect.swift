import Foundation
import Networking

/// AssemblyAI's messages: turns, whose words become final one by one.
struct AssemblyAIDialect: StreamingDialect {
    private let configuration: AssemblyAIConfiguration
    /// The turn that has ended last; a second message about it only formats it.
    private var lastEnded = -1
    /// Whether we asked for an end that has not come.
    private var isAsked = false

    init(_ configuration: AssemblyAIConfiguration) { self.configuration = configuration }

    let provider = AssemblyAIConfiguration.provider
    let operation = AssemblyAIConfiguration.operation
    let refusals: Set<UInt16> = [1003, 1007, 3006, 3007]
    let denials: Set<UInt16> = [1008]
    var keepAlive: String? { #"{"type":"KeepAlive"}"# }
    /// Otherwise the session is paid for until it ends by itself.
    var farewell: String? { #"{"type":"Terminate"}"# }

    var settings: StreamingSettings {
        var settings = StreamingSettings()
        // Frames shorter than 50 ms close the socket.
        settings.cutsFrames = false
        // Faster than real time is error 3007.
        settings.replayPace = 1
        settings.assembly.finalizeDeadline = configuration.finalizeDeadline
        settings.assembly.answerDeadline = configuration.answerDeadline
        return settings
    }

    mutating func opened() -> [String] {
        lastEnded = -1
        isAsked = false
        return []
    }

    mutating func finalize(sent: Double) -> StreamingRequest? {
        isAsked = true
        return #"{"type":"ForceEndpoint"}"#
    }

    private struct Wire: Decodable {
        struct Word: Decodable {
            let text: String
            /// Milliseconds since the session began.
            let start: Double
            let end: Double
            let confidence: Double
        }

        let type: String
        let order: Int?
        let isEnd: Bool?
        let confidence: Double?
        let words: [Word]?
        let error: String?
        let errorCode: Int?
        let warning: String?

        private enum CodingKeys: String, CodingKey {
            case type, words, error, warning
            case order = "turn_order"
            case isEnd = "end_of_turn"
            case confidence = "end_of_turn_confidence"
            case errorCode = "error_code"
        }
    }

    mutating func read(_ message: Span<UInt8>, sent: Double) throws -> [StreamingReply] {
        let data = unsafe message.withUnsafeBytes { unsafe Data($0) }
        let wire = try JSONDecoder().decode(Wire.self, from: data)
        switch wire.type {
        case "Turn": return turn(wire, sent: sent).map { [.segment($0)] } ?? []
        case "Error":
            // The close that follows says the same in its code.
            return [.complaint("\(wire.errorCode ?? 0): \(wire.error ?? "no words")")]
        case "Warning": return [.complaint(wire.warning ?? "no words")]
        default: return []
        }
    }

    private mutating func turn(_ wire: Wire, sent: Double) -> RecognizedSegment? {
        let order = wire.order ?? 0
        guard order > lastEnded else { return nil }
        let words = (wire.words ?? []).map {
            RecognizedSegment.Word(
                word: $0.text, start: $0.start / 1000, end: $0.end / 1000, confidence: $0.confidence)
        }
        let isEnd = wire.isEnd ?? false
        guard isEnd || !words.isEmpty else { return nil }
        let start = words.first?.start ?? sent
        // After the end of a turn nothing before what was heard so far is still to come.
        let end = isEnd ? max(sent, words.last?.end ?? 0) : words.last?.end ?? start
        let isAnswer = isEnd && isAsked
        if isEnd {
            lastEnded = order
            isAsked = false
        }
        let sure = words.map(\.confidence).filter(\.isFinite)
        var segment = RecognizedSegment(
            start: min(start, end), duration: max(end - start, 0), isFinal: isEnd, speechFinal: isEnd,
            fromFinalize: isAnswer, transcript: PlainWords.of(words.map(\.word).joined(separator: " ")),
            confidence: sure.isEmpty ? 0.9 : sure.reduce(0, +) / Double(sure.count), words: words)
        segment.endOfTurn = isAnswer ? nil : isEnd ? 1 : wire.confidence
        return segment
    }
}
