import AudioCore
import Emulators
import Foundation
import Logging
import Networking
import Speech
import TestSupport
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

    /// At the same time; under a sanitizer, where all is late, one after the other.
    private static let width = ProcessInfo.processInfo.environment["PARLEY_INSTRUMENTED"] == nil ? 4 : 1

    /// Over these vendors, some at the same time: each of them is spoken to in real time, so most of it is waiting.
    private static func over(
        _ vendors: [Vendor] = Vendor.allCases, _ body: @escaping @Sendable (Vendor) async throws -> Void
    ) async {
        await AtOnce.each(vendors, atMost: width, body, failed: { Issue.record($1, "by \($0)") })
    }

    @Test("utterances come back as their words, each once")
    func recognizes() async {
        await Self.over { vendor in
            let emulator = vendor.emulator(
                ListeningEmulatorConfiguration(transcripts: ["i would like to book an appointment", "yes please"]))
            try await withService(emulator) { url, loop in
                let leg = try Leg(vendor, url, loop: loop)
                await leg.say(1)
                #expect(await leg.text() == "i would like to book an appointment", "\(vendor)")
                await leg.say(2, .milliseconds(480))
                #expect(await leg.text() == "yes please", "\(vendor)")
                leg.session.close()
            }
            #expect(emulator.counts.violations.count == 0, "every message of ours was accepted, by \(vendor)")
            #expect(emulator.counts.connections.count == 1, "\(vendor)")
            // OpenAI, ElevenLabs and Azure have no message for it.
            let hasFarewell = ![.openAIRealtime, .scribe, .azure].contains(vendor)
            #expect(emulator.counts.endings.count == (hasFarewell ? 1 : 0), "\(vendor)")
        }
    }

    @Test("the 300 ms before the detector's verdict are heard, also where only utterances are sent")
    func preRoll() async {
        await Self.over { vendor in
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
                #expect(text.contains("7") || text.contains("seven"), "\(vendor): \(text)")
                #expect(text.contains("8") || text.contains("eight"), "\(vendor): \(text)")
                leg.session.close()
            }
        }
    }

    @Test(
        "vendors that find the language out say which it was, and only when asked",
        arguments: ["multi", "es"])
    func languages(asked: String) async {
        await Self.over([.scribe, .soniox, .speechmatics, .azure]) { vendor in
            var configuration = ListeningEmulatorConfiguration(transcripts: ["quisiera una cita", "good morning"])
            configuration.languages = ["spa", "en"]
            let emulator = vendor.emulator(configuration)
            try await withService(emulator) { url, loop in
                let leg = try Leg(vendor, url, loop: loop, language: asked)
                for (id, language) in [(UInt32(1), "es"), (2, "en")] {
                    await leg.say(id)
                    guard case .final(let transcript)? = await leg.untilTerminal().last else {
                        Issue.record("no words, by \(vendor)")
                        return
                    }
                    #expect(transcript.language == (asked == "multi" ? language : nil), "\(vendor)")
                    #expect(transcript.words.count == transcript.text.split(separator: " ").count, "\(vendor)")
                    #expect(
                        zip(transcript.words, transcript.words.dropFirst()).allSatisfy { $0.end <= $1.start },
                        "\(vendor)")
                    #expect(
                        transcript.words.allSatisfy { (0.9...1).contains($0.confidence) && $0.end <= 16_000 },
                        "\(vendor)")
                }
                leg.session.close()
            }
            #expect(emulator.counts.violations.count == 0, "\(vendor)")
        }
    }

    @Test("silence is nothing heard")
    func silent() async {
        await Self.over { vendor in
            try await withService(vendor.emulator(.init())) { url, loop in
                let leg = try Leg(vendor, url, loop: loop)
                await leg.onLoop { $0.beginUtterance(UtteranceID(1), context: "") }
                await leg.play([UInt8](repeating: 0xFF, count: 4000))
                await leg.onLoop { $0.finishUtterance(UtteranceID(1)) }
                await leg.play([UInt8](repeating: 0xFF, count: 1600))
                #expect(await leg.untilTerminal() == [.nothingHeard(UtteranceID(1))], "\(vendor)")
                leg.session.close()
            }
        }
    }

    @Test("a wrong key is a matter for a person, and not tried again")
    func wrongKey() async {
        await Self.over { vendor in
            let emulator = vendor.emulator(.init())
            try await withService(emulator) { url, loop in
                let leg = try Leg(vendor, url, loop: loop, key: "another")
                guard case .failed(nil, let error)? = await leg.untilTerminal().last else {
                    Issue.record("no failure, by \(vendor)")
                    return
                }
                #expect(error.code == .unauthorized, "\(vendor)")
                leg.session.close()
            }
            #expect(emulator.counts.connections.count == 1, "\(vendor)")
        }
    }

    @Test(
        "what goes wrong on a connection costs no words",
        arguments: [
            ListeningEmulatorConfiguration.Fault.close(afterAudio: .milliseconds(400), code: 1011, reason: "NET-0000"),
            .refuse(status: 503, code: "BUSY"), .refuse(status: 429, code: "TOO_MANY"), .duplicate,
            .huge,
        ])
    func faults(fault: ListeningEmulatorConfiguration.Fault) async {
        await Self.over { vendor in
            let emulator = vendor.emulator(
                ListeningEmulatorConfiguration(transcripts: ["move my appointment"], faults: [fault]))
            try await withService(emulator) { url, loop in
                let leg = try Leg(vendor, url, loop: loop)
                await leg.say(1, .milliseconds(1200))
                #expect(await leg.text() == "move my appointment", "\(vendor)")
                leg.session.close()
            }
        }
    }

    @Test(
        "one that says nothing, or nothing that can be read, is a failure or silence within its deadline",
        arguments: [ListeningEmulatorConfiguration.Fault.mute, .garbage, .stall(afterResults: 0)])
    func mute(fault: ListeningEmulatorConfiguration.Fault) async {
        await Self.over { vendor in
            try await withService(vendor.emulator(ListeningEmulatorConfiguration(faults: [fault]))) { url, loop in
                let leg = try Leg(vendor, url, loop: loop)
                await leg.say(1, .milliseconds(1680))
                #expect(await leg.untilTerminal().count >= 1, "\(vendor)")
                leg.session.close()
            }
        }
    }

    @Test("vendors that judge the end of a turn say what they believe")
    func endOfTurn() async {
        await Self.over([.flux, .assemblyAI, .ink]) { vendor in
            try await withService(vendor.emulator(.init())) { url, loop in
                let leg = try Leg(vendor, url, loop: loop)
                await leg.play([UInt8](repeating: 0xFF, count: 800))
                await leg.onLoop { $0.beginUtterance(UtteranceID(1), context: "") }
                await leg.play(SpeechLikeTone.muLaw(.milliseconds(960)))
                await leg.play([UInt8](repeating: 0xFF, count: 6400))
                await leg.onLoop { $0.finishUtterance(UtteranceID(1)) }
                let events = await leg.untilTerminal()
                let beliefs = events.compactMap { if case .endOfTurn(_, let belief) = $0 { belief } else { nil } }
                #expect(beliefs.contains { $0 >= 0.7 }, "\(vendor): \(events)")
                // Cartesia says nothing of a turn that goes on.
                #expect(vendor == .ink ? beliefs.contains(0.6) : beliefs.contains { $0 < 0.5 }, "\(vendor): \(events)")
                leg.session.close()
            }
        }
    }
}
