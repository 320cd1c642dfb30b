import AudioCore
import Emulators
import Logging
import Networking
import Speech
import Testing

@Suite("Recognizers that hear a stream, against their emulators, over real sockets")
struct StreamingVendorsTests {
    enum Vendor: String, CaseIterable, Sendable {
        case flux, assemblyAI, openAIRealtime, scribe, ink, soniox, speechmatics, azure

        func emulator(_ configuration: ListeningEmulatorConfiguration) -> ListeningEmulator {
            switch self {
            case .flux: .flux(configuration)
            case .assemblyAI: .assemblyAI(configuration)
            case .openAIRealtime: .openAIRealtime(configuration)
            case .scribe: .scribe(configuration)
            case .ink: .ink(configuration)
            case .soniox: .soniox(configuration)
            case .speechmatics: .speechmatics(configuration)
            case .azure: .azure(configuration)
            }
        }

        func recognizer(
            _ url: String, key: String, loop: EventLoop, language: String = "en"
        ) -> any SpeechRecognizer {
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            switch self {
            case .flux: return FluxRecognizer(FluxConfiguration(url: url, apiKey: key), loop: loop, logger: logger)
            case .assemblyAI:
                return AssemblyAIRecognizer(AssemblyAIConfiguration(url: url, apiKey: key), loop: loop, logger: logger)
            case .scribe:
                return ScribeRecognizer(
                    ScribeConfiguration(url: url, apiKey: key, language: language), loop: loop, logger: logger)
            case .ink: return InkRecognizer(InkConfiguration(url: url, apiKey: key), loop: loop, logger: logger)
            case .soniox:
                return SonioxRecognizer(
                    SonioxConfiguration(url: url, apiKey: key, language: language), loop: loop, logger: logger)
            case .speechmatics:
                return SpeechmaticsRecognizer(
                    SpeechmaticsConfiguration(url: url, apiKey: key, language: language), loop: loop, logger: logger)
            case .azure:
                let languages = ["multi": "es-ES,en-US", "es": "es-ES"][language] ?? language
                return AzureTranscriptionRecognizer(
                    AzureTranscriptionConfiguration(url: url, apiKey: key, languages: languages), loop: loop,
                    logger: logger)
            case .openAIRealtime:
                return RealtimeTranscriptionRecognizer(
                    RealtimeTranscriptionConfiguration(url: url + "/v1", apiKey: key), loop: loop, logger: logger)
            }
        }
    }

    /// A leg that plays audio in real time and collects what is recognized.
    private struct Leg {
        let session: any RecognitionSession
        let loop: EventLoop
        private let stream: AsyncStream<RecognitionEvent>

        init(
            _ vendor: Vendor, _ url: String, loop: EventLoop, key: String = "emulated", language: String = "en"
        ) throws {
            let (stream, continuation) = AsyncStream.makeStream(of: RecognitionEvent.self)
            self.stream = stream
            self.loop = loop
            session = try vendor.recognizer(url, key: key, loop: loop, language: language).makeSession(
                format: .telephone, vocabulary: SpeechVocabulary(contexts: [], classes: ["doctor": ["doctor lee"]])
            ) { continuation.yield($0) }
        }

        /// Frames of 20 ms, one every 20 ms, on the session's loop.
        func play(_ audio: [UInt8]) async {
            for offset in stride(from: 0, to: audio.count, by: 160) {
                let frame = Array(audio[offset..<min(offset + 160, audio.count)])
                let session = session
                await withCheckedContinuation { done in
                    loop.post {
                        session.inlet.write(frame.span)
                        session.audioArrived()
                        loop.schedule(after: .milliseconds(20)) { done.resume() }
                    }
                }
            }
        }

        func say(_ id: UInt32, _ duration: Duration = .milliseconds(960)) async {
            await play([UInt8](repeating: 0xFF, count: 800))
            await onLoop { $0.beginUtterance(UtteranceID(id), context: "") }
            await play(SpeechLikeTone.muLaw(duration))
            await play([UInt8](repeating: 0xFF, count: 3200))
            await onLoop { $0.finishUtterance(UtteranceID(id)) }
            // A carrier sends silence, too.
            await play([UInt8](repeating: 0xFF, count: 3200))
        }

