import Foundation
import Networking

/// AssemblyAI's Universal-Streaming on one connection.
struct AssemblyAIAPI: EmulatedListeningAPI {
    private static let parameters: Set<String> = [
        "sample_rate", "encoding", "speech_model", "format_turns", "keyterms_prompt",
        "end_of_turn_confidence_threshold",
        "min_turn_silence", "min_end_of_turn_silence_when_confident", "max_turn_silence", "vad_threshold",
        "inactivity_timeout", "language_code", "language_detection", "filter_profanity", "mode", "token",
    ]

    let settings: DeepgramEmulatorStream.Settings
    let isALaw = false
    private var turn = 0

    static func check(_ request: HTTPRequest, _ query: Query, apiKey: String) throws(EmulatedRefusal) {
        guard request.path == "/v3/ws" else { throw EmulatedRefusal(404, "not_found", "no such path") }
        guard request[header: "authorization"] == apiKey else {
            throw EmulatedRefusal(401, "unauthorized", "Not authorized")
        }
        if let stranger = query.items.first(where: { !parameters.contains($0.name) }) {
            throw EmulatedRefusal(400, "bad_request", "unknown parameter \(stranger.name)")
        }
        guard query["encoding"] == "pcm_mulaw" else {
            throw EmulatedRefusal(400, "bad_request", "the emulator hears pcm_mulaw only")
        }
        guard let rate = query["sample_rate"].flatMap(Int.init), (8000...48_000).contains(rate) else {
            throw EmulatedRefusal(400, "bad_request", "sample_rate is missing")
        }
        if let terms = query["keyterms_prompt"],
            (try? JSONDecoder().decode([String].self, from: Data(terms.utf8))) == nil
        {
            throw EmulatedRefusal(400, "bad_request", "keyterms_prompt is a JSON array of texts")
        }
    }

    static func refuse(_ refusal: EmulatedRefusal) -> HTTPResponse {
        var body = JSONText()
        body.raw(#"{"error":"#)
        body.string(refusal.message)
        body.raw("}")
        return HTTPResponse(
            status: refusal.status, headers: [("Content-Type", "application/json")], body: body.bytes)
    }

    init(_ query: Query, interimInterval: Duration) {
        var settings = DeepgramEmulatorStream.Settings()
        let rate = query["sample_rate"].flatMap(Int.init) ?? 8000
        settings.sampleRate = rate
        settings.endpointing = rate * 4 / 10
        settings.interimInterval = Int(interimInterval / .seconds(1) * Double(rate))
        settings.segmentLength = .max / 2
        settings.silenceLength = .max / 2
        settings.finalizeThreshold = .max / 2
        self.settings = settings
    }

    func greeting() -> [[UInt8]] {
        [
            Array(
                #"{"type":"Begin","id":"00000000-0000-4000-8000-000000000000","expires_at":1795424065}"#.utf8)
        ]
    }

    func take(audio: Span<UInt8>) throws(EmulatedViolation) -> EmulatedListeningCommand {
        let milliseconds = audio.count * 1000 / settings.sampleRate
        guard (50...1000).contains(milliseconds) else {
            throw failure(3007, "Input Duration Error: audio chunk of \(milliseconds) ms; between 50 and 1000 ms")
        }
        return .hear(unsafe audio.withUnsafeBufferPointer { unsafe Array($0) })
    }

    private struct Control: Decodable {
        let type: String

        private enum CodingKeys: String, CodingKey { case type }

        init(from decoder: any Decoder) throws {
            type = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .type)
            switch type {
            case "ForceEndpoint", "KeepAlive", "Terminate": try decoder.allowOnly(["type"])
            case "UpdateConfiguration": break
            default:
                throw DecodingError.dataCorrupted(
                    .init(codingPath: [], debugDescription: "unknown message type \(type)"))
            }
        }
    }

    func take(text: Span<UInt8>) throws -> EmulatedListeningCommand {
        let data = unsafe text.withUnsafeBytes { unsafe Data($0) }
        switch try JSONDecoder().decode(Control.self, from: data).type {
        case "ForceEndpoint": return .finalize
        case "Terminate": return .end
        default: return .nothing
        }
    }

    mutating func messages(for result: DeepgramEmulatorStream.Result) -> [[UInt8]] {
        let rate = settings.sampleRate
        let milliseconds = { (samples: Int) in samples * 1000 / rate }
        let whole = result.words.map(\.text).joined(separator: " ")
        var text = JSONText()
        text.raw(#"{"type":"Turn","turn_order":"#)
        text.integer(turn)
        text.raw(#","turn_is_formatted":false,"end_of_turn":"#)
        text.bool(result.isFinal)
        // Words are final one by one; the last one of a turn under way is not.
        let finalCount = result.isFinal ? result.words.count : max(result.words.count - 1, 0)
        text.raw(#","transcript":"#)
        text.string(result.isFinal ? whole : result.words.prefix(finalCount).map(\.text).joined(separator: " "))
        text.raw(#","utterance":"#)
        text.string(result.isFinal ? whole : "")
        text.raw(#","end_of_turn_confidence":"#)
        text.thousandths(result.isFinal ? 900 : 10)
        text.raw(#","words":["#)
        for (index, word) in result.words.enumerated() {
            if index > 0 { text.raw(",") }
            text.raw(#"{"text":"#)
            text.string(word.text)
            text.raw(#","start":"#)
            text.integer(milliseconds(word.start))
            text.raw(#","end":"#)
            text.integer(milliseconds(word.end))
            text.raw(#","confidence":0.970,"word_is_final":"#)
            text.bool(index < finalCount)
            text.raw("}")
        }
        text.raw("]}")
        if result.isFinal { turn += 1 }
        return [text.bytes]
    }

    func farewell(samples: Int) -> [[UInt8]] {
        let seconds = samples / settings.sampleRate
        var text = JSONText()
        text.raw(#"{"type":"Termination","audio_duration_seconds":"#)
        text.integer(seconds)
        text.raw(#","session_duration_seconds":"#)
        text.integer(seconds)
        text.raw("}")
        return [text.bytes]
    }

    func violation(_ words: String) -> EmulatedViolation { failure(3006, "Invalid Message: \(words)") }

    private func failure(_ code: UInt16, _ words: String) -> EmulatedViolation {
        var text = JSONText()
        text.raw(#"{"type":"Error","error_code":"#)
        text.integer(Int(code))
        text.raw(#","error":"#)
        text.string(words)
        text.raw("}")
        return EmulatedViolation(message: text.bytes, closeCode: code, reason: String(words.prefix(100)))
    }
}
