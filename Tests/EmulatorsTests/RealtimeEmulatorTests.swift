import Foundation
import Testing

@testable import Emulators

@Suite("The emulated model that hears and speaks")
struct RealtimeEmulatorTests {
    private static let update =
        #"{"type":"session.update","session":{"type":"realtime","audio":{"input":{"format":{"type":"audio/pcmu"},"transcription":{"model":"m"},"turn_detection":null},"output":{"format":{"type":"audio/pcmu"},"voice":"marin"}},"tools":[{"type":"function","name":"stock","parameters":{"type":"object"}}]}}"#

    private static func append(_ count: Int) -> String {
        let audio = Data(repeating: 0x20, count: count).base64EncodedString()
        return #"{"type":"input_audio_buffer.append","audio":"\#(audio)"}"#
    }

    private static func item(_ body: String) -> String { #"{"type":"conversation.item.create","item":{\#(body)}}"# }

    /// What the session says of messages one after the other: the code of the first that it refuses.
    private static func verdict(_ messages: [String], begin: (inout RealtimeEmulatedSession) -> Void = { _ in })
        -> String?
    {
        var session = RealtimeEmulatedSession(model: "m")
        do throws(RealtimeEmulatedSession.Violation) {
            for (index, message) in messages.enumerated() {
                guard let tree = JSONTree(Array(message.utf8)) else { return "no JSON" }
                _ = try session.take(tree)
                if index == 0 { begin(&session) }
            }
        } catch {
            return error.code
        }
        return nil
    }

    @Test(
        "what the vendor refuses",
        arguments: [
            ([append(800)], "session_not_configured"),
            ([update.replacing("\"type\":\"realtime\",", with: "")], "missing_required_parameter"),
            ([update.replacing("audio/pcmu", with: "audio/opus")], "invalid_value"),
            ([update.replacing("\"turn_detection\":null", with: "\"turn_detection\":{}")], "invalid_value"),
            ([update.replacing("\"name\":\"stock\"", with: "\"name\":\"in stock\"")], "invalid_value"),
            ([update.replacing("\"voice\"", with: "\"speaker\"")], "unknown_parameter"),
            ([update, #"{"type":"input_audio_buffer.append","audio":"?"}"#], "invalid_value"),
            ([update, append(799), #"{"type":"input_audio_buffer.commit"}"#], "input_audio_buffer_commit_empty"),
            ([update, append(800), #"{"type":"input_audio_buffer.commit"}"#], nil),
            ([update, #"{"type":"response.cancel"}"#], "response_cancel_not_active"),
            ([update, #"{"type":"response.create"}"#], nil),
            (
                [update, #"{"type":"response.create"}"#, #"{"type":"response.create"}"#],
                "conversation_already_has_active_response"
            ),
            ([update, item(#""type":"function_call_output","call_id":"c","output":"1""#)], "invalid_tool_call_id"),
            (
                [
                    update, item(#""type":"function_call","call_id":"c","name":"stock","arguments":"{}""#),
                    item(#""type":"function_call_output","call_id":"c","output":"1""#),
                    item(#""type":"function_call_output","call_id":"c","output":"2""#),
                ], "invalid_tool_call_id"
            ),
            (
                [update, item(#""type":"message","role":"user","content":[{"type":"output_text","text":"a"}]"#)],
                "invalid_value"
            ),
            (
                [update, item(#""type":"message","role":"assistant","content":[{"type":"output_text","text":"a"}]"#)],
                nil
            ),
            (
                [
                    update,
                    item(#""id":"x","type":"message","role":"user","content":[{"type":"input_text","text":"a"}]"#)
                        .replacing("\"item\"", with: "\"previous_item_id\":\"nowhere\",\"item\""),
                ], "item_not_found"
            ),
            (
                [update]
                    + [String](
                        repeating: item(
                            #""id":"x","type":"message","role":"user","content":[{"type":"input_text","text":"a"}]"#),
                        count: 2), "invalid_value"
            ),
            ([update, #"{"type":"conversation.item.delete","item_id":"x"}"#], "item_not_found"),
            ([update, #"{"type":"session.end"}"#], "invalid_value"),
        ] as [([String], String?)])
    func refuses(messages: [String], code: String?) { #expect(Self.verdict(messages) == code) }

    @Test("an item is cut at what was sent of it, and at no more", arguments: [(100, nil), (101, "invalid_value")])
    func truncation(milliseconds: Int, code: String?) {
        let cut =
            #"{"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":\#(milliseconds)}"#
        let verdict = Self.verdict([Self.update, cut]) { session in
            session.began(item: "i")
            session.said("Hello.", 800, in: "i")
        }
        #expect(verdict == code)
        // Words of an agent that were written have no sound that could be cut.
        let silent = Self.verdict([Self.update, cut]) { $0.began(item: "i") }
        #expect(silent == "invalid_value")
    }

    @Test(
        "a handshake that is wrong",
        arguments: [
            ("/v1/realtime?model=m", "Bearer wrong", 401), ("/v2/realtime?model=m", "Bearer emulated", 404),
            ("/realtime?model=m", "Bearer emulated", 404), ("/v1/realtime", "Bearer emulated", 400),
            ("/v1/realtime?model=m&intent=transcription", "Bearer emulated", 400),
        ])
    func handshake(path: String, authorization: String, status: Int) async throws {
        try await withFleet { fleet, addresses in
            let base = addresses.openAIConversations.replacing("/v1", with: "")
            let socket = try TestSocket(base + path, headers: [("Authorization", authorization)])
            let end = await socket.end()
            #expect(end == .refused(status))
            try await socket.use { _ in }
            #expect(fleet.openAIConversations.counts.refusals.count == 1)
        }
    }

    @Test("words run ahead of their sound, which comes faster than it is played; a cancelled response ends at once")
    func speaks() async throws {
        var configuration = EmulatorFleet.Configuration()
        configuration.openAIConversations = RealtimeEmulatorConfiguration(transcripts: ["hello"]) {
            .init("You said \($0.userText). Is that right?")
        }
        try await withFleet(configuration) { fleet, addresses in
            let socket = try TestSocket(
                addresses.openAIConversations + "/realtime?model=m", headers: [("Authorization", "Bearer emulated")])
            try await socket.use { outbox in
                for message in [
                    Self.update, Self.append(8000), #"{"type":"input_audio_buffer.commit"}"#,
                    #"{"type":"response.create"}"#,
                ] { outbox.send(message) }
                let begun = ContinuousClock.now
                var (types, bytes) = ([String](), 0)
                for await event in socket.events {
                    guard case .text(let text) = event, let tree = JSONTree(Array(text.utf8)),
                        let type = tree["type"]?.text
                    else { continue }
                    types.append(type)
                    if type == "response.output_audio.delta", let audio = tree["delta"]?.text {
                        bytes += Data(base64Encoded: audio)?.count ?? 0
                    }
                    if type == "response.done" { break }
                }
                let took = ContinuousClock.now - begun
                let words = types.firstIndex(of: "response.output_audio_transcript.delta") ?? .max
                let sound = types.firstIndex(of: "response.output_audio.delta") ?? .max
                #expect(words < sound && sound < types.count, "\(types)")
                // 60 ms a character, and a pause behind each of two sentences.
                #expect(bytes == (15 + 14) * 480 + 3200)
                #expect(took < .milliseconds(bytes / 8))
                outbox.send(#"{"type":"response.create"}"#)
                _ = await socket.next(containing: "response.output_audio.delta")
                outbox.send(#"{"type":"response.cancel"}"#)
                let done = await socket.next(containing: "response.done")
                #expect(done?.contains("client_cancelled") == true)
                outbox.send(#"{"type":"response.create"}"#)
                let next = await socket.next(containing: "response.created")
                #expect(next != nil && fleet.openAIConversations.errors == [])
            }
        }
    }
}
