import Foundation
import Networking

/// Deepgram's messages on `/v2/listen`: turns, whose transcripts grow until they end.
struct FluxDialect: StreamingDialect {
    private let configuration: FluxConfiguration
    /// The turn that has ended last on this connection.
    private var lastEnded = -1

    init(_ configuration: FluxConfiguration) { self.configuration = configuration }

    let provider = FluxConfiguration.provider
    let operation = FluxConfiguration.operation
    let refusals: Set<UInt16> = [1003, 1007, 1008]
    var farewell: String? { #"{"type":"CloseStream"}"# }

    var settings: StreamingSettings {
        var settings = StreamingSettings()
        settings.assembly.finalizeDeadline = configuration.finalizeDeadline
        settings.assembly.settledFinalizeDeadline = .milliseconds(100)
        settings.assembly.answerDeadline = configuration.answerDeadline
        return settings
    }

    mutating func opened() -> [String] {
        lastEnded = -1
        return []
    }

    func finalize(sent: Double) -> StreamingRequest? { #"{"type":"ForceEndTurn"}"# }

    private struct Wire: Decodable {
        let type: String
        let event: String?
        let start: Double?
        let end: Double?
        let transcript: String?
        let words: [RecognizedSegment.Word]?
        let confidence: Double?
        let trigger: String?
        let code: String?
        let description: String?
        let turn: Int?
        /// Of the multilingual model, the most spoken one first.
        let languages: [String]?

        private enum CodingKeys: String, CodingKey {
            case type, event, transcript, words, trigger, code, description, languages
            case turn = "turn_index"
            case start = "audio_window_start"
            case end = "audio_window_end"
            case confidence = "end_of_turn_confidence"
        }
    }

    mutating func read(_ message: Span<UInt8>, sent: Double) throws -> [StreamingReply] {
        let data = unsafe message.withUnsafeBytes { unsafe Data($0) }
        let wire = try JSONDecoder().decode(Wire.self, from: data)
        switch wire.type {
        case "TurnInfo":
            // What comes of a turn after its end was said before.
            if let turn = wire.turn {
                guard turn > lastEnded else { return [] }
                if wire.event == "EndOfTurn" { lastEnded = turn }
            }
            return [.segment(segment(wire))]
        case "Error":
            let code: SpeechError.Code = wire.code == "UNPARSABLE_CLIENT_MESSAGE" ? .refused : .unavailable
            return [
                .failure(
                    SpeechError(
                        code, operation: operation, provider: provider,
                        detail: "\(wire.code ?? "Error"): \(wire.description ?? "no words")"))
            ]
        case "ConfigureFailure", "Warning": return [.complaint(wire.description ?? wire.code ?? "no words")]
        default: return []
        }
    }

    private func segment(_ wire: Wire) -> RecognizedSegment {
        let words = wire.words ?? []
        let start = wire.start ?? 0
        let isEnd = wire.event == "EndOfTurn"
        let sure = words.map(\.confidence).filter(\.isFinite)
        var segment = RecognizedSegment(
            start: start, duration: max((wire.end ?? start) - start, 0), isFinal: isEnd, speechFinal: isEnd,
            fromFinalize: isEnd && wire.trigger == "manual", transcript: wire.transcript ?? "",
            confidence: sure.isEmpty ? 0.9 : sure.reduce(0, +) / Double(sure.count), words: words)
        segment.language = wire.languages?.first
        segment.endOfTurn = isEnd ? max(wire.confidence ?? 1, configuration.endOfTurnThreshold) : wire.confidence
        return segment
    }
}