        func onLoop(_ body: @escaping @Sendable (any RecognitionSession) -> Void) async {
            let session = session
            await withCheckedContinuation { done in
                loop.post {
                    body(session)
                    done.resume()
                }
            }
        }

        /// Events up to and including the first terminal one.
        func untilTerminal() async -> [RecognitionEvent] {
            var events: [RecognitionEvent] = []
            for await event in stream {
                events.append(event)
                switch event {
                case .final, .nothingHeard, .failed: return events
                default: continue
                }
            }
            return events
        }

        func text() async -> String? {
            guard case .final(let transcript)? = await untilTerminal().last else { return nil }
            return transcript.text
        }
    }

    @Test("utterances come back as their words, each once", arguments: Vendor.allCases)
    func recognizes(vendor: Vendor) async throws {
        let emulator = vendor.emulator(
            ListeningEmulatorConfiguration(transcripts: ["i would like to book an appointment", "yes please"]))
        try await withService(emulator) { url, loop in
            let leg = try Leg(vendor, url, loop: loop)
            await leg.say(1)
            #expect(await leg.text() == "i would like to book an appointment")
            await leg.say(2, .milliseconds(480))
            #expect(await leg.text() == "yes please")
            leg.session.close()
        }
        #expect(emulator.counts.violations.count == 0, "every message of ours was accepted")
        #expect(emulator.counts.connections.count == 1)
        // OpenAI, ElevenLabs and Azure have no message for it.
        let hasFarewell = ![.openAIRealtime, .scribe, .azure].contains(vendor)
        #expect(emulator.counts.endings.count == (hasFarewell ? 1 : 0))
    }

    @Test(
        "the 300 ms before the detector's verdict are heard, also where only utterances are sent",
        arguments: Vendor.allCases)
    func preRoll(vendor: Vendor) async throws {
        var configuration = ListeningEmulatorConfiguration()
        configuration.hearsSpelling = true
        try await withService(vendor.emulator(configuration)) { url, loop in
            let leg = try Leg(vendor, url, loop: loop)
            // Somebody who has said nothing for longer than is kept.
            await leg.play([UInt8](repeating: 0xFF, count: 6400))
            await leg.play(SpelledSpeech.audio(of: 7))
            await leg.onLoop { $0.beginUtterance(UtteranceID(1), context: "") }
            await leg.play(SpelledSpeech.audio(of: 8))
            await leg.play([UInt8](repeating: 0xFF, count: 3200))
            await leg.onLoop { $0.finishUtterance(UtteranceID(1)) }
            await leg.play([UInt8](repeating: 0xFF, count: 3200))
            let text = await leg.text() ?? ""
            #expect(text.contains("7") || text.contains("seven"), "\(text)")
            #expect(text.contains("8") || text.contains("eight"), "\(text)")
            leg.session.close()
        }
    }

    @Test(
        "vendors that find the language out say which it was, and only when asked",
        arguments: [Vendor.scribe, .soniox, .speechmatics, .azure], ["multi", "es"])
    func languages(vendor: Vendor, asked: String) async throws {
        var configuration = ListeningEmulatorConfiguration(transcripts: ["quisiera una cita", "good morning"])
        configuration.languages = ["spa", "en"]
        let emulator = vendor.emulator(configuration)
        try await withService(emulator) { url, loop in
            let leg = try Leg(vendor, url, loop: loop, language: asked)
            for (id, language) in [(UInt32(1), "es"), (2, "en")] {
                await leg.say(id)
                guard case .final(let transcript)? = await leg.untilTerminal().last else {
                    Issue.record("no words")
                    return
                }
                #expect(transcript.language == (asked == "multi" ? language : nil))
                #expect(transcript.words.count == transcript.text.split(separator: " ").count)
                #expect(zip(transcript.words, transcript.words.dropFirst()).allSatisfy { $0.end <= $1.start })
                #expect(transcript.words.allSatisfy { (0.9...1).contains($0.confidence) && $0.end <= 16_000 })
            }
            leg.session.close()
        }
        #expect(emulator.counts.violations.count == 0)
    }

