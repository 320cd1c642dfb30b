import AudioCore
import Emulators
import Logging
import Networking
import Speech
import Testing

@Suite("Voices that are asked over HTTP, against the emulators")
struct HTTPSynthesizerTests {
    enum Vendor: String, CaseIterable, Sendable {
        case aura, openAI, azure, google, elevenLabs
    }

    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// A session against an emulator with these faults.
    private func withSession(
        _ vendor: Vendor, _ emulated: SpeechEmulatorConfiguration = .init(), key: String = "emulated",
        model: String = "gpt-4o-mini-tts", format: AudioFormat = .telephone,
        _ body: (any SynthesisSession, EmulatorFleet) async throws -> Void
    ) async throws {
        var configuration = EmulatorFleet.Configuration()
        configuration.aura = emulated
        configuration.openAISpeech = emulated
        configuration.azureSpeech = emulated
        configuration.googleSpeech = emulated
        configuration.elevenLabsSpeech = emulated
        let fleet = EmulatorFleet(configuration, logger: Self.logger)
        let addresses = try await fleet.start()
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: Self.logger)
        let dialect: any SpeechHTTPDialect =
            switch vendor {
            case .aura: AuraConfiguration(url: addresses.aura, apiKey: key)
            case .openAI: OpenAISpeechConfiguration(url: addresses.openAI, apiKey: key, model: model)
            case .azure: AzureVoiceConfiguration(url: addresses.aura, apiKey: key)
            case .google: GoogleVoiceConfiguration(url: addresses.aura, apiKey: key)
            case .elevenLabs: ElevenLabsHTTPConfiguration(url: addresses.aura, apiKey: key)
            }
        do {
            let session = try await HTTPSynthesizer(dialect, client: client).makeSession(voice: "", format: format)
            try await body(session, fleet)
            session.close()
        } catch {
            await client.shutdown()
            await fleet.shutdown()
            throw error
        }
        await client.shutdown()
        await fleet.shutdown()
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

    @Test("a text comes back as audio of its length, in the leg's format", arguments: Vendor.allCases)
    func speaks(vendor: Vendor) async throws {
        try await withSession(vendor) { session, fleet in
            let text = "Your appointment is on Tuesday."
            let audio = try await collect(session.synthesize(text))
            // 60 ms a character; a resampler may hold back a few samples.
            #expect(abs(audio.count - text.count * 480) < 100, "\(audio.count)")
            #expect(Set(audio).count > 20, "sound, not silence")
            let emulators = [
                fleet.openAISpeech, fleet.aura, fleet.azureSpeech, fleet.googleSpeech, fleet.elevenLabsSpeech,
            ]
            #expect(emulators.allSatisfy { $0.counts.refusals.count == 0 })
        }
    }

    @Test("packets of one byte make the same audio", arguments: Vendor.allCases)
    func drip(vendor: Vendor) async throws {
        var whole: [UInt8] = []
        try await withSession(vendor) { session, _ in whole = try await collect(session.synthesize("Yes.")) }
        try await withSession(vendor, SpeechEmulatorConfiguration(packetSize: 1)) { session, _ in
            let dripped = try await collect(session.synthesize("Yes."))
            #expect(dripped == whole)
        }
    }

    @Test("a server that speaks at another rate says so, and is believed")
    func otherRate() async throws {
        try await withSession(.openAI, model: "piper") { session, _ in
            let audio = try await collect(session.synthesize("Ten letters."))
            #expect(abs(audio.count - 12 * 480) < 100, "\(audio.count)")
        }
    }

    @Test("wide samples stay whole", arguments: Vendor.allCases)
    func linear(vendor: Vendor) async throws {
        let format = AudioFormat(encoding: .linear16, sampleRate: 8000)
        try await withSession(vendor, SpeechEmulatorConfiguration(packetSize: 7), format: format) { session, _ in
            for try await chunk in session.synthesize("Hello.") { #expect(chunk.count % 2 == 0) }
        }
    }

    @Test(
        "a refusal is told apart from a failure",
        arguments: Vendor.allCases,
        [
            (401, SpeechError.Code.unauthorized), (402, .unauthorized), (400, .refused), (429, .overloaded),
            (503, .unavailable), (500, .unavailable),
        ])
    func refused(vendor: Vendor, answer: (Int, SpeechError.Code)) async throws {
        let emulated = SpeechEmulatorConfiguration(faults: [.refuse(status: answer.0, code: "NO")])
        try await withSession(vendor, emulated) { session, _ in
            let error = await failure(session.synthesize("Hello."))
            #expect(error?.code == answer.1)
            #expect(error?.description.contains(String(answer.0)) == true, "\(String(describing: error))")
            #expect(error?.description.contains("refused as configured") == true, "the vendor's own words")
            let next = try await collect(session.synthesize("Hello."))
            #expect(!next.isEmpty, "the next text is a new chance")
        }
    }

    @Test("a wrong key is a matter for a person", arguments: Vendor.allCases)
    func wrongKey(vendor: Vendor) async throws {
        try await withSession(vendor, key: "another") { session, _ in
            #expect(await failure(session.synthesize("Hello."))?.code == .unauthorized)
        }
    }

    @Test(
        "a connection that breaks, or a body that is no audio, is a failure", arguments: Vendor.allCases,
        [SpeechEmulatorConfiguration.Fault.cut(afterChunks: 1), .cut(afterChunks: 0), .garbage])
    func breaks(vendor: Vendor, fault: SpeechEmulatorConfiguration.Fault) async throws {
        try await withSession(vendor, SpeechEmulatorConfiguration(faults: [fault])) { session, _ in
            let error = await failure(session.synthesize("This sentence breaks off in the middle of it."))
            #expect(error != nil)
            #expect(error?.code != .unauthorized)
        }
    }

    @Test("whoever ends the iteration ends the request", arguments: Vendor.allCases)
    func cancelled(vendor: Vendor) async throws {
        let emulated = SpeechEmulatorConfiguration(chunkDelay: .milliseconds(20))
        try await withSession(vendor, emulated) { session, fleet in
            do {
                var audio = session.synthesize("This answer is cut off while it is still being said.")
                    .makeAsyncIterator()
                let chunk = try await audio.next()
                #expect(chunk != nil)
            }
            // The connection was closed in the middle of the answer; another one serves the next text.
            let next = try await collect(session.synthesize("Yes."))
            #expect(!next.isEmpty)
        }
    }

    @Test("a text that is too long, and a voice that is none, are refused before anything is sent")
    func limits() async throws {
        try await withSession(.aura) { session, fleet in
            let error = await failure(session.synthesize(String(repeating: "word ", count: 500)))
            #expect(error?.code == .refused)
            #expect(fleet.aura.counts.requests.count == 0)
        }
        let synthesizer = HTTPSynthesizer(
            AuraConfiguration(apiKey: "k"), client: HTTPClient(logger: Self.logger))
        await #expect(throws: SpeechError.self) {
            try await synthesizer.makeSession(voice: "a b&c", format: .telephone)
        }
    }

    @Test("nothing to say is no work")
    func empty() async throws {
        try await withSession(.openAI) { session, fleet in
            let audio = try await collect(session.synthesize(" \n"))
            #expect(audio.isEmpty)
            #expect(fleet.openAISpeech.counts.requests.count == 0)
        }
    }
}
