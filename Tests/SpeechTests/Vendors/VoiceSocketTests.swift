import AudioCore
import Emulators
import Logging
import Networking
import Testing

@testable import Speech

@Suite("Voices that speak one text after the other, against the emulators, over a real socket")
struct VoiceSocketTests {
    enum Vendor: String, CaseIterable, Sendable {
        case rime, flux

        func emulator(_ configuration: VoiceEmulatorConfiguration) -> VoiceEmulator {
            self == .rime ? .rime(configuration) : .flux(configuration)
        }
    }

    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private func session(
        _ vendor: Vendor, _ url: String, _ loop: EventLoop, key: String = "emulated",
        format: AudioFormat = .telephone, patience: Duration = .seconds(3),
        noted: @escaping @Sendable (ProviderEvent) -> Void = { _ in }
    ) async throws -> any SynthesisSession {
        let synthesizer: any SpeechSynthesizer
        switch vendor {
        case .rime:
            var configuration = RimeConfiguration(url: url, apiKey: key)
            (configuration.firstAudioDeadline, configuration.chunkDeadline) = (patience, patience)
            synthesizer = RimeSynthesizer(configuration, loop: loop, logger: Self.logger, noted: noted)
        case .flux:
            var configuration = FluxVoiceConfiguration(url: url, apiKey: key)
            (configuration.firstAudioDeadline, configuration.chunkDeadline) = (patience, patience)
            synthesizer = FluxVoiceSynthesizer(configuration, loop: loop, logger: Self.logger, noted: noted)
        }
        return try await synthesizer.makeSession(voice: "", format: format)
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

    @Test("texts come back as audio of their length, one after the other, on one socket", arguments: Vendor.allCases)
    func speaks(vendor: Vendor) async throws {
        let emulator = vendor.emulator(VoiceEmulatorConfiguration())
        try await withService(emulator) { url, loop in
            let session = try await session(vendor, url, loop)
            // Both are asked for at once, as a dialogue does.
            let streams = ["Your appointment is on Tuesday.", "Goodbye."].map { ($0, session.synthesize($0)) }
            for (text, stream) in streams { #expect(try await collect(stream).count == text.count * 480) }
            session.close()
        }
        #expect(emulator.counts.turns.count == 2)
        #expect(emulator.counts.connections.count == 1)
        #expect(emulator.counts.violations.count == 0)
    }

    @Test("wide samples stay whole", arguments: Vendor.allCases)
    func linear(vendor: Vendor) async throws {
        try await withService(vendor.emulator(VoiceEmulatorConfiguration())) { url, loop in
            let session = try await session(
                vendor, url, loop, format: AudioFormat(encoding: .linear16, sampleRate: 16_000))
            let audio = try await collect(session.synthesize("Hello."))
            #expect(audio.count == 6 * 960 * 2)
            session.close()
        }
    }

    @Test(
        "an interruption stops the text, and late audio reaches nobody", arguments: Vendor.allCases,
        [VoiceEmulatorConfiguration.Fault.none, .deaf])
    func interruptions(vendor: Vendor, fault: VoiceEmulatorConfiguration.Fault) async throws {
        let emulator = vendor.emulator(
            VoiceEmulatorConfiguration(chunkDelay: .milliseconds(40), faults: [fault]))
        try await withService(emulator) { url, loop in
            let session = try await session(vendor, url, loop)
            for number in 0..<4 {
                var iterator = session.synthesize("This answer is cut off, number \(number).").makeAsyncIterator()
                #expect(try await iterator.next() != nil)
            }
            #expect(try await collect(session.synthesize("Finally.")).count == 8 * 480)
            session.close()
        }
        #expect(emulator.counts.cuts.count == 4)
        #expect(emulator.counts.violations.count == 0)
    }

    @Test("a text that waits is spoken when the one before it is given up", arguments: Vendor.allCases)
    func next(vendor: Vendor) async throws {
        let emulator = vendor.emulator(VoiceEmulatorConfiguration(chunkDelay: .milliseconds(40)))
        try await withService(emulator) { url, loop in
            let session = try await session(vendor, url, loop, patience: .seconds(20))
            let next: SynthesizedAudio
            let begun = ContinuousClock.now
            do {
                var iterator = session.synthesize(String(repeating: "on and on ", count: 100)).makeAsyncIterator()
                #expect(try await iterator.next() != nil)
                next = session.synthesize("Finally.")
            }
            #expect(try await collect(next).count == 8 * 480)
            // All of the first would take ten seconds.
            #expect(ContinuousClock.now - begun < .seconds(5))
            session.close()
        }
    }

    @Test("Flux is told how much was heard when it is interrupted")
    func offsets() async throws {
        let emulator = VoiceEmulator.flux(VoiceEmulatorConfiguration(chunkDelay: .milliseconds(60)))
        try await withService(emulator) { url, loop in
            let session = try await session(.flux, url, loop)
            for _ in 0..<2 {
                var iterator = session.synthesize("This answer is cut off after a while.").makeAsyncIterator()
                for _ in 0..<3 { #expect(try await iterator.next() != nil) }
            }
            #expect(try await collect(session.synthesize("Finally.")).count == 8 * 480)
            session.close()
        }
        #expect(emulator.counts.cuts.count == 2)
        #expect(emulator.counts.offsets.count == 2)
    }

    @Test(
        "a refusal is known before the first word", arguments: Vendor.allCases,
        [(401, SpeechError.Code.unauthorized), (402, .unauthorized), (429, .overloaded), (503, .unavailable)])
    func refused(vendor: Vendor, answer: (Int, SpeechError.Code)) async throws {
        let emulator = vendor.emulator(VoiceEmulatorConfiguration(faults: [.refuse(status: answer.0)]))
        try await withService(emulator) { url, loop in
            let error = await #expect(throws: SpeechError.self) { try await session(vendor, url, loop) }
            #expect(error?.code == answer.1)
        }
    }

    @Test("a wrong key is a matter for a person", arguments: Vendor.allCases)
    func wrongKey(vendor: Vendor) async throws {
        try await withService(vendor.emulator(VoiceEmulatorConfiguration())) { url, loop in
            let error = await #expect(throws: SpeechError.self) { try await session(vendor, url, loop, key: "another") }
            #expect(error?.code == .unauthorized)
        }
    }

    @Test("a socket that dies in mid-sentence fails that sentence and no other", arguments: Vendor.allCases)
    func diesLate(vendor: Vendor) async throws {
        let emulator = vendor.emulator(VoiceEmulatorConfiguration(faults: [.close(afterChunks: 2, code: 1011)]))
        try await withService(emulator) { url, loop in
            let session = try await session(vendor, url, loop)
            #expect(await failure(session.synthesize("This sentence breaks off in the middle."))?.code == .unavailable)
            #expect(try await collect(session.synthesize("This one does not.")).count == 18 * 480)
            session.close()
        }
    }

    @Test("an error of the vendor's is one text's matter", arguments: Vendor.allCases)
    func errors(vendor: Vendor) async throws {
        let emulator = vendor.emulator(VoiceEmulatorConfiguration(faults: [.error]))
        try await withService(emulator) { url, loop in
            let session = try await session(vendor, url, loop)
            let first = await failure(session.synthesize("Said or not."))
            // Flux closes its socket, and what had not begun is said on the next.
            #expect(first?.code == (vendor == .rime ? .unavailable : nil))
            #expect(try await collect(session.synthesize("But this.")).count == 9 * 480)
            session.close()
        }
    }

    @Test(
        "audio that does not come, or stops coming, is a missed deadline", arguments: Vendor.allCases, [0, 1])
    func stalls(vendor: Vendor, after chunks: Int) async throws {
        let emulator = vendor.emulator(VoiceEmulatorConfiguration(faults: [.stall(afterChunks: chunks)]))
        try await withService(emulator) { url, loop in
            let session = try await session(vendor, url, loop, patience: .milliseconds(200))
            let error = await failure(session.synthesize("This sentence stops coming after a moment."))
            #expect(error?.code == .deadlineExceeded)
            session.close()
        }
    }

    @Test("garbage is passed over, and counted", arguments: Vendor.allCases)
    func garbage(vendor: Vendor) async throws {
        let notes = Lock<[ProviderEvent]>([])
        try await withService(vendor.emulator(VoiceEmulatorConfiguration(faults: [.garbage]))) { url, loop in
            let session = try await session(vendor, url, loop) { note in notes.withLock { $0.append(note) } }
            #expect(try await collect(session.synthesize("Hello.")).count == 6 * 480)
            session.close()
        }
        #expect(notes.withLock { $0 } == [.unreadable])
    }

    @Test("what a vendor does not speak is refused before anything is sent")
    func formats() {
        #expect(throws: SpeechError.self) {
            try RimeConfiguration(apiKey: "k").request(
                voice: "", format: AudioFormat(encoding: .alaw, sampleRate: 8000))
        }
        #expect(throws: SpeechError.self) {
            try FluxVoiceConfiguration(apiKey: "k").request(voice: "a&b", format: .telephone)
        }
    }

    @Test("Rime is told the language in its own words", arguments: [("es", "spa"), ("de-DE", "ger"), ("nld", "nld")])
    func language(written: String, told: String) throws {
        let configuration = RimeConfiguration(apiKey: "k", language: written)
        #expect(try configuration.request(voice: "", format: .telephone).url.hasSuffix("&lang=\(told)"))
    }
}
