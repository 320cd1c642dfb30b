import Foundation
import Networking

/// Rime's `/ws3`: labels on one queue, audio as base64.
struct RimeAPI: EmulatedVoiceAPI {
    private static let parameters: Set<String> = [
        "speaker", "modelId", "audioFormat", "samplingRate", "segment", "lang", "speedAlpha", "timeScaleFactor",
        "repetition_penalty", "temperature", "top_p", "reduceLatency", "pauseBetweenBrackets",
        "phonemizeBetweenBrackets", "noTextNormalization", "saveOovs", "inlineSpeedAlpha",
    ]

    func objection(to request: HTTPRequest, _ query: Query, apiKey: String) -> EmulatedRefusal? {
        guard request.path == "/ws3" else { return EmulatedRefusal(404, "NOT_FOUND", "no such path") }
        guard request[header: "authorization"] == "Bearer \(apiKey)" else {
            return EmulatedRefusal(401, "UNAUTHORIZED", "invalid API key")
        }
        if let stranger = query.items.first(where: { !Self.parameters.contains($0.name) }) {
            return EmulatedRefusal(400, "BAD_REQUEST", "unknown parameter \(stranger.name)")
        }
        guard query["speaker"]?.isEmpty == false else { return EmulatedRefusal(400, "BAD_REQUEST", "no speaker") }
        guard let model = query["modelId"], ["coda", "arcana", "mist"].contains(where: { model.hasPrefix($0) }) else {
            return EmulatedRefusal(400, "BAD_REQUEST", "no such model: \(query["modelId"] ?? "none given")")
        }
        // Without it a text is spoken sentence by sentence, each with an end of its own; only this is emulated.
        guard query["segment"] == "never" else {
            return EmulatedRefusal(400, "BAD_REQUEST", "the emulator knows segment=never only")
        }
        if let language = query["lang"], language.count != 3 {
            return EmulatedRefusal(400, "BAD_REQUEST", "lang has three letters: eng, spa")
        }
        return nil
    }

    func refuse(_ refusal: EmulatedRefusal) -> HTTPResponse {
        var body = JSONText()
        body.raw(#"{"error":"#)
        body.string(refusal.message)
        body.raw("}")
        return HTTPResponse(
            status: refusal.status, headers: [("Content-Type", "application/json")], body: body.bytes)
    }

    func format(_ query: Query) -> (encoding: EmulatedSpeech.Encoding, sampleRate: Int)? {
        guard let rate = query["samplingRate"].flatMap(Int.init), (4000...48_000).contains(rate) else { return nil }
        switch query["audioFormat"] {
        case "mulaw": return rate == 8000 ? (.mulaw, rate) : nil
        case "pcm": return (.linear16, rate)
        default: return nil
        }
    }

    private struct Message: Decodable {
        let text: String?
        let context: String?
        let operation: String?

        private enum CodingKeys: String, CodingKey {
            case text, operation
            case context = "contextId"
        }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(["text", "contextId", "operation"])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            text = try container.decodeIfPresent(String.self, forKey: .text)
            context = try container.decodeIfPresent(String.self, forKey: .context)
            operation = try container.decodeIfPresent(String.self, forKey: .operation)
        }
    }

    func read(_ message: [UInt8]) throws -> EmulatedVoiceOrder {
        let message = try JSONDecoder().decode(Message.self, from: Data(message))
        switch (message.operation, message.text) {
        case (nil, let text?): return .text(text, label: message.context)
        case ("flush", nil): return .flush
        case ("clear", nil): return .cut(offset: nil)
        case ("eos", nil): return .close
        default: throw EmulatedRefusal(400, "BAD_REQUEST", "a text, or one of the operations flush, clear and eos")
        }
    }

    func greeting(_ query: Query) -> [[UInt8]] { [] }

    func beginning(_ turn: EmulatedTurn) -> [[UInt8]] { [] }

    func audio(_ chunk: [UInt8], of turn: EmulatedTurn) -> (message: [UInt8], isBinary: Bool) {
        var text = JSONText(reserving: chunk.count * 4 / 3 + 128)
        text.raw(#"{"type":"chunk","data":""#)
        text.raw(Data(chunk).base64EncodedData())
        text.raw(#"","contextId":"#)
        label(turn, &text)
        text.raw("}")
        return (text.bytes, false)
    }

    func end(_ turn: EmulatedTurn) -> [[UInt8]] {
        let words = turn.text.split(separator: " ").map(String.init)
        let length = words.isEmpty ? 0 : turn.sent / words.count
        var times = JSONText()
        times.raw(#"{"type":"timestamps","word_timestamps":{"words":["#)
        list(words) {
            times.string($0)
        } between: {
            times.raw(",")
        }
        times.raw(#"],"start":["#)
        list(Array(words.indices)) {
            times.thousandths($0 * length)
        } between: {
            times.raw(",")
        }
        times.raw(#"],"end":["#)
        list(Array(words.indices)) {
            times.thousandths(($0 + 1) * length)
        } between: {
            times.raw(",")
        }
        times.raw(#"]},"contextId":"#)
        label(turn, &times)
        times.raw("}")
        var done = JSONText()
        done.raw(#"{"type":"done","done":true,"contextId":"#)
        label(turn, &done)
        done.raw("}")
        return [times.bytes, done.bytes]
    }

    private func list<Element>(_ elements: [Element], _ write: (Element) -> Void, between: () -> Void) {
        for (index, element) in elements.enumerated() {
            if index > 0 { between() }
            write(element)
        }
    }

    private func label(_ turn: EmulatedTurn, _ text: inout JSONText) {
        if let label = turn.label { text.string(label) } else { text.raw("null") }
    }

    /// What is cleared is gone without a word.
    func cut(_ turn: EmulatedTurn?, session: Int, offset: Int?) -> [[UInt8]] { [] }

    func objection(toCut turn: EmulatedTurn?, session: Int, offset: Int?, last: Int?) -> [UInt8]? { nil }

    func failure(_ words: String, isClients: Bool) -> (message: [UInt8], code: UInt16?) {
        var text = JSONText()
        text.raw(#"{"type":"error","message":"#)
        text.string(words)
        text.raw("}")
        return (text.bytes, nil)
    }

    func farewell(session: Int, characters: Int) -> [[UInt8]] { [] }
}
