import AudioCore
import Emulators
import Logging
import Networking
import Testing

@testable import Speech

@Suite("Utterances sent as files, against the emulator")
struct TranscriptionRecognizerTests {
    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private struct Leg {
        let session: any RecognitionSession
        private let stream: AsyncStream<RecognitionEvent>

        init(_ recognizer: TranscriptionRecognizer) throws {
            let (stream, continuation) = AsyncStream.makeStream(of: RecognitionEvent.self)
            self.stream = stream
            session = try recognizer.makeSession(format: .telephone, vocabulary: SpeechVocabulary(contexts: [])) {
                continuation.yield($0)
            }
        }

        func play(_ audio: [UInt8]) {
            session.inlet.write(audio.span)
            session.audioArrived()
        }

        func next() async -> RecognitionEvent? {
            for await event in stream { return event }
            return nil
        }
    }

    private func withLeg(
        _ emulated: SpeechEmulatorConfiguration = .init(), model: String = "gpt-transcribe", key: String = "emulated",
        _ body: (Leg, EmulatorFleet) async throws -> Void
    ) async throws {
        var configuration = EmulatorFleet.Configuration()
        configuration.transcription = emulated
        let fleet = EmulatorFleet(configuration, logger: Self.logger)
        let addresses = try await fleet.start()
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: Self.logger)
        let leg = try Leg(
            TranscriptionRecognizer(
                TranscriptionConfiguration(url: addresses.openAI, apiKey: key, model: model), client: client))
        do { try await body(leg, fleet) } catch {
            await client.shutdown()
            await fleet.shutdown()
            throw error
        }
        leg.session.close()
        await client.shutdown()
        await fleet.shutdown()
    }

    private let one = UtteranceID(1)
    private let speech = SpeechLikeTone.muLaw(.milliseconds(960))
    private let silence = [UInt8](repeating: 0xFF, count: 4000)

    @Test(
        "words come at the pause already, and are final when nothing follows",
        arguments: ["gpt-transcribe", "whisper-1"])
    func recognizes(model: String) async throws {
        let emulated = SpeechEmulatorConfiguration(transcripts: ["Yes, on the 3rd at 10:30, please!"])
        try await withLeg(emulated, model: model) { leg, fleet in
            leg.play(silence)
            leg.session.beginUtterance(one, context: "")
            leg.play(speech)
            leg.session.pauseUtterance(one)
            guard case .provisional(let early)? = await leg.next() else {
                Issue.record("no words at the pause")
                return
            }
            #expect(early.text == "yes on the third at ten thirty please")
            #expect(early.confidence > 0.8 && early.confidence < 1, "as the server says")
            leg.session.finishUtterance(one)
            #expect(await leg.next() == .final(early))
            #expect(fleet.transcription.counts.requests.count == 1)
            #expect(fleet.transcription.counts.refusals.count == 0)
        }
    }

    @Test("a caller who goes on is heard whole")
    func goesOn() async throws {
        let emulated = SpeechEmulatorConfiguration(transcripts: ["not this", "but this"])
        try await withLeg(emulated) { leg, fleet in
            leg.session.beginUtterance(one, context: "")
            leg.play(speech)
            leg.session.pauseUtterance(one)
            _ = await leg.next()
            leg.session.resumeUtterance(one)
            leg.play(speech)
            leg.session.finishUtterance(one)
            guard case .final(let transcript)? = await leg.next() else {
                Issue.record("no words")
                return
            }
            #expect(transcript.text == "but this")
            #expect(fleet.transcription.counts.requests.count == 2)
        }
    }

    @Test("silence is nothing heard, whatever the model invents", arguments: ["gpt-transcribe", "whisper-1"])
    func silent(model: String) async throws {
        try await withLeg(model: model) { leg, _ in
            leg.session.beginUtterance(one, context: "")
            leg.play(silence)
            leg.session.finishUtterance(one)
            #expect(await leg.next() == .nothingHeard(one))
        }
    }

    @Test(
        "what failed at the pause is asked again at the end; what fails there is said",
        arguments: [
            (SpeechEmulatorConfiguration.Fault.refuse(status: 503, code: "busy"), SpeechError.Code.unavailable),
            (.refuse(status: 429, code: "rate_limit"), .overloaded), (.refuse(status: 401, code: "key"), .unauthorized),
            (.garbage, .unavailable), (.cut(afterChunks: 0), .unavailable),
        ])
    func failures(fault: SpeechEmulatorConfiguration.Fault, code: SpeechError.Code) async throws {
        try await withLeg(SpeechEmulatorConfiguration(faults: [fault, fault])) { leg, fleet in
            leg.session.beginUtterance(one, context: "")
            leg.play(speech)
            leg.session.finishUtterance(one)
            guard case .failed(one, let error)? = await leg.next() else {
                Issue.record("no failure")
                return
            }
            #expect(error.code == code)
            leg.session.beginUtterance(UtteranceID(2), context: "")
            leg.play(speech)
            leg.session.pauseUtterance(UtteranceID(2))
            leg.session.finishUtterance(UtteranceID(2))
            let second = await leg.next()
            if case .failed(UtteranceID(2), _)? = second { return }
            guard case .final? = second else {
                Issue.record("\(String(describing: second))")
                return
            }
        }
    }

    @Test("a cancelled utterance and a closed session say nothing")
    func cancelled() async throws {
        try await withLeg(SpeechEmulatorConfiguration(transcripts: ["one", "two"])) { leg, _ in
            leg.session.beginUtterance(one, context: "")
            leg.play(speech)
            leg.session.finishUtterance(one)
            leg.session.cancelUtterance(one)
            leg.session.beginUtterance(UtteranceID(2), context: "")
            leg.play(speech)
            leg.session.finishUtterance(UtteranceID(2))
            guard case .final(let transcript)? = await leg.next() else {
                Issue.record("no words")
                return
            }
            #expect(transcript.utterance == UtteranceID(2))
        }
    }

    @Test(
        "written text as callers say it",
        arguments: [
            ("Yes, please.", "yes please"), ("It's 10:30.", "it's ten thirty"), ("“Quoted” words", "quoted words"),
            ("¿Qué?", "qué"), ("", ""), ("  A  B ", "a b"), ("rock 'n' roll", "rock n roll"),
        ])
    func plainWords(written: String, spoken: String) {
        #expect(PlainWords.of(written) == spoken)
    }
}
