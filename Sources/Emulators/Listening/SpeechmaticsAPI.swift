import Foundation
import Networking

/// Speechmatics in real time (v2) on one connection.
struct SpeechmaticsAPI: EmulatedListeningAPI {
    let settings: DeepgramEmulatorStream.Settings
    let isALaw = false
    let tellsLanguages = true
    private var isStarted = false
    private var givesPartials = false
    private var language = "en"
    private var acknowledged = 0

    static func check(_ request: HTTPRequest, _ query: Query, apiKey: String) throws(EmulatedRefusal) {
        guard request.path == "/v2" else { throw EmulatedRefusal(404, "not_found", "no such path") }
        guard request[header: "authorization"] == "Bearer \(apiKey)" else {
            throw EmulatedRefusal(401, "not_authorised", "Unauthorized")
        }
        if let stranger = query.items.first(where: { $0.name != "sm-sdk" }) {
            throw EmulatedRefusal(400, "invalid_parameter", "unknown parameter \(stranger.name)")
        }
    }

    static func refuse(_ refusal: EmulatedRefusal) -> HTTPResponse {
        HTTPResponse(
            status: refusal.status, headers: [("Content-Type", "application/json")],
            body: failure(refusal.code, refusal.message))
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

    mutating func take(audio: Span<UInt8>) throws(EmulatedViolation) -> EmulatedListeningCommand {
        guard isStarted else { throw violation("audio before RecognitionStarted", "protocol_error") }
        acknowledged += 1
        var text = JSONText()
        text.raw(#"{"message":"AudioAdded","seq_no":"#)
        text.integer(acknowledged)
        text.raw("}")
        return .acknowledge(unsafe audio.withUnsafeBufferPointer { unsafe Array($0) }, text.bytes)
    }

    private struct Message: Decodable {
        struct Audio: Decodable {
            let type: String
            let encoding: String
            let rate: Int

            private enum CodingKeys: String, CodingKey {
                case type, encoding
                case rate = "sample_rate"
            }
        }
        struct Transcription: Decodable {
            let language: String
            let givesPartials: Bool?
            let delay: Double?

            private enum CodingKeys: String, CodingKey {
                case language
                case givesPartials = "enable_partials"
                case delay = "max_delay"
            }

            init(from decoder: any Decoder) throws {
                try decoder.allowOnly([
                    "language", "model", "operating_point", "output_locale", "diarization", "additional_vocab",
                    "punctuation_overrides", "domain", "enable_entities", "audio_filtering_config",
                    "transcript_filtering_config", "max_delay", "max_delay_mode", "enable_partials",
                    "speaker_diarization_config", "streaming_mode", "conversation_config", "channel_diarization_labels",
                    "language_hints", "language_hints_strict",
                ])
                let container = try decoder.container(keyedBy: CodingKeys.self)
                language = try container.decode(String.self, forKey: .language)
                givesPartials = try container.decodeIfPresent(Bool.self, forKey: .givesPartials)
                delay = try container.decodeIfPresent(Double.self, forKey: .delay)
            }
        }

        let message: String
        let audio: Audio?
        let transcription: Transcription?
        let last: Int?
        var timestamp: Double?

        private enum CodingKeys: String, CodingKey {
            case message
            case audio = "audio_format"
            case transcription = "transcription_config"
            case last = "last_seq_no"
            case timestamp
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            message = try container.decode(String.self, forKey: .message)
            switch message {
            case "StartRecognition": try decoder.allowOnly(["message", "audio_format", "transcription_config"])
            case "SetRecognitionConfig": try decoder.allowOnly(["message", "transcription_config"])
            case "ForceEndOfUtterance":
                try decoder.allowOnly(["message", "timestamp"])
                timestamp = try container.decodeIfPresent(Double.self, forKey: .timestamp)
            case "EndOfStream": try decoder.allowOnly(["message", "last_seq_no"])
            default:
                throw DecodingError.dataCorrupted(
                    .init(codingPath: [], debugDescription: "unknown message \(message)"))
            }
            audio = try container.decodeIfPresent(Audio.self, forKey: .audio)
            transcription = try container.decodeIfPresent(Transcription.self, forKey: .transcription)
            last = try container.decodeIfPresent(Int.self, forKey: .last)
        }
    }

    mutating func take(text: Span<UInt8>) throws -> EmulatedListeningCommand {
        let data = unsafe text.withUnsafeBytes { unsafe Data($0) }
        let message = try JSONDecoder().decode(Message.self, from: data)
        guard isStarted || message.message == "StartRecognition" else {
            throw violation("\(message.message) before StartRecognition", "protocol_error")
        }
        switch message.message {
        case "StartRecognition":
            guard !isStarted else { throw violation("recognition has started already", "protocol_error") }
            return try start(message)
        case "ForceEndOfUtterance":
            if let timestamp = message.timestamp, timestamp < 0 {
                throw violation("timestamp is before the beginning", "invalid_message")
            }
            return .finalize
        case "EndOfStream":
            guard let last = message.last, last <= acknowledged else {
                throw violation("last_seq_no is more than was added", "protocol_error")
            }
            return .end
        default: return .nothing
        }
    }

    private mutating func start(_ message: Message) throws -> EmulatedListeningCommand {
        guard let audio = message.audio, audio.type == "raw", audio.encoding == "mulaw", audio.rate == 8000 else {
            throw violation("the emulator hears raw mulaw at 8000 Hz only", "invalid_audio_type")
        }
        guard let transcription = message.transcription, (2...5).contains(transcription.language.count) else {
            throw violation("transcription_config lacks a language", "invalid_config")
        }
        if let delay = transcription.delay, !(0.7...20).contains(delay) {
            throw violation("max_delay is 0.7 to 20", "invalid_config")
        }
        isStarted = true
        givesPartials = transcription.givesPartials ?? false
        language = transcription.language
        return .say([
            Array(
                #"{"message":"RecognitionStarted","id":"00000000-0000-4000-8000-000000000000","language_pack_info":{"word_delimiter":" "}}"#
                    .utf8)
        ])
    }

    func messages(for result: DeepgramEmulatorStream.Result) -> [[UInt8]] {
        if !result.isFinal { return givesPartials ? [transcript("AddPartialTranscript", result)] : [] }
        var messages = result.words.isEmpty ? [] : [transcript("AddTranscript", result)]
        if result.speechFinal || result.fromFinalize {
            var text = JSONText()
            text.raw(#"{"message":"EndOfUtterance","format":"2.9","metadata":{"start_time":"#)
            text.thousandths(result.end / 8)
            text.raw(#","end_time":"#)
            text.thousandths(result.end / 8)
            text.raw("}}")
            messages.append(text.bytes)
        }
        return messages
    }

    private func transcript(_ name: StaticString, _ result: DeepgramEmulatorStream.Result) -> [UInt8] {
        let spoken = language == "multi" ? result.language ?? "en" : language
        var text = JSONText()
        text.raw(#"{"message":""#)
        text.raw(name)
        text.raw(#"","format":"2.9","metadata":{"start_time":"#)
        text.thousandths(result.start / 8)
        text.raw(#","end_time":"#)
        text.thousandths(result.end / 8)
        text.raw(#","transcript":"#)
        text.string(result.words.map { $0.text + " " }.joined())
        text.raw(#"},"results":["#)
        for (index, word) in result.words.enumerated() {
            if index > 0 { text.raw(",") }
            Self.result("word", word.text, word.start, word.end, spoken, &text)
        }
        if result.isFinal, let last = result.words.last {
            text.raw(",")
            Self.result("punctuation", ".", last.end, last.end, spoken, &text)
        }
        text.raw("]}")
        return text.bytes
    }

    private static func result(
        _ type: StaticString, _ content: String, _ start: Int, _ end: Int, _ language: String, _ text: inout JSONText
    ) {
        text.raw(#"{"type":""#)
        text.raw(type)
        text.raw(#"","start_time":"#)
        text.thousandths(start / 8)
        text.raw(#","end_time":"#)
        text.thousandths(end / 8)
        text.raw(#","alternatives":[{"content":"#)
        text.string(content)
        text.raw(#","confidence":0.970,"language":"#)
        text.string(language)
        text.raw("}]}")
    }

    func farewell(samples: Int) -> [[UInt8]] { [Array(#"{"message":"EndOfTranscript"}"#.utf8)] }

    func violation(_ words: String) -> EmulatedViolation { violation(words, "invalid_message") }

    private func violation(_ words: String, _ type: String) -> EmulatedViolation {
        EmulatedViolation(message: Self.failure(type, words), closeCode: 1003, reason: type)
    }

    private static func failure(_ type: String, _ words: String) -> [UInt8] {
        var text = JSONText()
        text.raw(#"{"message":"Error","type":"#)
        text.string(type)
        text.raw(#","reason":"#)
        text.string(words)
        text.raw("}")
        return text.bytes
    }
}
