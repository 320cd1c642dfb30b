import AudioCore
import Emulators
import Logging
import Networking
import Speech
import Testing

@Suite("Deepgram's recognizer against the emulator, over a real socket")
struct DeepgramRecognizerTests {
    /// A leg that plays audio in real time and collects what is recognized.
    private struct Leg {
        let session: any RecognitionSession
        let loop: EventLoop
        private let stream: AsyncStream<RecognitionEvent>
        let notes = Lock<[ProviderEvent]>([])

        init(
            _ url: String, loop: EventLoop, adjust: (inout DeepgramConfiguration) -> Void = { _ in }
        ) throws {
            var configuration = DeepgramConfiguration(url: url, apiKey: "emulated")
            adjust(&configuration)
            let (stream, continuation) = AsyncStream.makeStream(of: RecognitionEvent.self)
            self.stream = stream
            self.loop = loop
            let recognizer = DeepgramRecognizer(
                configuration, loop: loop, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                noted: { [notes] note in notes.withLock { $0.append(note) } })
            session = try recognizer.makeSession(
                format: .telephone, vocabulary: SpeechVocabulary(contexts: [])
            ) { continuation.yield($0) }
        }

        /// Writes `audio` in frames of 20 ms, one every 20 ms, on the session's loop.
        func play(_ audio: [UInt8]) async {
            let session = session
            let loop = loop
            await withCheckedContinuation { done in
                loop.post {
                    Player.run(audio, into: session, on: loop) { done.resume() }
                }
            }
        }

        func say(_ id: UInt32, _ duration: Duration, thenQuiet quiet: Duration = .milliseconds(500)) async {
            await play(silence(.milliseconds(100)))
            session.beginUtterance(UtteranceID(id), context: "")
            await play(SpeechLikeTone.muLaw(duration))
            await play(silence(quiet))
            session.finishUtterance(UtteranceID(id))
        }

        func silence(_ duration: Duration) -> [UInt8] {
            [UInt8](repeating: 0xFF, count: Int(duration.milliseconds) * 8)
        }

        /// Events up to and including the first terminal one.
        func untilTerminal() async -> [RecognitionEvent] {
            var events: [RecognitionEvent] = []
            for await event in stream {
                events.append(event)
                if event.isTerminal { return events }
            }
            return events
        }
    }

    @Test("an utterance comes back as its words, with interims before")
    func recognizes() async throws {
        let emulator = DeepgramEmulator(
            DeepgramEmulatorConfiguration(
                transcripts: ["i would like to book an appointment", "yes please"],
                interimInterval: .milliseconds(200)))
        try await withService(emulator) { url, loop in
            let leg = try Leg(url, loop: loop)
            await leg.say(1, .milliseconds(960))
            let first = await leg.untilTerminal()
            #expect(first.last?.text == "i would like to book an appointment")
            #expect(first.count > 1, "there should be interims")
            await leg.say(2, .milliseconds(480))
            #expect(await leg.untilTerminal().last?.text == "yes please")
            leg.session.close()
        }
        // 2 × (100 + speech + 500) ms; the last partial frame may stay behind.
        #expect(emulator.counts.audioBytes.count >= 8 * (2640 - 200))
        #expect(emulator.counts.closedStreams.count == 1)
    }

    @Test("whoever asks for several languages is told which one was spoken", arguments: ["multi", "en"])
    func languages(asked: String) async throws {
        var configuration = DeepgramEmulatorConfiguration(transcripts: ["good morning", "quisiera una cita"])
        configuration.languages = ["en", "es-419"]
        try await withService(DeepgramEmulator(configuration)) { url, loop in
            let leg = try Leg(url, loop: loop) { $0.language = asked }
            for (id, language) in [(UInt32(1), "en"), (2, "es-419")] {
                await leg.say(id, .milliseconds(480))
                guard case .final(let transcript)? = await leg.untilTerminal().last else {
                    Issue.record("no words")
                    return
                }
                #expect(transcript.language == (asked == "multi" ? language : nil))
            }
            leg.session.close()
        }
    }

