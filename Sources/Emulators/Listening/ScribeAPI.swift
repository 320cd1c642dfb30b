import Foundation
import Networking

/// ElevenLabs' Scribe on one connection, with the client's own commits.
struct ScribeAPI: EmulatedListeningAPI {
    private static let booleans: Set<String> = [
        "include_timestamps", "include_language_detection", "no_verbatim", "enable_logging", "filter_background_audio",
    ]
    private static let parameters = booleans.union([
        "model_id", "audio_format", "commit_strategy", "language_code", "secondary_languages", "keyterms",
        "vad_silence_threshold_secs", "vad_threshold", "min_speech_duration_ms", "min_silence_duration_ms",
        "entity_detection", "entity_redaction", "entity_redaction_mode", "transcript_edit", "token",
    ])

    let settings: DeepgramEmulatorStream.Settings
    let isALaw = false
    let tellsLanguages: Bool
    private let language: String
    private let tellsTimes: Bool
    private var uncommitted = 0
    private var hasAudio = false

    static func check(_ request: HTTPRequest, _ query: Query, apiKey: String) throws(EmulatedRefusal) {
        guard request.path == "/v1/speech-to-text/realtime" else {
            throw EmulatedRefusal(404, "not_found", "no such path")
        }
        guard request[header: "xi-api-key"] == apiKey else {
            throw EmulatedRefusal(401, "invalid_api_key", "Invalid API key")
        }
        if let stranger = query.items.first(where: { !parameters.contains($0.name) }) {
            throw EmulatedRefusal(400, "invalid_parameters", "unknown parameter \(stranger.name)")
        }
        for (name, value) in query.items where booleans.contains(name) && value != "true" && value != "false" {
            throw EmulatedRefusal(400, "invalid_parameters", "\(name) must be true or false")
        }
        guard query["model_id"]?.hasPrefix("scribe_") == true else {
            throw EmulatedRefusal(400, "invalid_parameters", "no such model: \(query["model_id"] ?? "none given")")
        }
        guard query["audio_format"] == "ulaw_8000" else {
            throw EmulatedRefusal(400, "invalid_parameters", "the emulator hears ulaw_8000 only")
        }
        guard query["commit_strategy"] == "manual" else {
            throw EmulatedRefusal(400, "invalid_parameters", "the emulator knows manual commits only")
        }
        let terms = query.items.filter { $0.name == "keyterms" }
        guard terms.count <= 50, terms.allSatisfy({ (1...20).contains($0.value.count) }) else {
            throw EmulatedRefusal(400, "invalid_parameters", "at most 50 keyterms of 20 characters")
        }
    }

