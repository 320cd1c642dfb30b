import AudioCore
import Emulators
import Logging
import Networking
import Speech
import Testing

@Suite("ElevenLabs' synthesizer against the emulator, over a real socket")
struct ElevenLabsSynthesizerTests {
    private func session(
        _ url: String, _ loop: EventLoop, format: AudioFormat = .telephone,
        adjust: (inout ElevenLabsConfiguration) -> Void = { _ in }
    ) async throws -> any SynthesisSession {
        var configuration = ElevenLabsConfiguration(url: url, apiKey: "emulated", stability: 0.5, speed: 1)
        adjust(&configuration)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        return try await ElevenLabsSynthesizer(configuration, loop: loop, logger: logger)
            .makeSession(voice: "voice1", format: format)
    }

    private func collect(_ stream: SynthesizedAudio) async throws -> [UInt8] {
        var audio: [UInt8] = []
        for try await chunk in stream { audio += chunk }
        return audio
    }

    private func failure(_ stream: SynthesizedAudio) async -> SpeechError? {
        do {
            _ = try await collect(stream)
            return nil
        } catch { return error as? SpeechError }
    }

    @Test("a text comes back as audio of its length, in the leg's format")
    func speaks() async throws {
        let emulator = ElevenLabsEmulator()
        try await withService(emulator) { url, loop in
            let session = try await session(url, loop)
            let text = "Your appointment is on Tuesday."
            let audio = try await collect(session.synthesize(text))
            // 60 ms a character, the space we add included.
            let expected = (text.count + 1) * 480
            #expect(abs(audio.count - expected) < 12)
            #expect(Set(audio).count > 20, "sound, not silence")
            session.close()
        }
        #expect(emulator.counts.contexts.count == 1)
        #expect(emulator.counts.closedContexts.count == 1)
        #expect(emulator.counts.violations.count == 0)
    }

    @Test("characters' times, which begin anew in every message, become those of the text")
    func paces() async throws {
        try await withService(ElevenLabsEmulator()) { url, loop in
            let session = try await session(url, loop)
            let text = "Your appointment is on Tuesday."
            var samples = 0
            for try await chunk in session.synthesize(text) { samples += chunk.count }
            let pace = try #require(await session.pace(of: text))
            // The emulated voice says every character as fast as the others. Amid a word all before it is said.
            for (moment, characters) in [(0.33, "Your "), (0.85, "Your appointment is on ")] {
                let share = Double(characters.count) / Double(text.count)
                #expect(pace.share(at: Int(Double(samples) * moment)) == share)
            }
            #expect(pace.share(at: samples) > 0.95 && pace.share(at: 0) == 0)
            session.close()
        }
    }

    @Test("wide samples stay whole", arguments: [AudioFormat(encoding: .linear16, sampleRate: 8000)])
    func linear(format: AudioFormat) async throws {
        try await withService(ElevenLabsEmulator()) { url, loop in
            let session = try await session(url, loop, format: format)
            for try await chunk in session.synthesize("Hello.") { #expect(chunk.count % 2 == 0) }
            session.close()
        }
    }

    @Test("many texts at once share the socket within the vendor's bound")
    func crowd() async throws {
        let emulator = ElevenLabsEmulator(ElevenLabsEmulatorConfiguration(chunkDelay: .milliseconds(5)))
        try await withService(emulator) { url, loop in
            let session = try await session(url, loop)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<12 {
                    let stream = session.synthesize("Sentence number \(number).")
                    group.addTask { try await collect(stream).count }
                }
                for try await count in group { #expect(count > 8000) }
            }
            session.close()
        }
        #expect(emulator.counts.violations.count == 0)
        #expect(emulator.counts.connections.count == 1)
    }

    @Test("rapid interruptions never run into the bound, and late audio reaches nobody")
    func interruptions() async throws {
        let emulator = ElevenLabsEmulator(ElevenLabsEmulatorConfiguration(chunkDelay: .milliseconds(4)))
        try await withService(emulator) { url, loop in
            let session = try await session(url, loop)
            for number in 0..<10 {
                var iterator = session.synthesize("This answer is cut off, number \(number).").makeAsyncIterator()
                #expect(try await iterator.next() != nil)
            }
            #expect(try await collect(session.synthesize("Finally.")).count == 9 * 480)
            session.close()
        }
        #expect(emulator.counts.violations.count == 0)
    }

    @Test(
        "a refusal is known before the first word",
        arguments: [
            (401, SpeechError.Code.unauthorized), (403, .unauthorized), (429, .overloaded), (503, .unavailable),
        ])
    func refused(status: Int, code: SpeechError.Code) async throws {
        let emulator = ElevenLabsEmulator(
            ElevenLabsEmulatorConfiguration(faults: [.refuse(status: status, code: "no")]))
        try await withService(emulator) { url, loop in
            let error = await #expect(throws: SpeechError.self) { try await session(url, loop) }
            #expect(error?.code == code)
            #expect(error?.description.contains(String(status)) == true)
        }
    }

    @Test("a wrong key is refused")
    func wrongKey() async throws {
        try await withService(ElevenLabsEmulator()) { url, loop in
            let error = await #expect(throws: SpeechError.self) {
                try await session(url, loop) { $0.apiKey = "another" }
            }
            #expect(error?.code == .unauthorized)
        }
    }

