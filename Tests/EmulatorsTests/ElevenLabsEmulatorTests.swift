import Emulators
import Networking
import Testing

@Suite("The emulated voice refuses what ElevenLabs refuses")
struct ElevenLabsEmulatorTests {
    private static let path = "/v1/text-to-speech/voice1/multi-stream-input"
    private static let opening = #"{"text":" ","context_id":"CONTEXT","voice_settings":{"stability":0.5}}"#

    private func opening(_ context: String) -> String {
        Self.opening.replacing("CONTEXT", with: context)
    }

    private func open(
        _ query: String = "output_format=ulaw_8000", configuration: ElevenLabsEmulatorConfiguration = .init(),
        _ body: (TestSocket, TestSocket.Outbox) async throws -> Void
    ) async throws {
        var fleet = EmulatorFleet.Configuration()
        fleet.elevenLabs = configuration
        try await withFleet(fleet) { _, addresses in
            let socket = try TestSocket(
                "\(addresses.elevenLabs)\(Self.path)?\(query)", headers: [("xi-api-key", "emulated")])
            try await socket.use { try await body(socket, $0) }
        }
    }

    @Test(
        "a handshake that is wrong",
        arguments: [
            (path, "wrong", 401), ("/v1/text-to-speech/voice1/stream-input", "emulated", 404),
            ("/v1/text-to-speech//multi-stream-input", "emulated", 404), (path + "?output_format=mp9", "emulated", 400),
            (path + "?voice=x", "emulated", 422), (path + "?inactivity_timeout=181", "emulated", 422),
            (path + "?model_id=eleven_v3", "emulated", 400),
        ])
    func refuses(path: String, key: String, status: Int) async throws {
        try await withFleet { _, addresses in
            let socket = try TestSocket(addresses.elevenLabs + path, headers: [("xi-api-key", key)])
            #expect(await socket.end() == .refused(status))
            try await socket.use { _ in }
        }
    }

    @Test(
        "what breaks the protocol closes with 1008",
        arguments: [
            ["not json"], [#"{"text":"no context"}"#], [#"{"text":"x ","context_id":"a"}"#],
            [#"{"text":"x ","context_id":"a","voice_settings":{}}"#],
            [#"{"text":" ","context_id":"a"}"#],
            [#"{"text":" ","context_id":"a","voice_settings":{"stability":2}}"#],
            [#"{"text":" ","context_id":"a","voice_settings":{"pitch":1}}"#],
            // A keep-alive opens a context without settings, and they come too late then.
            [#"{"text":"","context_id":"a"}"#, #"{"text":" ","context_id":"a","voice_settings":{}}"#],
        ])
    func violates(messages: [String]) async throws {
        try await open { socket, outbox in
            for message in messages { outbox.send(message) }
            guard case .closed(1008, _) = await socket.end() else {
                Issue.record("not closed with 1008")
                return
            }
        }
    }

    @Test("the sixth context is one too many")
    func sixContexts() async throws {
        try await open { socket, outbox in
            for context in 1...6 { outbox.send(opening("c\(context)")) }
            let error = await socket.next(containing: "error")
            #expect(error?.contains(#""error":"max_active_conversations","code":1008"#) == true)
            #expect(await socket.end() == .closed(1008, "max_active_conversations"))
        }
    }

    @Test("a flushed context is said to its end before isFinal; what was not flushed is not said")
    func flushes() async throws {
        try await open { socket, outbox in
            outbox.send(opening("a"))
            outbox.send(#"{"text":"Hello. ","context_id":"a","flush":true}"#)
            outbox.send(#"{"text":"Unsaid.","context_id":"a"}"#)
            outbox.send(#"{"context_id":"a","close_context":true}"#)
            var audio = 0
            for await event in socket.events {
                guard case .text(let text) = event else { continue }
                if text.contains(#""audio":""#) { audio += 1 }
                guard text.contains(#""isFinal":true"#) else { continue }
                #expect(text.contains(#""contextId":"a""#))
                break
            }
            // 7 characters of 60 ms in messages of 240 ms.
            #expect(audio == 2)
            outbox.send(#"{"close_socket":true}"#)
        }
    }

    @Test("alignment, where asked for, begins at 0 in every message")
    func aligns() async throws {
        try await open("output_format=ulaw_8000&sync_alignment=true") { socket, outbox in
            outbox.send(opening("a"))
            outbox.send(#"{"text":"Hello you. ","context_id":"a","flush":true}"#)
            for _ in 0..<2 {
                let message = await socket.next(containing: "charStartTimesMs")
                #expect(message?.contains(#""charStartTimesMs":[0,"#) == true)
            }
            outbox.send(#"{"close_socket":true}"#)
        }
    }

    @Test("a socket on which nothing happens is closed")
    func inactivity() async throws {
        try await open("output_format=ulaw_8000&inactivity_timeout=1") { socket, outbox in
            #expect(await socket.end() == .closed(1008, "input_timeout_exceeded"))
        }
    }
}
