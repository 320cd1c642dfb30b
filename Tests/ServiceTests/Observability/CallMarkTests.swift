import AudioCore
import Logging
import Networking
import Speech
import Testing

@testable import CallSession
@testable import Service

@Suite("Lines of the log that say which call they are about")
struct CallMarkTests {
    private static func turn(_ number: Int) -> CallEvent {
        .note(
            position: 0,
            .callerTurn(
                CallerTurnRecord(
                    turn: number, text: "", confidence: 1, isOutOfTask: false, started: 0, ended: 0)))
    }

    @Test("a line has the call and the caller's last turn as they are when it is written; its own words are weightier")
    func lines() {
        let log = LogCollector()
        let mark = CallMark(callID: "c1")
        var logger = mark.logger(log.logger)
        logger.warning("first")
        mark.see(Self.turn(2))
        logger[metadataKey: "loop"] = "media-1"
        logger.warning("second", metadata: ["error": "away"])
        logger.warning("third", metadata: ["call.id": "other"])
        logger.debug("not wanted at this level")
        mark.become(callID: "c2")
        logger.warning("fourth")
        #expect(
            log.lines == [
                "warning first call.id=c1 turn=0", "warning second call.id=c1 error=away loop=media-1 turn=2",
                "warning third call.id=other loop=media-1 turn=2", "warning fourth call.id=c2 loop=media-1 turn=0",
            ])
        // The one it was made from is as it was.
        log.logger.warning("fifth")
        #expect(log.lines.last == "warning fifth")
    }

    @Test("vendors that fail are told of with the call whose ears and voice they are")
    func vendors() async throws {
        let (log, others) = (LogCollector(), LogCollector())
        let loop = EventLoop(name: "leg", logger: LogCollector().logger)
        try loop.start()
        var configuration = ParleyConfiguration()
        // Nobody listens on the port for discarding.
        for (name, kind) in [("ears", ParleyConfiguration.Provider.Kind.deepgram), ("other", .assemblyai)] {
            var provider = ParleyConfiguration.Provider(kind: kind)
            (provider.url, provider.apiKey) = ("ws://127.0.0.1:9", Secret("key"))
            configuration.providers[name] = provider
        }
        for name in ["voice", "second"] {
            var provider = ParleyConfiguration.Provider(kind: .cartesia)
            (provider.url, provider.apiKey) = ("ws://127.0.0.1:9", Secret("key"))
            configuration.providers[name] = provider
        }
        configuration.speech.recognizer = [.provider("ears"), .provider("other")]
        configuration.speech.synthesizer = [.provider("voice"), .provider("second")]
        configuration.speech.phraseStoreSize = 0
        let vendors = Vendors(configuration, logger: others.logger)
        for (call, turn) in [("c1", 4), ("c2", 7)] {
            // Anew, so that it is not known yet who is away.
            let engines = try SpeechEngines(configuration, vendors: vendors, logger: others.logger)
            let mark = CallMark(callID: call)
            mark.see(Self.turn(turn))
            let own = engines.metered(by: UsageMeter()).logging(to: mark.logger(log.logger))
            let session = try own.recognizer(on: loop).makeSession(
                format: .telephone, vocabulary: SpeechVocabulary(contexts: [])
            ) { _ in }
            session.beginUtterance(UtteranceID(1), context: "")
            let voice = try await own.synthesizer(on: loop).makeSession(voice: "", format: .telephone)
            await #expect(throws: (any Error).self) { for try await _ in voice.synthesize("Hello.") {} }
            let until = ContinuousClock.now + .seconds(10)
            while !log.contains("speech recognizer broke", "call.id=\(call)"), ContinuousClock.now < until {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(log.contains("speech recognizer broke", " call.id=\(call) ", " turn=\(turn)"), "\(log.lines)")
            #expect(log.contains("The next synthesizer is asked", " call.id=\(call) ", " turn=\(turn)"), "\(log.lines)")
            session.close()
            voice.close()
            engines.close()
        }
        let unnamed = log.lines.filter { !$0.contains(" call.id=") }
        #expect(unnamed.isEmpty, "\(unnamed)")
        #expect(!others.contains("recognizer") && !others.contains("synthesizer"), "\(others.lines)")
        await vendors.close()
        await loop.shutdown()
    }
}
