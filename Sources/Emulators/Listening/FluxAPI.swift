import Foundation
import Networking

/// Deepgram's Flux on one connection.
struct FluxAPI: EmulatedListeningAPI {
    private static let requestID = "00000000-0000-4000-8000-000000000000"
    private static let parameters: Set<String> = [
        "model", "encoding", "sample_rate", "eot_threshold", "eager_eot_threshold", "eot_timeout_ms", "keyterm",
        "language_hint", "profanity_filter", "numerals", "redact", "tag", "mip_opt_out",
    ]

    let settings: DeepgramEmulatorStream.Settings
    let isALaw: Bool
    let tellsLanguages: Bool
    private var sequence = 0
    private var turn = 0
    private var isInTurn = false

    static func check(_ request: HTTPRequest, _ query: Query, apiKey: String) throws(EmulatedRefusal) {
        guard request.path == "/v2/listen" else { throw EmulatedRefusal(404, "NOT_FOUND", "no such path") }
        guard request[header: "authorization"] == "Token \(apiKey)" else {
            throw EmulatedRefusal(401, "INVALID_AUTH", "Invalid credentials.")
        }
        if let stranger = query.items.first(where: { !parameters.contains($0.name) }) {
            throw EmulatedRefusal(400, "Bad Request", "unknown parameter \(stranger.name)")
        }
        guard let model = query["model"], model.hasPrefix("flux-general-") else {
            throw EmulatedRefusal(400, "Bad Request", "no such model: \(query["model"] ?? "none given")")
        }
        guard ["mulaw", "alaw"].contains(query["encoding"] ?? "") else {
            throw EmulatedRefusal(400, "Bad Request", "the emulator hears mulaw and alaw only")
        }
        guard let rate = query["sample_rate"].flatMap(Int.init), (8000...48_000).contains(rate) else {
            throw EmulatedRefusal(400, "Bad Request", "raw audio needs a sample_rate")
        }
        if query["language_hint"] != nil, !model.hasSuffix("-multi") {
            throw EmulatedRefusal(400, "Bad Request", "language_hint needs a multilingual model")
        }
        if let text = query["eot_threshold"], Double(text).map({ (0.5...1).contains($0) }) != true {
            throw EmulatedRefusal(400, "Bad Request", "eot_threshold is 0.5 to 1")
        }
    }

    static func refuse(_ refusal: EmulatedRefusal) -> HTTPResponse {
        var body = JSONText()
        body.raw(#"{"err_code":"#)
        body.string(refusal.code)
        body.raw(#","err_msg":"#)
        body.string(refusal.message)
        body.raw(#","request_id":"#)
        body.string(requestID)
        body.raw("}")
        return HTTPResponse(
            status: refusal.status, headers: [("Content-Type", "application/json"), ("dg-error", refusal.message)],
            body: body.bytes)
    }

    init(_ query: Query, interimInterval: Duration) {
        var settings = DeepgramEmulatorStream.Settings()
        let rate = query["sample_rate"].flatMap(Int.init) ?? 8000
        settings.sampleRate = rate
        settings.endpointing = rate * 3 / 10
        settings.interimInterval = Int(interimInterval / .seconds(1) * Double(rate))
        // A turn has no segments, and silence no result.
        settings.segmentLength = .max / 2
        settings.silenceLength = .max / 2
        settings.finalizeThreshold = .max / 2
        self.settings = settings
        tellsLanguages = query["model"]?.hasSuffix("-multi") == true
        isALaw = query["encoding"] == "alaw"
    }

    mutating func greeting() -> [[UInt8]] { [message("Connected") { _ in }] }

    func take(audio: Span<UInt8>) throws(EmulatedViolation) -> EmulatedListeningCommand {
        audio.isEmpty ? .end : .hear(unsafe audio.withUnsafeBufferPointer { unsafe Array($0) })
    }

    private struct Control: Decodable {
        let type: String

        private enum CodingKeys: String, CodingKey { case type }

        init(from decoder: any Decoder) throws {
            type = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .type)
            switch type {
            case "CloseStream", "ForceEndTurn": try decoder.allowOnly(["type"])
            case "Configure": try decoder.allowOnly(["type", "thresholds", "keyterms", "language_hints"])
            default:
                throw DecodingError.dataCorrupted(
                    .init(codingPath: [], debugDescription: "unknown message type \(type)"))
            }
        }
    }

    mutating func take(text: Span<UInt8>) throws -> EmulatedListeningCommand {
        let data = unsafe text.withUnsafeBytes { unsafe Data($0) }
        switch try JSONDecoder().decode(Control.self, from: data).type {
        case "CloseStream": return .end
        case "ForceEndTurn": return .finalize
        default: return .say([message("ConfigureSuccess") { $0.raw(#","thresholds":{},"keyterms":[]"#) }])
        }
    }

    mutating func messages(for result: DeepgramEmulatorStream.Result) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        if !isInTurn {
            isInTurn = true
            messages.append(info("StartOfTurn", result, confidence: 10, trigger: nil))
        }
        guard result.isFinal else { return messages + [info("Update", result, confidence: 100, trigger: nil)] }
        messages.append(
            info("EndOfTurn", result, confidence: 900, trigger: result.fromFinalize ? "manual" : "model"))
        turn += 1
        isInTurn = false
        return messages
    }

    private mutating func info(
        _ event: StaticString, _ result: DeepgramEmulatorStream.Result, confidence: Int, trigger: String?
    ) -> [UInt8] {
        let (turn, rate) = (turn, settings.sampleRate)
        return message("TurnInfo") { text in
            text.raw(#","event":""#)
            text.raw(event)
            text.raw(#"","turn_index":"#)
            text.integer(turn)
            text.raw(#","audio_window_start":"#)
            text.thousandths(result.start * 1000 / rate)
            text.raw(#","audio_window_end":"#)
            text.thousandths(result.end * 1000 / rate)
            text.raw(#","transcript":"#)
            text.string(result.words.map(\.text).joined(separator: " "))
            text.raw(#","words":["#)
            for (index, word) in result.words.enumerated() {
                if index > 0 { text.raw(",") }
                text.raw(#"{"word":"#)
                text.string(word.text)
                text.raw(#","confidence":0.970,"start":"#)
                text.thousandths(word.start * 1000 / rate)
                text.raw(#","end":"#)
                text.thousandths(word.end * 1000 / rate)
                text.raw("}")
            }
            text.raw(#"],"end_of_turn_confidence":"#)
            text.thousandths(confidence)
            if let language = result.language {
                text.raw(#","languages":["#)
                text.string(language)
                text.raw("]")
            }
            if let trigger {
                text.raw(#","trigger":"#)
                text.string(trigger)
            }
        }
    }

    private mutating func message(_ type: StaticString, _ body: (inout JSONText) -> Void) -> [UInt8] {
        var text = JSONText()
        text.raw(#"{"type":""#)
        text.raw(type)
        text.raw(#"","request_id":"#)
        text.string(Self.requestID)
        text.raw(#","sequence_id":"#)
        text.integer(sequence)
        sequence += 1
        body(&text)
        text.raw("}")
        return text.bytes
    }

    func farewell(samples: Int) -> [[UInt8]] { [] }

    func violation(_ words: String) -> EmulatedViolation {
        var text = JSONText()
        text.raw(#"{"type":"Error","sequence_id":0,"code":"UNPARSABLE_CLIENT_MESSAGE","description":"#)
        text.string(words)
        text.raw("}")
        return EmulatedViolation(message: text.bytes, closeCode: 1008, reason: "DATA-0000")
    }
}