    static func refuse(_ refusal: EmulatedRefusal) -> HTTPResponse {
        var body = JSONText()
        body.raw(#"{"detail":{"status":"#)
        body.string(refusal.code)
        body.raw(#","message":"#)
        body.string(refusal.message)
        body.raw("}}")
        return HTTPResponse(
            status: refusal.status, headers: [("Content-Type", "application/json")], body: body.bytes)
    }

    init(_ query: Query, interimInterval: Duration) {
        var settings = DeepgramEmulatorStream.Settings()
        settings.endpointing = nil
        settings.interimInterval = Int(interimInterval / .seconds(1) * 8000)
        settings.segmentLength = .max / 2
        settings.silenceLength = .max / 2
        settings.finalizeThreshold = 0
        self.settings = settings
        language = query["language_code"] ?? "en"
        tellsLanguages = query["language_code"] == nil
        tellsTimes = query["include_timestamps"] == "true"
    }

    func greeting() -> [[UInt8]] {
        var text = JSONText()
        text.raw(
            #"{"message_type":"session_started","session_id":"0123456789abcdef","config":{"sample_rate":8000,"audio_format":"ulaw_8000","commit_strategy":"manual","include_timestamps":"#
        )
        text.bool(tellsTimes)
        text.raw("}}")
        return [text.bytes]
    }

    func take(audio: Span<UInt8>) throws(EmulatedViolation) -> EmulatedListeningCommand {
        throw failure("input_error", "binary messages are not understood", closing: 1003)
    }

    private struct Chunk: Decodable {
        let type: String
        let audio: String
        let isLast: Bool
        let rate: Int
        let previous: String?

        private enum CodingKeys: String, CodingKey {
            case type = "message_type"
            case audio = "audio_base_64"
            case isLast = "commit"
            case rate = "sample_rate"
            case previous = "previous_text"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = try container.decode(String.self, forKey: .type)
            audio = try container.decode(String.self, forKey: .audio)
            isLast = try container.decode(Bool.self, forKey: .isLast)
            rate = try container.decode(Int.self, forKey: .rate)
            previous = try container.decodeIfPresent(String.self, forKey: .previous)
            try decoder.allowOnly(["message_type", "audio_base_64", "commit", "sample_rate", "previous_text"])
        }
    }

    mutating func take(text: Span<UInt8>) throws -> EmulatedListeningCommand {
        let data = unsafe text.withUnsafeBytes { unsafe Data($0) }
        let chunk = try JSONDecoder().decode(Chunk.self, from: data)
        guard chunk.type == "input_audio_chunk" else { throw violation("unknown message type \(chunk.type)") }
        guard chunk.rate == 8000 else { throw violation("sample_rate is not that of audio_format") }
        guard let audio = Data(base64Encoded: chunk.audio) else { throw violation("audio is not base64") }
        if chunk.previous != nil, hasAudio { throw violation("previous_text comes with the first chunk") }
        if chunk.isLast {
            guard audio.isEmpty else { throw violation("the emulator wants commits without audio") }
            guard uncommitted > 0 else {
                throw failure("commit_throttled", "there is nothing to commit", closing: nil)
            }
            uncommitted = 0
            return .finalize
        }
        guard audio.count <= 1 << 20 else { throw failure("chunk_size_exceeded", "too much at a time", closing: 1008) }
        hasAudio = true
        uncommitted += audio.count
        return .hear(Array(audio))
    }

    func messages(for result: DeepgramEmulatorStream.Result) -> [[UInt8]] {
        let words = result.words.map(\.text).joined(separator: " ")
        guard result.isFinal else { return [message("partial_transcript", words) { _ in }] }
        let committed = message("committed_transcript", words) { _ in }
        guard tellsTimes else { return [committed] }
        return [
            committed,
            message("committed_transcript_with_timestamps", words) { text in
                text.raw(#","language_code":"#)
                text.string(result.language ?? language)
                text.raw(#","words":["#)
                for (index, word) in result.words.enumerated() {
                    if index > 0 {
                        let before = result.words[index - 1].end
                        text.raw(",")
                        Self.word(" ", before, word.start, "spacing", &text)
                        text.raw(",")
                    }
                    Self.word(word.text, word.start, word.end, "word", &text)
                }
                text.raw("]")
            },
        ]
    }

    private static func word(_ words: String, _ start: Int, _ end: Int, _ type: StaticString, _ text: inout JSONText) {
        text.raw(#"{"text":"#)
        text.string(words)
        text.raw(#","start":"#)
        text.thousandths(start / 8)
        text.raw(#","end":"#)
        text.thousandths(end / 8)
        text.raw(#","type":""#)
        text.raw(type)
        text.raw(#"","logprob":-0.030,"characters":null}"#)
    }

    private func message(_ type: StaticString, _ words: String, _ body: (inout JSONText) -> Void) -> [UInt8] {
        var text = JSONText()
        text.raw(#"{"message_type":""#)
        text.raw(type)
        text.raw(#"","text":"#)
        text.string(words)
        body(&text)
        text.raw("}")
        return text.bytes
    }

    func farewell(samples: Int) -> [[UInt8]] { [] }

    func violation(_ words: String) -> EmulatedViolation { failure("input_error", words, closing: 1003) }

    private func failure(_ type: String, _ words: String, closing code: UInt16?) -> EmulatedViolation {
        var text = JSONText()
        text.raw(#"{"message_type":"#)
        text.string(type)
        text.raw(#","error":"#)
        text.string(words)
        text.raw("}")
        return EmulatedViolation(message: text.bytes, closeCode: code, reason: String(words.prefix(100)))
    }
}
