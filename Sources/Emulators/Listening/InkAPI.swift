import Foundation
import Networking

/// Cartesia's Ink on one connection of `/stt/turns/websocket`.
struct InkAPI: EmulatedListeningAPI {
    private static let requestID = "00000000-0000-4000-8000-000000000000"
    private static let parameters: Set<String> = [
        "model", "encoding", "sample_rate", "keyterm", "turn_start_threshold", "turn_eager_end_threshold",
        "turn_end_threshold", "turn_end_timeout_ms",
    ]

    let settings: DeepgramEmulatorStream.Settings
    let isALaw: Bool
    private var isInTurn = false

    static func check(_ request: HTTPRequest, _ query: Query, apiKey: String) throws(EmulatedRefusal) {
        guard request.path == "/stt/turns/websocket" else { throw EmulatedRefusal(404, "not_found", "no such path") }
        guard request[header: "authorization"] == "Bearer \(apiKey)" else {
            throw EmulatedRefusal(401, "unauthorized", "Invalid API key")
        }
        guard request[header: "cartesia-version"]?.hasPrefix("2026-") == true else {
            throw EmulatedRefusal(400, "invalid_version", "a Cartesia-Version of 2026 is wanted")
        }
        if let stranger = query.items.first(where: { !parameters.contains($0.name) }) {
            throw EmulatedRefusal(400, "invalid_parameter", "unknown parameter \(stranger.name)")
        }
        guard query["model"] == "ink-2" else {
            throw EmulatedRefusal(400, "model_not_found", "no such model: \(query["model"] ?? "none given")")
        }
        guard ["pcm_mulaw", "pcm_alaw"].contains(query["encoding"] ?? "") else {
            throw EmulatedRefusal(400, "invalid_parameter", "the emulator hears pcm_mulaw and pcm_alaw only")
        }
        guard let rate = query["sample_rate"].flatMap(Int.init), (8000...48_000).contains(rate) else {
            throw EmulatedRefusal(400, "invalid_parameter", "sample_rate is missing")
        }
        let bounds = [
            ("turn_start_threshold", 0.5...0.9), ("turn_eager_end_threshold", 0.3...0.6),
            ("turn_end_threshold", 0.05...0.5), ("turn_end_timeout_ms", 640.0...11_200),
        ]
        for (name, range) in bounds {
            guard let text = query[name] else { continue }
            guard let value = Double(text), range.contains(value) else {
                throw EmulatedRefusal(400, "invalid_parameter", "\(name) is \(range.lowerBound) to \(range.upperBound)")
            }
        }
        let terms = query.items.filter { $0.name == "keyterm" }
        guard terms.count <= 100, terms.reduce(0, { $0 + $1.value.count }) <= 1200 else {
            throw EmulatedRefusal(400, "invalid_parameter", "at most 100 keyterms of 1200 characters together")
        }
    }

    static func refuse(_ refusal: EmulatedRefusal) -> HTTPResponse {
        HTTPResponse(
            status: refusal.status, headers: [("Content-Type", "application/json")],
            body: failure(refusal.status, refusal.code, refusal.message))
    }

    init(_ query: Query, interimInterval: Duration) {
        var settings = DeepgramEmulatorStream.Settings()
        let rate = query["sample_rate"].flatMap(Int.init) ?? 8000
        settings.sampleRate = rate
        settings.endpointing = rate * 3 / 10
        settings.interimInterval = Int(interimInterval / .seconds(1) * Double(rate))
        settings.segmentLength = .max / 2
        settings.silenceLength = .max / 2
        self.settings = settings
        isALaw = query["encoding"] == "pcm_alaw"
    }

    func greeting() -> [[UInt8]] { [event("connected", nil)] }

    func take(audio: Span<UInt8>) throws(EmulatedViolation) -> EmulatedListeningCommand {
        .hear(unsafe audio.withUnsafeBufferPointer { unsafe Array($0) })
    }

    private struct Control: Decodable {
        let type: String

        private enum CodingKeys: String, CodingKey { case type, turn }
        private enum TurnKeys: String, CodingKey {
            case start = "start_threshold"
            case eager = "eager_end_threshold"
            case end = "end_threshold"
            case timeout = "end_timeout_ms"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = try container.decode(String.self, forKey: .type)
            switch type {
            case "close": try decoder.allowOnly(["type"])
            case "config":
                try decoder.allowOnly(["type", "turn"])
                let turn = try container.nestedContainer(keyedBy: TurnKeys.self, forKey: .turn)
                for key in turn.allKeys { _ = try turn.decode(Double.self, forKey: key) }
            default:
                throw DecodingError.dataCorrupted(
                    .init(codingPath: [], debugDescription: "unknown message type \(type)"))
            }
        }
    }

    func take(text: Span<UInt8>) throws -> EmulatedListeningCommand {
        let data = unsafe text.withUnsafeBytes { unsafe Data($0) }
        return try JSONDecoder().decode(Control.self, from: data).type == "close" ? .end : .nothing
    }

    mutating func messages(for result: DeepgramEmulatorStream.Result) -> [[UInt8]] {
        let words = result.words.map(\.text).joined(separator: " ")
        var messages: [[UInt8]] = []
        if !isInTurn {
            isInTurn = true
            messages.append(event("turn.start", nil))
        }
        guard result.isFinal else { return messages + [event("turn.update", words)] }
        isInTurn = false
        return messages + [event("turn.eager_end", words), event("turn.end", words)]
    }

    private func event(_ type: StaticString, _ transcript: String?) -> [UInt8] {
        var text = JSONText()
        text.raw(#"{"type":""#)
        text.raw(type)
        text.raw(#"","request_id":"#)
        text.string(Self.requestID)
        if let transcript {
            text.raw(#","transcript":"#)
            text.string(transcript)
        }
        text.raw("}")
        return text.bytes
    }

    func farewell(samples: Int) -> [[UInt8]] { [] }

    func violation(_ words: String) -> EmulatedViolation {
        EmulatedViolation(message: Self.failure(400, "invalid_message", words), closeCode: 1003, reason: "bad message")
    }

    private static func failure(_ status: Int, _ code: String, _ words: String) -> [UInt8] {
        var text = JSONText()
        text.raw(#"{"type":"error","title":"Refused","status_code":"#)
        text.integer(status)
        text.raw(#","error_code":"#)
        text.string(code)
        text.raw(#","message":"#)
        text.string(words)
        text.raw(#","request_id":"#)
        text.string(requestID)
        text.raw("}")
        return text.bytes
    }
}
