import AudioCore
import Emulators
import Logging
import Networking
import Speech
import Testing

@Suite("Cartesia's synthesizer against the emulator, over a real socket")
struct CartesiaSynthesizerTests {
    private func session(
        _ url: String, _ loop: EventLoop, format: AudioFormat = .telephone,
        adjust: (inout CartesiaConfiguration) -> Void = { _ in }
    ) async throws -> any SynthesisSession {
        var configuration = CartesiaConfiguration(url: url, apiKey: "emulated")
        adjust(&configuration)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        return try await CartesiaSynthesizer(configuration, loop: loop, logger: logger)
            .makeSession(voice: "", format: format)
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

    @Test("texts come back as audio of their length, on one socket")
    func speaks() async throws {
        let emulator = CartesiaEmulator()
        try await withService(emulator) { url, loop in
            let session = try await session(url, loop)
            for text in ["Your appointment is on Tuesday.", "Goodbye."] {
                #expect(try await collect(session.synthesize(text)).count == text.count * 480)
            }
            session.close()
        }
        #expect(emulator.counts.contexts.count == 2)
        #expect(emulator.counts.connections.count == 1)
        #expect(emulator.counts.violations.count == 0)
    }

    @Test("the vendor tells when each word is said")
    func paces() async throws {
        try await withService(CartesiaEmulator()) { url, loop in
            let session = try await session(url, loop)
            let text = "Your appointment is on Tuesday."
            _ = try await collect(session.synthesize(text))
            let pace = try #require(await session.pace(of: text))
            // The emulated voice needs 480 samples for every character: "Your appointment" has sixteen, and the space is said with it.
            #expect(pace.share(at: 16 * 480) == 17 / 31 && pace.share(at: 16 * 480 - 1) == 5 / 31)
            #expect(pace.share(at: .max) == 1)
            #expect(await session.pace(of: "Another text.") == nil)
            session.close()
        }
    }

    @Test("wide samples stay whole")
    func linear() async throws {
        try await withService(CartesiaEmulator()) { url, loop in
            let session = try await session(url, loop, format: AudioFormat(encoding: .linear16, sampleRate: 16_000))
            for try await chunk in session.synthesize("Hello.") { #expect(chunk.count % 2 == 0) }
            session.close()
        }
    }

    @Test(
        "an interruption cancels the context, and late audio reaches nobody",
        arguments: [CartesiaEmulatorConfiguration.Fault.none, .deaf])
    func interruptions(fault: CartesiaEmulatorConfiguration.Fault) async throws {
        let emulator = CartesiaEmulator(
            CartesiaEmulatorConfiguration(chunkDelay: .milliseconds(200), faults: [fault]))
        try await withService(emulator) { url, loop in
            let session = try await session(url, loop)
            for number in 0..<6 {
                var iterator = session.synthesize("This answer is cut off, number \(number).").makeAsyncIterator()
                #expect(try await iterator.next() != nil)
            }
            #expect(try await collect(session.synthesize("Finally.")).count == 8 * 480)
            session.close()
        }
        #expect(emulator.counts.cancellations.count >= 1)
        #expect(emulator.counts.violations.count == 0)
    }

    @Test(
        "a refusal is known before the first word",
        arguments: [
            (401, SpeechError.Code.unauthorized), (402, .unauthorized), (429, .overloaded), (503, .unavailable),
        ])
    func refused(status: Int, code: SpeechError.Code) async throws {
        let emulator = CartesiaEmulator(CartesiaEmulatorConfiguration(faults: [.refuse(status: status)]))
        try await withService(emulator) { url, loop in
            let error = await #expect(throws: SpeechError.self) { try await session(url, loop) }
            #expect(error?.code == code)
        }
    }

    @Test(
        "an error on the socket fails the text it is about and no other",
        arguments: [(429, SpeechError.Code.overloaded), (400, .refused), (500, .unavailable)])
    func errors(status: Int, code: SpeechError.Code) async throws {
        try await withService(
            CartesiaEmulator(CartesiaEmulatorConfiguration(faults: [.error(status: status)]))
        ) { url, loop in
            let session = try await session(url, loop)
            #expect(await failure(session.synthesize("Nobody says this."))?.code == code)
            #expect(try await collect(session.synthesize("But this.")).count == 9 * 480)
            session.close()
        }
    }

    @Test("a socket that dies in mid-sentence fails that sentence and no other")
    func diesLate() async throws {
        let emulator = CartesiaEmulator(
            CartesiaEmulatorConfiguration(faults: [.close(afterChunks: 2, code: 1011)]))
        try await withService(emulator) { url, loop in
            let session = try await session(url, loop)
            #expect(await failure(session.synthesize("This sentence breaks off in the middle."))?.code == .unavailable)
            #expect(try await collect(session.synthesize("This one does not.")).count == 18 * 480)
            session.close()
        }
    }

    @Test("audio that does not come, or stops coming, is a missed deadline", arguments: [0, 1])
    func stalls(after chunks: Int) async throws {
        let emulator = CartesiaEmulator(CartesiaEmulatorConfiguration(faults: [.stall(afterChunks: chunks)]))
        try await withService(emulator) { url, loop in
            let session = try await session(url, loop) {
                $0.firstAudioDeadline = .milliseconds(200)
                $0.chunkDeadline = .milliseconds(200)
            }
            let error = await failure(session.synthesize("This sentence stops coming after a moment."))
            #expect(error?.code == .deadlineExceeded)
            session.close()
        }
    }

    @Test("garbage is passed over")
    func garbage() async throws {
        try await withService(CartesiaEmulator(CartesiaEmulatorConfiguration(faults: [.garbage]))) { url, loop in
            let session = try await session(url, loop)
            #expect(try await collect(session.synthesize("Hello.")).count == 6 * 480)
            session.close()
        }
    }
}
