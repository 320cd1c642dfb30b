import Foundation
import Networking

/// OpenAI's realtime transcription on one connection, with the client's own turn detection.
struct RealtimeTranscriptionAPI: EmulatedListeningAPI {
    let settings: DeepgramEmulatorStream.Settings
    let isALaw = false
    private var events = 0
    private var items = 0
    private var isConfigured = false
    private var appended = 0

    static func check(_ request: HTTPRequest, _ query: Query, apiKey: String) throws(EmulatedRefusal) {
        guard request.path == "/v1/realtime" else { throw EmulatedRefusal(404, "not_found", "no such path") }
        guard request[header: "authorization"] == "Bearer \(apiKey)" else {
            throw EmulatedRefusal(401, "invalid_api_key", "Incorrect API key provided.")
        }
        guard request[header: "openai-beta"] == nil else {
            throw EmulatedRefusal(400, "beta_api_shape_disabled", "the beta's shape is gone")
        }
        guard query["intent"] == "transcription" else {
            throw EmulatedRefusal(400, "invalid_request_error", "the emulator transcribes only")
        }
    }

    static func refuse(_ refusal: EmulatedRefusal) -> HTTPResponse {
        var body = JSONText()
        body.raw(#"{"error":{"message":"#)
        body.string(refusal.message)
        body.raw(#","type":"invalid_request_error","param":null,"code":"#)
        body.string(refusal.code)
        body.raw("}}")
        return HTTPResponse(
            status: refusal.status, headers: [("Content-Type", "application/json")], body: body.bytes)
    }

    init(_ query: Query, interimInterval: Duration) {
        var settings = DeepgramEmulatorStream.Settings()
        settings.endpointing = nil
        settings.providesInterims = false
        settings.segmentLength = .max / 2
        settings.silenceLength = .max / 2
        settings.finalizeThreshold = 0
        self.settings = settings
    }

    private static let session =
        #""session":{"type":"transcription","object":"realtime.transcription_session","id":"sess_1","audio":{"input":{"format":{"type":"audio/pcmu"},"transcription":{"model":"emulated"},"noise_reduction":null,"turn_detection":null}}}"#

    mutating func greeting() -> [[UInt8]] {
        [event("session.created") { $0.raw(("," + Self.session).utf8) }]
    }

    func take(audio: Span<UInt8>) throws(EmulatedViolation) -> EmulatedListeningCommand {
        throw violation("binary messages are not understood")
    }

    private struct Message: Decodable {
        let type: String
        let audio: String?
        let session: Session?

        struct Session: Decodable {
            let audio: Audio
            let type: String

            struct Audio: Decodable { let input: Input }
            struct Input: Decodable {
                let format: Format?
                let transcription: Transcription?
            }
            struct Format: Decodable { let type: String }
            struct Transcription: Decodable { let model: String }
        }
    }

    mutating func take(text: Span<UInt8>) throws -> EmulatedListeningCommand {
        let data = unsafe text.withUnsafeBytes { unsafe Data($0) }
        let message = try JSONDecoder().decode(Message.self, from: data)
        switch message.type {
        case "session.update":
            guard let session = message.session, session.type == "transcription",
                session.audio.input.transcription?.model.isEmpty == false,
                ["audio/pcmu", "audio/pcma"].contains(session.audio.input.format?.type ?? "")
            else { throw violation("session.update lacks a model, or its format is not spoken here") }
            isConfigured = true
            return .say([event("session.updated") { $0.raw(("," + Self.session).utf8) }])
        case "input_audio_buffer.append":
            guard isConfigured else { throw violation("the session is not configured") }
            guard let audio = message.audio.flatMap({ Data(base64Encoded: $0) }) else {
                throw violation("audio is not base64")
            }
            appended += audio.count
            return .hear(Array(audio))
        case "input_audio_buffer.commit":
            // 100 ms at least.
            guard appended >= 800 else {
                throw violation(
                    "Error committing input audio buffer: buffer too small.", "input_audio_buffer_commit_empty")
            }
            appended = 0
            return .finalize
        case "input_audio_buffer.clear":
            appended = 0
            return .say([event("input_audio_buffer.cleared") { _ in }])
        default: throw violation("unknown message type \(message.type)")
        }
    }

    mutating func messages(for result: DeepgramEmulatorStream.Result) -> [[UInt8]] {
        let previous = items == 0 ? nil : "item_\(items)"
        items += 1
        let item = "item_\(items)"
        func head(_ text: inout JSONText) {
            text.raw(#","item_id":"#)
            text.string(item)
        }
        var messages = [
            event("input_audio_buffer.committed") { text in
                head(&text)
                text.raw(#","previous_item_id":"#)
                if let previous { text.string(previous) } else { text.raw("null") }
            }
        ]
        let words = result.words.map(\.text)
        for (index, word) in words.enumerated() {
            messages.append(
                event("conversation.item.input_audio_transcription.delta") { text in
                    head(&text)
                    text.raw(#","content_index":0,"delta":"#)
                    text.string(index == 0 ? word : " " + word)
                })
        }
        messages.append(
            event("conversation.item.input_audio_transcription.completed") { text in
                head(&text)
                text.raw(#","content_index":0,"transcript":"#)
                text.string(words.joined(separator: " "))
                text.raw(#","usage":{"type":"duration","seconds":"#)
                text.thousandths((result.end - result.start) / 8)
                text.raw("}")
            })
        return messages
    }

    private mutating func event(_ type: StaticString, _ body: (inout JSONText) -> Void) -> [UInt8] {
        events += 1
        var text = JSONText()
        text.raw(#"{"type":""#)
        text.raw(type)
        text.raw(#"","event_id":"event_"#)
        text.integer(events)
        text.raw("\"")
        body(&text)
        text.raw("}")
        return text.bytes
    }

    func farewell(samples: Int) -> [[UInt8]] { [] }

    func violation(_ words: String) -> EmulatedViolation { violation(words, "invalid_value") }

    private func violation(_ words: String, _ code: String) -> EmulatedViolation {
        var text = JSONText()
        text.raw(#"{"type":"error","event_id":"event_0","error":{"type":"invalid_request_error","code":"#)
        text.string(code)
        text.raw(#","message":"#)
        text.string(words)
        text.raw(#","param":null,"event_id":null}}"#)
        // The session stays.
        return EmulatedViolation(message: text.bytes)
    }
}
