import Foundation
import Networking

/// Deepgram's `/v2/speak`: turns, binary audio between the messages that begin and end them.
struct FluxVoiceAPI: EmulatedVoiceAPI {
    private static let parameters: Set<String> = [
        "model", "encoding", "sample_rate", "speed", "expressivity", "tag", "mip_opt_out",
    ]

    func objection(to request: HTTPRequest, _ query: Query, apiKey: String) -> EmulatedRefusal? {
        guard request.path == "/v2/speak" else { return EmulatedRefusal(404, "NOT_FOUND", "no such path") }
        guard request[header: "authorization"] == "Token \(apiKey)" else {
            return EmulatedRefusal(401, "INVALID_AUTH", "Invalid credentials.")
        }
        if let stranger = query.items.first(where: { !Self.parameters.contains($0.name) }) {
            return EmulatedRefusal(400, "Bad Request", "unknown parameter \(stranger.name)")
        }
        guard let model = query["model"], model.hasPrefix("flux-"), model.split(separator: "-").count == 3 else {
            return EmulatedRefusal(400, "Bad Request", "no such model: \(query["model"] ?? "none given")")
        }
        return nil
    }

    func refuse(_ refusal: EmulatedRefusal) -> HTTPResponse {
        var body = JSONText()
        body.raw(#"{"err_code":"#)
        body.string(refusal.code)
        body.raw(#","err_msg":"#)
        body.string(refusal.message)
        body.raw(#","request_id":""#)
        body.raw(Self.requestID)
        body.raw(#""}"#)
        return HTTPResponse(
            status: refusal.status, headers: [("Content-Type", "application/json")], body: body.bytes)
    }

    func format(_ query: Query) -> (encoding: EmulatedSpeech.Encoding, sampleRate: Int)? {
        let encoding: EmulatedSpeech.Encoding
        switch query["encoding"] ?? "linear16" {
        case "linear16": encoding = .linear16
        case "mulaw": encoding = .mulaw
        case "alaw": encoding = .alaw
        default: return nil
        }
        let rates = encoding == .linear16 ? [8000, 16_000, 24_000, 32_000, 44_100, 48_000] : [8000, 16_000]
        let rate = query["sample_rate"].flatMap(Int.init) ?? (encoding == .linear16 ? 24_000 : 8000)
        return rates.contains(rate) ? (encoding, rate) : nil
    }

    private struct Message: Decodable {
        struct Offset: Decodable {
            let type: String
            let value: Int
        }

        let type: String
        let text: String?
        let offset: Offset?

        private enum CodingKeys: String, CodingKey {
            case type, text
            case offset = "playback_offset"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = try container.decode(String.self, forKey: .type)
            switch type {
            case "Speak": try decoder.allowOnly(["type", "text"])
            case "Interrupt": try decoder.allowOnly(["type", "playback_offset"])
            default: try decoder.allowOnly(["type"])
            }
            text = try container.decodeIfPresent(String.self, forKey: .text)
            offset = try container.decodeIfPresent(Offset.self, forKey: .offset)
        }
    }

    func read(_ message: [UInt8]) throws -> EmulatedVoiceOrder {
        let message = try JSONDecoder().decode(Message.self, from: Data(message))
        switch message.type {
        case "Speak":
            guard let text = message.text else { throw EmulatedRefusal(400, "MESSAGE-0000", "text is missing") }
            return .text(text, label: nil)
        case "Flush": return .flush
        case "Interrupt":
            if let offset = message.offset, offset.type != "time_ms" || offset.value < 0 {
                throw EmulatedRefusal(400, "DATA-0000", "playback_offset is of time_ms, and not negative")
            }
            return .cut(offset: message.offset?.value)
        case "Close": return .close
        default: throw EmulatedRefusal(400, "MESSAGE-0000", "no such message: \(message.type)")
        }
    }

    func greeting(_ query: Query) -> [[UInt8]] {
        var text = JSONText()
        text.raw(#"{"type":"Connected","request_id":""#)
        text.raw(Self.requestID)
        text.raw(#"","model_name":"#)
        text.string(query["model"] ?? "")
        text.raw(#","model_version":"2026.06.01","model_uuids":[""#)
        text.raw(Self.requestID)
        text.raw(#""]}"#)
        return [text.bytes]
    }

    func beginning(_ turn: EmulatedTurn) -> [[UInt8]] { [message("SpeechStarted", turn)] }

    func audio(_ chunk: [UInt8], of turn: EmulatedTurn) -> (message: [UInt8], isBinary: Bool) { (chunk, true) }

    func end(_ turn: EmulatedTurn) -> [[UInt8]] {
        var text = JSONText()
        text.raw(#"{"type":"SpeechMetadata","#)
        metadata(turn, &text)
        text.raw("}")
        return [text.bytes, message("Flushed", turn)]
    }

    func cut(_ turn: EmulatedTurn?, session: Int, offset: Int?) -> [[UInt8]] {
        guard let turn else { return [] }
        var text = JSONText()
        text.raw(#"{"type":"SpeechInterrupted","audio_played_ms":"#)
        text.integer(offset ?? session)
        if let offset {
            // A character takes as long as any other.
            let heard = turn.text.count * max(0, offset - turn.begin) / max(turn.length, 1)
            text.raw(#","text_spoken":"#)
            text.string(String(turn.text.prefix(heard)))
            text.raw(#","text_remaining":"#)
            text.string(String(turn.text.dropFirst(heard)))
        }
        text.raw(#","metadata":{"#)
        metadata(turn, &text)
        text.raw("}}")
        return [text.bytes]
    }

    func objection(toCut turn: EmulatedTurn?, session: Int, offset: Int?, last: Int?) -> [UInt8]? {
        if session == 0 { return warning("NO_AUDIO_GENERATED", "the session has produced no audio yet") }
        if turn == nil { return warning("NO_ACTIVE_SPEECH", "no turn is active") }
        if let offset, let last, offset <= last {
            return warning("INVALID_INTERRUPT_OFFSET", "\(offset) does not advance past \(last)")
        }
        return nil
    }

    func failure(_ words: String, isClients: Bool) -> (message: [UInt8], code: UInt16?) {
        var text = JSONText()
        text.raw(#"{"type":"Error","code":"#)
        text.string(isClients ? "MESSAGE-0000" : "NET-0000")
        text.raw(#","description":"#)
        text.string(words)
        text.raw("}")
        return (text.bytes, isClients ? 1008 : 1011)
    }

    func farewell(session: Int, characters: Int) -> [[UInt8]] {
        var text = JSONText()
        text.raw(#"{"type":"SessionMetadata","total_audio_duration_ms":"#)
        text.integer(session)
        text.raw(#","total_input_character_count":"#)
        text.integer(characters)
        text.raw(#","total_billable_character_count":"#)
        text.integer(characters)
        text.raw("}")
        return [text.bytes]
    }

    private func warning(_ code: String, _ words: String) -> [UInt8] {
        var text = JSONText()
        text.raw(#"{"type":"Warning","code":"#)
        text.string(code)
        text.raw(#","description":"#)
        text.string(words)
        text.raw("}")
        return text.bytes
    }

    private func message(_ type: String, _ turn: EmulatedTurn) -> [UInt8] {
        var text = JSONText()
        text.raw(#"{"type":"#)
        text.string(type)
        text.raw(#","speech_id":"#)
        text.string(name(turn))
        text.raw("}")
        return text.bytes
    }

    private func metadata(_ turn: EmulatedTurn, _ text: inout JSONText) {
        text.raw(#""speech_id":"#)
        text.string(name(turn))
        text.raw(#","audio_duration_ms":"#)
        text.integer(turn.sent)
        text.raw(#","input_character_count":"#)
        text.integer(turn.text.count)
        text.raw(#","billable_character_count":"#)
        text.integer(turn.text.count)
        text.raw(
            #","controls_applied":{"pronunciations_applied":0,"breaks_applied":0,"pronunciation_warnings":0}"#)
    }

    private func name(_ turn: EmulatedTurn) -> String {
        let digits = String(turn.number + 1, radix: 16)
        return "dg_sp_" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    private static let requestID: StaticString = "00000000-0000-4000-8000-000000000000"
}
