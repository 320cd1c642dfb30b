import Foundation
import Networking

/// Soniox in real time on one connection.
struct SonioxAPI: EmulatedListeningAPI {
    let settings: DeepgramEmulatorStream.Settings
    let isALaw = false
    let tellsLanguages = true
    private var isConfigured = false
    private var identifiesLanguage = false

    static func check(_ request: HTTPRequest, _ query: Query, apiKey: String) throws(EmulatedRefusal) {
        guard request.path == "/transcribe-websocket" else { throw EmulatedRefusal(404, "404", "no such path") }
        guard request[header: "authorization"] == "Bearer \(apiKey)" else {
            throw EmulatedRefusal(401, "401", "Incorrect API key provided")
        }
    }

    static func refuse(_ refusal: EmulatedRefusal) -> HTTPResponse {
        HTTPResponse(
            status: refusal.status, headers: [("Content-Type", "application/json")],
            body: failure(refusal.status, refusal.message))
    }

    init(_ query: Query, interimInterval: Duration) {
        var settings = DeepgramEmulatorStream.Settings()
        settings.endpointing = 4000
        settings.interimInterval = Int(interimInterval / .seconds(1) * 8000)
        settings.segmentLength = .max / 2
        settings.silenceLength = .max / 2
        settings.finalizeThreshold = 0
        self.settings = settings
    }

    func greeting() -> [[UInt8]] { [] }

    func take(audio: Span<UInt8>) throws(EmulatedViolation) -> EmulatedListeningCommand {
        guard isConfigured else { throw violation("the first message is the configuration") }
        guard !audio.isEmpty else { return .end }
        return .hear(unsafe audio.withUnsafeBufferPointer { unsafe Array($0) })
    }

    private struct Setup: Decodable {
        let model: String
        let format: String
        let rate: Int
        let channels: Int
        let identifiesLanguage: Bool?
        let delay: Int?

        private enum CodingKeys: String, CodingKey {
            case model
            case format = "audio_format"
            case rate = "sample_rate"
            case channels = "num_channels"
            case identifiesLanguage = "enable_language_identification"
            case delay = "max_endpoint_delay_ms"
        }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly([
                "model", "audio_format", "sample_rate", "num_channels", "language_hints", "language_hints_strict",
                "context", "enable_speaker_diarization", "enable_language_identification", "enable_endpoint_detection",
                "max_endpoint_delay_ms", "endpoint_sensitivity", "endpoint_latency_adjustment_level", "translation",
                "client_reference_id",
            ])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            model = try container.decode(String.self, forKey: .model)
            format = try container.decode(String.self, forKey: .format)
            rate = try container.decode(Int.self, forKey: .rate)
            channels = try container.decode(Int.self, forKey: .channels)
            identifiesLanguage = try container.decodeIfPresent(Bool.self, forKey: .identifiesLanguage)
            delay = try container.decodeIfPresent(Int.self, forKey: .delay)
        }
    }

    private struct Control: Decodable {
        let type: String

        private enum CodingKeys: String, CodingKey { case type }

        init(from decoder: any Decoder) throws {
            type = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .type)
            try decoder.allowOnly(["type"])
        }
    }

    mutating func take(text: Span<UInt8>) throws -> EmulatedListeningCommand {
        if text.isEmpty { return .end }
        let data = unsafe text.withUnsafeBytes { unsafe Data($0) }
        guard isConfigured else {
            let setup = try JSONDecoder().decode(Setup.self, from: data)
            guard setup.model.hasPrefix("stt-rt-") else { throw violation("no such model: \(setup.model)") }
            guard setup.format == "mulaw", setup.rate == 8000, setup.channels == 1 else {
                throw violation("the emulator hears one channel of mulaw at 8000 Hz only")
            }
            if let delay = setup.delay, !(500...3000).contains(delay) {
                throw violation("max_endpoint_delay_ms is 500 to 3000")
            }
            isConfigured = true
            identifiesLanguage = setup.identifiesLanguage ?? false
            return .nothing
        }
        switch try JSONDecoder().decode(Control.self, from: data).type {
        case "finalize": return .finalize
        case "keepalive": return .nothing
        case let other: throw violation("unknown message type \(other)")
        }
    }

    /// Tokens are pieces of words. The last piece of a final result comes by itself, with the mark.
    func messages(for result: DeepgramEmulatorStream.Result) -> [[UInt8]] {
        let language = identifiesLanguage ? result.language ?? "en" : nil
        var tokens: [Token] = []
        for (index, word) in result.words.enumerated() {
            let half = word.text.count > 3 ? word.text.count / 2 : word.text.count
            let middle = word.text.count > 3 ? (word.start + word.end) / 2 : word.end
            let space = index == 0 && result.start == 0 ? "" : " "
            tokens.append(Token(text: space + word.text.prefix(half), start: word.start, end: middle))
            if half < word.text.count {
                tokens.append(Token(text: String(word.text.dropFirst(half)), start: middle, end: word.end))
            }
        }
        guard result.isFinal else {
            return [message(tokens[...], isFinal: false, language, final: result.start, processed: result.end)]
        }
        var messages: [[UInt8]] = []
        if let last = tokens.dropLast().last {
            messages.append(
                message(tokens.dropLast(), isFinal: true, language, final: last.end, processed: result.end))
        }
        let mark = result.fromFinalize ? "<fin>" : result.speechFinal ? "<end>" : nil
        messages.append(
            message(tokens.suffix(1), isFinal: true, language, mark: mark, final: result.end, processed: result.end))
        return messages
    }

    private func message(
        _ tokens: ArraySlice<Token>, isFinal: Bool, _ language: String?, mark: String? = nil, final: Int, processed: Int
    ) -> [UInt8] {
        var text = JSONText()
        text.raw(#"{"tokens":["#)
        for (index, token) in tokens.enumerated() {
            if index > 0 { text.raw(",") }
            text.raw(#"{"text":"#)
            text.string(token.text)
            text.raw(#","start_ms":"#)
            text.integer(token.start / 8)
            text.raw(#","end_ms":"#)
            text.integer(token.end / 8)
            text.raw(#","confidence":0.970,"is_final":"#)
            text.bool(isFinal)
            if let language {
                text.raw(#","language":"#)
                text.string(language)
            }
            text.raw("}")
        }
        if let mark {
            if !tokens.isEmpty { text.raw(",") }
            text.raw(#"{"text":"#)
            text.string(mark)
            text.raw(#","confidence":1.0,"is_final":true}"#)
        }
        text.raw(#"],"final_audio_proc_ms":"#)
        text.integer(final / 8)
        text.raw(#","total_audio_proc_ms":"#)
        text.integer(processed / 8)
        text.raw("}")
        return text.bytes
    }

    private struct Token {
        var text: String
        var start: Int
        var end: Int
    }

    func farewell(samples: Int) -> [[UInt8]] {
        var text = JSONText()
        text.raw(#"{"tokens":[],"final_audio_proc_ms":"#)
        text.integer(samples / 8)
        text.raw(#","total_audio_proc_ms":"#)
        text.integer(samples / 8)
        text.raw(#","finished":true}"#)
        return [text.bytes]
    }

    func violation(_ words: String) -> EmulatedViolation {
        EmulatedViolation(message: Self.failure(400, words), closeCode: 1003, reason: "bad message")
    }

    private static func failure(_ status: Int, _ words: String) -> [UInt8] {
        var text = JSONText()
        text.raw(#"{"tokens":[],"error_code":"#)
        text.integer(status)
        text.raw(#","error_message":"#)
        text.string(words)
        text.raw("}")
        return text.bytes
    }
}