    @Test("a socket that dies before any audio is replaced, and the text spoken there")
    func diesEarly() async throws {
        let emulator = ElevenLabsEmulator(
            ElevenLabsEmulatorConfiguration(faults: [.stall(afterChunks: 0)]))
        try await withService(emulator) { url, loop in
            let session = try await session(url, loop) { $0.firstAudioDeadline = .milliseconds(200) }
            let first = await failure(session.synthesize("Nobody says this."))
            #expect(first?.code == .deadlineExceeded)
            #expect(try await collect(session.synthesize("But this.")).count == 10 * 480)
            session.close()
        }
        #expect(emulator.counts.connections.count == 2)
    }

    @Test("a socket that dies in mid-sentence fails that sentence and no other")
    func diesLate() async throws {
        let emulator = ElevenLabsEmulator(
            ElevenLabsEmulatorConfiguration(faults: [.close(afterChunks: 2, code: 1011)]))
        try await withService(emulator) { url, loop in
            let session = try await session(url, loop)
            let first = await failure(session.synthesize("This sentence breaks off in the middle of it."))
            #expect(first?.code == .unavailable)
            #expect(try await collect(session.synthesize("This one does not.")).count == 19 * 480)
            session.close()
        }
    }

    @Test("audio that stops coming is a missed deadline")
    func stalls() async throws {
        let emulator = ElevenLabsEmulator(
            ElevenLabsEmulatorConfiguration(faults: [.stall(afterChunks: 1)]))
        try await withService(emulator) { url, loop in
            let session = try await session(url, loop) { $0.chunkDeadline = .milliseconds(200) }
            let error = await failure(session.synthesize("This sentence stops coming after a moment."))
            #expect(error?.code == .deadlineExceeded)
            session.close()
        }
    }

    @Test(
        "garbage and strangers' audio are passed over",
        arguments: [ElevenLabsEmulatorConfiguration.Fault.garbage, .stranger])
    func oddities(fault: ElevenLabsEmulatorConfiguration.Fault) async throws {
        try await withService(ElevenLabsEmulator(ElevenLabsEmulatorConfiguration(faults: [fault]))) { url, loop in
            let session = try await session(url, loop)
            #expect(try await collect(session.synthesize("Hello.")).count == 7 * 480)
            session.close()
        }
    }

    @Test("nothing to say is no work")
    func empty() async throws {
        let emulator = ElevenLabsEmulator()
        try await withService(emulator) { url, loop in
            let session = try await session(url, loop)
            #expect(try await collect(session.synthesize("  \n")).isEmpty)
            session.close()
        }
        #expect(emulator.counts.contexts.count == 0)
    }

    @Test("a quiet socket is kept alive")
    func keepsAlive() async throws {
        let emulator = ElevenLabsEmulator()
        try await withService(emulator) { url, loop in
            let session = try await session(url, loop) { $0.keepAliveInterval = .milliseconds(200) }
            await loop.pause(.milliseconds(700))
            #expect(emulator.counts.keepAlives.count >= 2)
            session.close()
        }
    }

    @Test("after close nothing is spoken")
    func closed() async throws {
        try await withService(ElevenLabsEmulator()) { url, loop in
            let session = try await session(url, loop)
            session.close()
            #expect(await failure(session.synthesize("Hello."))?.code == .cancelled)
        }
    }
}