    @Test("an utterance cut off in mid-speech is answered through Finalize")
    func finalizes() async throws {
        let emulator = DeepgramEmulator(DeepgramEmulatorConfiguration(transcripts: ["four two"]))
        try await withService(emulator) { url, loop in
            let leg = try Leg(url, loop: loop) {
                $0.finalizeDeadline = .seconds(30)
                $0.answerDeadline = .seconds(30)
            }
            let begun = ContinuousClock.now
            await leg.say(1, .milliseconds(720), thenQuiet: .milliseconds(60))
            #expect(await leg.untilTerminal().last?.text == "four two")
            #expect(ContinuousClock.now - begun < .seconds(20), "the answer, not a deadline, ended it")
            leg.session.close()
        }
        #expect(emulator.counts.finalizes.count == 1)
    }

    @Test("silence is reported as nothing heard, although Finalize is not answered")
    func unanswered() async throws {
        let emulator = DeepgramEmulator(DeepgramEmulatorConfiguration(faults: [.ignoreFinalize]))
        try await withService(emulator) { url, loop in
            let leg = try Leg(url, loop: loop) { $0.finalizeDeadline = .milliseconds(100) }
            leg.session.beginUtterance(UtteranceID(1), context: "")
            await leg.play(leg.silence(.milliseconds(400)))
            leg.session.finishUtterance(UtteranceID(1))
            #expect(await leg.untilTerminal() == [.nothingHeard(UtteranceID(1))])
            leg.session.close()
        }
    }

    @Test(
        "a refusal is told apart from a failure",
        arguments: [
            (401, SpeechError.Code.unauthorized), (400, .refused), (402, .unauthorized), (403, .unauthorized),
        ])
    func refused(status: Int, code: SpeechError.Code) async throws {
        let emulator = DeepgramEmulator(
            DeepgramEmulatorConfiguration(faults: [.refuse(status: status, code: "REFUSED")]))
        try await withService(emulator) { url, loop in
            let leg = try Leg(url, loop: loop)
            guard case .failed(nil, let error) = await leg.untilTerminal().first else {
                Issue.record("no failure")
                return
            }
            #expect(error.code == code)
            #expect(!error.isRetryable)
            #expect(error.description.contains(String(status)))
            await leg.say(1, .milliseconds(100), thenQuiet: .zero)
            guard case .failed(UtteranceID(1), let again) = await leg.untilTerminal().first else {
                Issue.record("an utterance after the refusal needs its own end")
                return
            }
            #expect(again == error)
            leg.session.close()
        }
        #expect(emulator.counts.connections.count == 1, "a refusal is not tried again")
    }

    @Test("a wrong key is refused")
    func wrongKey() async throws {
        try await withService(DeepgramEmulator()) { url, loop in
            let leg = try Leg(url, loop: loop) { $0.apiKey = "another" }
            guard case .failed(nil, let error) = await leg.untilTerminal().first else {
                Issue.record("no failure")
                return
            }
            #expect(error.code == .unauthorized)
            leg.session.close()
        }
    }

    @Test(
        "a connection that dies in mid-speech is replaced and its audio sent again",
        arguments: [UInt16(1011), 1000, 1001])
    func reconnects(code: UInt16) async throws {
        let emulator = DeepgramEmulator(
            DeepgramEmulatorConfiguration(
                transcripts: ["move my appointment"],
                faults: [.close(afterAudio: .milliseconds(500), code: code, reason: "NET-0000")]))
        try await withService(emulator) { url, loop in
            let leg = try Leg(url, loop: loop)
            await leg.say(1, .milliseconds(1200))
            #expect(await leg.untilTerminal().last?.text == "move my appointment")
            leg.session.close()
        }
        #expect(emulator.counts.connections.count == 2)
        // The whole utterance went over the second connection, beside what the first one took.
        #expect(emulator.counts.audioBytes.count >= 8 * (500 + 1200))
    }

    @Test("a server busy at first is tried again")
    func busy() async throws {
        let emulator = DeepgramEmulator(
            DeepgramEmulatorConfiguration(
                transcripts: ["hello"],
                faults: [.refuse(status: 429, code: "TOO_MANY_REQUESTS"), .refuse(status: 503, code: "BUSY")]))
        try await withService(emulator) { url, loop in
            let leg = try Leg(url, loop: loop)
            await leg.say(1, .milliseconds(960))
            #expect(await leg.untilTerminal().last?.text == "hello")
            leg.session.close()
        }
        #expect(emulator.counts.connections.count == 3)
    }

