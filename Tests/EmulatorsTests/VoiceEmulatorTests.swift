import Emulators
import Foundation
import Networking
import Testing

@Suite("The emulated voices refuse what their vendors refuse")
struct VoiceEmulatorTests {
    private static let rimePath: String =
        "/ws3?speaker=astra&modelId=coda&audioFormat=mulaw&samplingRate=8000&segment=never"
    private static let fluxPath: String = "/v2/speak?model=flux-alexis-en&encoding=mulaw&sample_rate=8000"

    @Test(
        "Rime's handshake",
        arguments: [
            (rimePath, "wrong", 401), ("/ws2?speaker=astra", "emulated", 404), (rimePath + "&voice=x", "emulated", 400),
            ("/ws3?modelId=coda&segment=never", "emulated", 400), (rimePath + "&lang=en", "emulated", 400),
            (rimePath.replacing("coda", with: "sonic"), "emulated", 400),
            (rimePath.replacing("8000", with: "9"), "emulated", 400),
            (rimePath.replacing("mulaw", with: "mp3"), "emulated", 400),
        ])
    func rimeHandshake(path: String, key: String, status: Int) async throws {
        try await withFleet { _, addresses in
            let socket = try TestSocket(addresses.rime + path, headers: [("Authorization", "Bearer \(key)")])
            #expect(await socket.end() == .refused(status))
            try await socket.use { _ in }
        }
    }

    @Test(
        "Flux's handshake",
        arguments: [
            (fluxPath, "wrong", 401), ("/v1/speak?model=flux-alexis-en", "emulated", 404),
            (fluxPath + "&voice=x", "emulated", 400),
            (fluxPath.replacing("flux-alexis-en", with: "aura-2-thalia-en"), "emulated", 400),
            (fluxPath.replacing("mulaw", with: "opus"), "emulated", 400),
            (fluxPath.replacing("8000", with: "9"), "emulated", 400),
            ("/v2/speak?encoding=mulaw", "emulated", 400),
        ])
    func fluxHandshake(path: String, key: String, status: Int) async throws {
        try await withFleet { _, addresses in
            let socket = try TestSocket(addresses.fluxVoice + path, headers: [("Authorization", "Token \(key)")])
            #expect(await socket.end() == .refused(status))
            try await socket.use { _ in }
        }
    }

    private func rime(_ body: (TestSocket, TestSocket.Outbox) async throws -> Void) async throws {
        try await withFleet { _, addresses in
            let socket = try TestSocket(
                addresses.rime + Self.rimePath, headers: [("Authorization", "Bearer emulated")])
            try await socket.use { try await body(socket, $0) }
        }
    }

    private func flux(
        _ configuration: VoiceEmulatorConfiguration = .init(),
        _ body: (TestSocket, TestSocket.Outbox) async throws -> Void
    ) async throws {
        var fleet = EmulatorFleet.Configuration()
        fleet.fluxVoice = configuration
        try await withFleet(fleet) { _, addresses in
            let socket = try TestSocket(
                addresses.fluxVoice + Self.fluxPath, headers: [("Authorization", "Token emulated")])
            try await socket.use { try await body(socket, $0) }
        }
    }

    @Test(
        "Rime tells what it does not understand, and stays",
        arguments: ["not json", #"{"operation":"stop"}"#, #"{"text":"a","context_id":"b"}"#, "{}"])
    func rimeViolates(message: String) async throws {
        try await rime { socket, outbox in
            outbox.send(message)
            #expect(await socket.next(containing: #""type":"error""#) != nil)
            outbox.send(#"{"text":"Yes. ","contextId":"a"}"#)
            outbox.send(#"{"operation":"flush"}"#)
            #expect(await socket.next(containing: #""type":"done","done":true,"contextId":"a""#) != nil)
        }
    }

    @Test("Rime closes when all is said")
    func rimeEnds() async throws {
        try await rime { socket, outbox in
            outbox.send(#"{"text":"Yes."}"#)
            outbox.send(#"{"operation":"eos"}"#)
            let times = await socket.next(containing: "word_timestamps")
            #expect(times?.contains(#""words":["Yes."],"start":[0.000],"end":[0.240]"#) == true, "\(times ?? "")")
            #expect(await socket.end() == .closed(1000, ""))
        }
    }

    @Test(
        "Flux closes on what breaks the protocol",
        arguments: [
            "not json", #"{"type":"Clear"}"#, #"{"type":"Speak"}"#, #"{"type":"Speak","text":"a","voice":"b"}"#,
            #"{"type":"Interrupt","playback_offset":{"type":"bytes","value":1}}"#,
        ])
    func fluxViolates(message: String) async throws {
        try await flux { socket, outbox in
            outbox.send(message)
            #expect(await socket.next(containing: #""type":"Error""#) != nil)
            guard case .closed(1008, _) = await socket.end() else {
                Issue.record("not closed with 1008")
                return
            }
        }
    }

    @Test("Flux says what was heard, and refuses a position that does not advance")
    func fluxInterrupts() async throws {
        try await flux(VoiceEmulatorConfiguration(chunkDelay: .milliseconds(50))) { socket, outbox in
            outbox.send(#"{"type":"Interrupt"}"#)
            #expect(await socket.next(containing: "NO_AUDIO_GENERATED") != nil)
            func speak() async {
                outbox.send(#"{"type":"Speak","text":"one two three four five six seven eight"}"#)
                outbox.send(#"{"type":"Flush"}"#)
                _ = await socket.next(containing: "SpeechStarted")
                // The first audio is there with the beginning.
            }
            await speak()
            outbox.send(#"{"type":"Interrupt","playback_offset":{"type":"time_ms","value":180}}"#)
            let told = await socket.next(containing: "SpeechInterrupted")
            #expect(told?.contains(#""audio_played_ms":180,"text_spoken":"one","text_remaining":" two"#) == true)
            await speak()
            outbox.send(#"{"type":"Interrupt","playback_offset":{"type":"time_ms","value":180}}"#)
            #expect(await socket.next(containing: "INVALID_INTERRUPT_OFFSET") != nil)
            outbox.send(#"{"type":"Close"}"#)
            #expect(await socket.next(containing: "SessionMetadata") != nil)
            #expect(await socket.end() == .closed(1000, ""))
        }
    }
}
