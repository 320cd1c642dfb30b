import Foundation
import Networking

/// Cartesia's messages on `/stt/turns/websocket`: turns, whose transcripts grow until they end. They carry no times, so a turn is
/// what was sent between its beginning and its end.
struct InkDialect: StreamingDialect {
    private let configuration: InkConfiguration
    /// Where the turn began that is being spoken, in seconds of the connection.
    private var turnStart: Double?
    private var lastEnd = 0.0
    /// Whether an utterance ended in this turn.
    private var isAsked = false

    /// Below so much likelihood of speech the vendor sees an end, by default.
    private static let (eagerEnd, end) = (0.4, 0.2)
    /// A turn is reported a little after its first sound.
    private static let onset = 0.5

    init(_ configuration: InkConfiguration) { self.configuration = configuration }

    let provider = InkConfiguration.provider
    let operation = InkConfiguration.operation
    let refusals: Set<UInt16> = [1003, 1007]
    let denials: Set<UInt16> = [1008]
    var farewell: String? { #"{"type":"close"}"# }

    var settings: StreamingSettings {
        var settings = StreamingSettings()
        settings.assembly.finalizeDeadline = configuration.finalizeDeadline
        settings.assembly.settledFinalizeDeadline = .milliseconds(100)
        settings.assembly.answerDeadline = configuration.answerDeadline
        return settings
    }

    mutating func opened() -> [String] {
        turnStart = nil
        lastEnd = 0
        isAsked = false
        return []
    }

    mutating func finalize(sent: Double) -> StreamingRequest? {
        isAsked = turnStart != nil
        return nil
    }

    private struct Wire: Decodable {
        let type: String
        let transcript: String?
        let status: Int?
        let title: String?
        let message: String?

        private enum CodingKeys: String, CodingKey {
            case type, transcript, title, message
            case status = "status_code"
        }
    }

    mutating func read(_ message: Span<UInt8>, sent: Double) throws -> [StreamingReply] {
        let data = unsafe message.withUnsafeBytes { unsafe Data($0) }
        let wire = try JSONDecoder().decode(Wire.self, from: data)
        switch wire.type {
        case "turn.start":
            _ = open(sent)
            return []
        case "turn.update": return [.segment(segment(wire, sent))]
        case "turn.eager_end": return [.segment(segment(wire, sent, belief: 1 - Self.eagerEnd))]
        case "turn.resume": return turnStart == nil ? [] : [.segment(segment(wire, sent, belief: 0))]
        case "turn.end":
            // Of no turn under way: it was said before.
            guard turnStart != nil else { return [] }
            var segment = segment(wire, sent, belief: isAsked ? nil : 1 - Self.end)
            segment.isFinal = true
            segment.speechFinal = true
            segment.fromFinalize = isAsked
            turnStart = nil
            lastEnd = sent
            isAsked = false
            return [.segment(segment)]
        case "error": return [.failure(failure(wire))]
        default: return []
        }
    }

    private mutating func open(_ sent: Double) -> Double {
        let start = turnStart ?? max(lastEnd, sent - Self.onset)
        turnStart = start
        return start
    }

    private mutating func segment(_ wire: Wire, _ sent: Double, belief: Double? = nil) -> RecognizedSegment {
        let start = open(sent)
        var segment = RecognizedSegment(
            start: start, duration: max(sent - start, 0), isFinal: false,
            transcript: PlainWords.of(wire.transcript ?? ""),
            confidence: RecognizedSegment.usualConfidence)
        segment.endOfTurn = belief
        return segment
    }

    private func failure(_ wire: Wire) -> SpeechError {
        let code: SpeechError.Code =
            switch wire.status {
            case 401, 402, 403: .unauthorized
            case 429: .overloaded
            case .some(400..<500): .refused
            default: .unavailable
            }
        let words = [wire.title, wire.message].compactMap { $0 }.joined(separator: ": ")
        return SpeechError(
            code, operation: operation, provider: provider, detail: "status \(wire.status ?? 0): \(words)")
    }
}