    @Test("silence is nothing heard", arguments: Vendor.allCases)
    func silent(vendor: Vendor) async throws {
        try await withService(vendor.emulator(.init())) { url, loop in
            let leg = try Leg(vendor, url, loop: loop)
            await leg.onLoop { $0.beginUtterance(UtteranceID(1), context: "") }
            await leg.play([UInt8](repeating: 0xFF, count: 4000))
            await leg.onLoop { $0.finishUtterance(UtteranceID(1)) }
            await leg.play([UInt8](repeating: 0xFF, count: 1600))
            #expect(await leg.untilTerminal() == [.nothingHeard(UtteranceID(1))])
            leg.session.close()
        }
    }

    @Test("a wrong key is a matter for a person, and not tried again", arguments: Vendor.allCases)
    func wrongKey(vendor: Vendor) async throws {
        let emulator = vendor.emulator(.init())
        try await withService(emulator) { url, loop in
            let leg = try Leg(vendor, url, loop: loop, key: "another")
            guard case .failed(nil, let error)? = await leg.untilTerminal().last else {
                Issue.record("no failure")
                return
            }
            #expect(error.code == .unauthorized)
            leg.session.close()
        }
        #expect(emulator.counts.connections.count == 1)
    }

    @Test(
        "what goes wrong on a connection costs no words", arguments: Vendor.allCases,
        [
            ListeningEmulatorConfiguration.Fault.close(afterAudio: .milliseconds(400), code: 1011, reason: "NET-0000"),
            .refuse(status: 503, code: "BUSY"), .refuse(status: 429, code: "TOO_MANY"), .duplicate,
            .huge,
        ])
    func faults(vendor: Vendor, fault: ListeningEmulatorConfiguration.Fault) async throws {
        let emulator = vendor.emulator(
            ListeningEmulatorConfiguration(transcripts: ["move my appointment"], faults: [fault]))
        try await withService(emulator) { url, loop in
            let leg = try Leg(vendor, url, loop: loop)
            await leg.say(1, .milliseconds(1200))
            #expect(await leg.text() == "move my appointment")
            leg.session.close()
        }
    }

    @Test(
        "one that says nothing, or nothing that can be read, is a failure or silence within its deadline",
        arguments: Vendor.allCases, [ListeningEmulatorConfiguration.Fault.mute, .garbage, .stall(afterResults: 0)])
    func mute(vendor: Vendor, fault: ListeningEmulatorConfiguration.Fault) async throws {
        try await withService(vendor.emulator(ListeningEmulatorConfiguration(faults: [fault]))) { url, loop in
            let leg = try Leg(vendor, url, loop: loop)
            await leg.say(1, .milliseconds(1680))
            #expect(await leg.untilTerminal().count >= 1)
            leg.session.close()
        }
    }

    @Test("vendors that judge the end of a turn say what they believe", arguments: [Vendor.flux, .assemblyAI, .ink])
    func endOfTurn(vendor: Vendor) async throws {
        try await withService(vendor.emulator(.init())) { url, loop in
            let leg = try Leg(vendor, url, loop: loop)
            await leg.play([UInt8](repeating: 0xFF, count: 800))
            await leg.onLoop { $0.beginUtterance(UtteranceID(1), context: "") }
            await leg.play(SpeechLikeTone.muLaw(.milliseconds(960)))
            await leg.play([UInt8](repeating: 0xFF, count: 6400))
            await leg.onLoop { $0.finishUtterance(UtteranceID(1)) }
            let events = await leg.untilTerminal()
            let beliefs = events.compactMap { if case .endOfTurn(_, let belief) = $0 { belief } else { nil } }
            #expect(beliefs.contains { $0 >= 0.7 }, "\(events)")
            // Cartesia says nothing of a turn that goes on.
            #expect(vendor == .ink ? beliefs.contains(0.6) : beliefs.contains { $0 < 0.5 }, "\(events)")
            leg.session.close()
        }
    }
}