    @Test("a close that says the audio is wrong is final")
    func badAudio() async throws {
        let emulator = DeepgramEmulator(
            DeepgramEmulatorConfiguration(
                faults: [.close(afterAudio: .milliseconds(100), code: 1008, reason: "DATA-0000")]))
        try await withService(emulator) { url, loop in
            let leg = try Leg(url, loop: loop)
            leg.session.beginUtterance(UtteranceID(1), context: "")
            await leg.play(SpeechLikeTone.muLaw(.milliseconds(400)))
            guard case .failed(UtteranceID(1), let error) = await leg.untilTerminal().last else {
                Issue.record("no failure")
                return
            }
            #expect(error.code == .refused)
            #expect(error.detail.contains("DATA-0000"))
            leg.session.close()
        }
    }

    @Test("a server that takes audio and says nothing is taken for dead")
    func mute() async throws {
        let emulator = DeepgramEmulator(
            DeepgramEmulatorConfiguration(transcripts: ["anybody there"], faults: [.mute]))
        try await withService(emulator) { url, loop in
            let leg = try Leg(url, loop: loop) { $0.firstResultDeadline = .milliseconds(300) }
            await leg.say(1, .milliseconds(1440))
            #expect(await leg.untilTerminal().last?.text == "anybody there")
            leg.session.close()
        }
        #expect(emulator.counts.connections.count >= 2)
    }

    @Test("an unreadable message is passed over, and counted")
    func garbage() async throws {
        let emulator = DeepgramEmulator(
            DeepgramEmulatorConfiguration(
                transcripts: ["still here"], interimInterval: .milliseconds(200), faults: [.garbage]))
        try await withService(emulator) { url, loop in
            let leg = try Leg(url, loop: loop)
            await leg.say(1, .milliseconds(960))
            #expect(await leg.untilTerminal().last?.text == "still here")
            #expect(leg.notes.withLock { $0.filter { $0 == .unreadable } } == [.unreadable])
            leg.session.close()
        }
    }

    @Test("nobody answers at all: the utterance fails within its deadline")
    func unreachable() async throws {
        try await withService(DeepgramEmulator()) { _, loop in
            let leg = try Leg("ws://127.0.0.1:1", loop: loop) { $0.answerDeadline = .milliseconds(300) }
            await leg.say(1, .milliseconds(200), thenQuiet: .zero)
            guard case .failed(UtteranceID(1), let error) = await leg.untilTerminal().last else {
                Issue.record("no failure")
                return
            }
            #expect(error.isRetryable)
            leg.session.close()
        }
    }

    @Test("a quiet leg is kept alive with KeepAlive")
    func keepsAlive() async throws {
        let emulator = DeepgramEmulator()
        try await withService(emulator) { url, loop in
            let leg = try Leg(url, loop: loop) { $0.keepAliveInterval = .milliseconds(500) }
            await leg.play(leg.silence(.milliseconds(200)))
            await loop.pause(.milliseconds(2200))
            #expect(emulator.counts.keepAlives.count >= 1)
            leg.session.close()
        }
    }

    @Test("linear audio is refused before anything is sent")
    func linear() throws {
        let recognizer = DeepgramRecognizer(
            DeepgramConfiguration(apiKey: "k"), loop: EventLoop(name: "unused", logger: Logger(label: "test")),
            logger: Logger(label: "test"))
        #expect(throws: SpeechError.self) {
            try recognizer.makeSession(
                format: AudioFormat(encoding: .linear16, sampleRate: 8000),
                vocabulary: SpeechVocabulary(contexts: [])
            ) { _ in }
        }
    }
}

/// Feeds a session at the pace of a leg, without a task.
private final class Player {
    static func run(
        _ audio: [UInt8], into session: any RecognitionSession, on loop: EventLoop, then done: @escaping () -> Void
    ) {
        var offset = 0
        var timer: LoopTimer?
        guard !audio.isEmpty else { return done() }
        timer = loop.scheduleRepeating(every: .milliseconds(20)) { _ in
            let end = min(offset + 160, audio.count)
            session.inlet.write(audio.span.extracting(offset..<end))
            session.audioArrived()
            offset = end
            guard offset == audio.count else { return }
            timer?.cancel()
            done()
        }
    }
}

extension RecognitionEvent {
    fileprivate var isTerminal: Bool {
        switch self {
        case .final, .nothingHeard, .failed: true
        case .interim, .provisional, .endOfTurn, .taken: false
        }
    }

    fileprivate var text: String? {
        switch self {
        case .final(let transcript), .interim(let transcript), .provisional(let transcript): transcript.text
        case .nothingHeard, .failed, .endOfTurn, .taken: nil
        }
    }
}
