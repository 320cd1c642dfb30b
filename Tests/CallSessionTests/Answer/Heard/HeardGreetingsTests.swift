import Agent
import AudioCore
import CallSession
import Foundation
import Logging
import Speech
import TestSupport
import Testing

/// Greetings that the embedded recognizer hears, in calls that are held by all rules of a real one.
///
/// `PARLEY_GREETINGS=1 swift test --filter HeardGreetingsTests` measures all of them, and prints what came of it.
@Suite("Who answered, as the embedded recognizer hears it", .serialized)
struct HeardGreetingsTests {
    private static let isWhole = ProcessInfo.processInfo.environment["PARLEY_GREETINGS"] == "1"
    private static let root = URL(fileURLWithPath: #filePath).appending(path: "../../../../..").standardizedFileURL

    /// Gone with the process.
    private static let cache: URL = {
        atexit { try? FileManager.default.removeItem(at: HeardGreetingsTests.cache) }
        return FileManager.default.temporaryDirectory.appending(path: "parley-greetings-\(UUID().uuidString)")
    }()

    private struct NoFlow: Error {}

    /// What is said when a telephone is picked up, and little else: an agent's whole language takes a while to compile.
    private static let fewWords = SpeechVocabulary(contexts: [
        answering,
        SpeechVocabulary.Context(
            name: "attend", sentences: ["yes i will be there", "no i can't come", "can we move it to friday"]),
    ])
    private static let answering = SpeechVocabulary.Context(
        name: AnswerLanguage.context, sentences: AnswerLanguage.sentences)

    /// What is heard in calls of the agent that reminds people.
    private func vocabulary() throws -> SpeechVocabulary {
        let file = Self.root.appending(path: "config/agents/reminder.yaml")
        guard case .flow(let flow) = try AgentBundle.load(file: file).agent.engine else { throw NoFlow() }
        var contexts = flow.language.contexts.sorted { $0.key < $1.key }.map {
            SpeechVocabulary.Context(name: $0.key, sentences: $0.value)
        }
        contexts.append(Self.answering)
        return SpeechVocabulary(
            contexts: contexts, classes: flow.language.classes, pronunciations: flow.language.pronunciations)
    }

    /// What hears them as it is installed: with Moonshine where that is.
    private func engine(_ vocabulary: SpeechVocabulary) throws -> DecodedEars.Engine {
        let files = NeuralFiles(directory: Self.root.appending(path: ".cache/neural").path)
        let second: MoonshineModel? =
            if files.hasMoonshine {
                try MoonshineModel(files, runtime: OnnxRuntime(library: files.library)) { Issue.record("\($0)") }
            } else {
                nil
            }
        return try DecodedEars.Engine(
            vocabulary, configuration: PocketSphinxConfiguration(cache: Self.cache), second: second)
    }

    /// - Parameter texts: those that are wanted, once each; nil wants all, in all their voices.
    private func sounds(of texts: [String]?) async throws -> [GreetingSound] {
        let synthesizer = FliteSynthesizer(logger: Logger(label: "test"))
        defer { synthesizer.close() }
        var random = SplitMix64(state: 1)
        var wanted = texts.map { Set($0) }
        var sounds: [GreetingSound] = []
        for (number, greeting) in Greetings.all().enumerated() {
            if wanted != nil, wanted?.remove(greeting.text) == nil { continue }
            sounds.append(try await GreetingSound.make(greeting, number: number, by: synthesizer, &random))
        }
        return sounds
    }

    /// Every greeting in two calls: with its words from the text, and as the recognizer hears them.
    ///
    /// - Returns: of the second, also what was heard in the calls that people answered.
    private func measure(
        _ sounds: [GreetingSound], _ vocabulary: SpeechVocabulary, _ pace: DecodedEars.Pace
    ) async throws -> (written: GreetingFigures, heard: GreetingFigures, words: [String]) {
        let engine = try engine(vocabulary)
        var (written, heard, words) = (GreetingFigures(), GreetingFigures(), [String]())
        for sound in sounds {
            written.outcomes.append(try await AnsweredCall.outcome(of: sound, ears: WrittenEars(sound)))
            let ears = DecodedEars(engine, pace: pace)
            var outcome = try await AnsweredCall.outcome(of: sound, ears: ears) { ears.hear($0) }
            outcome.heard = ears.results
            heard.outcomes.append(outcome)
            #expect(ears.fault == nil)
            if sound.answerer == .person { words += ears.results }
        }
        return (written, heard, words)
    }

    @Test("ears in virtual time hear what a session of the recognizer hears")
    func sameAsSession() async throws {
        let sound = try #require(try await sounds(of: [Greetings.machine[1]]).first)
        var configuration = PocketSphinxConfiguration(cache: Self.cache)
        configuration.decoderCount = 1
        // It is given everything at once.
        configuration.inletCapacity = .seconds(30)
        let recognizer = try PocketSphinxRecognizer(configuration: configuration, logger: Logger(label: "test"))
        defer { recognizer.close() }
        let (events, continuation) = AsyncStream.makeStream(of: RecognitionEvent.self)
        let session = try recognizer.makeSession(format: .telephone, vocabulary: Self.fewWords) {
            continuation.yield($0)
        }
        defer { session.close() }
        let ears = DecodedEars(
            try DecodedEars.Engine(Self.fewWords, configuration: configuration, second: nil), pace: .share(0.25))

        let id = UtteranceID(1)
        // When a voice detector would have heard it begin and end.
        let (begin, end) = ((sound.start + 480) / 160 * 160, (sound.end + 1600) / 160 * 160)
        for now in stride(from: 160, through: end, by: 160) {
            let frame = Array(sound.line[now - 160..<now])
            session.inlet.write(frame.span)
            session.audioArrived()
            ears.hear(frame)
            if now == begin {
                session.beginUtterance(id, context: AnswerLanguage.context)
                ears.begin(id, context: AnswerLanguage.context, at: now)
            }
            if now > begin { _ = ears.interim(at: now) }
        }
        session.finishUtterance(id)
        var ofSession = ""
        waiting: for await event in events {
            switch event {
            case .final(let transcript):
                ofSession = transcript.text
                break waiting
            case .nothingHeard, .failed: break waiting
            case .interim, .provisional, .taken, .endOfTurn: continue
            }
        }
        _ = ears.finish(id, at: end)
        #expect(ears.fault == nil)
        #expect(ears.results == [ofSession])
        #expect(!ofSession.isEmpty)
    }

    @Test("no person with a short greeting is hung up on, and a fax is one")
    func few() async throws {
        let people = [
            "Hello?", "Hello.", "Hi.", "Yes?", "Hello, who is this?", "Good morning.", "Hi, this is Anna.",
            "Hello, can I help you?",
        ]
        // The fax has no words.
        let others = [Greetings.machine[1], Greetings.screening[1], Greetings.menu[3], ""]
        let sounds = try await sounds(of: people + others)
        #expect(sounds.count == people.count + others.count)
        let (written, heard, words) = try await measure(sounds, Self.fewWords, .share(0.25))
        for figures in [written, heard] {
            #expect(figures.peopleHungUpOn.isEmpty, "\(figures.mistakes)")
            #expect(figures.count(.person, takenFor: .machine) == 0, "\(figures.mistakes)")
            #expect(figures.count(.fax, takenFor: .fax) == 1, "\(figures.mistakes)")
        }
        // The recognizer did hear them.
        let understood = words.filter { !$0.isEmpty }
        #expect(understood.count >= people.count / 2, "\(words)")
    }

    @Test(
        "of all greetings no person is hung up on",
        .enabled(if: HeardGreetingsTests.isWhole, "PARLEY_GREETINGS=1 measures them all"))
    func all() async throws {
        let began = ContinuousClock.now
        let sounds = try await sounds(of: nil)
        let (written, heard, _) = try await measure(sounds, vocabulary(), .measured)
        print(GreetingFigures.table(written: written, heard: heard))
        print("\nWords from the text:\n\(written.mistakes)\n\nWords heard:\n\(heard.mistakes)\n")
        print("\(sounds.count) greetings, each in two calls, in \(ContinuousClock.now - began)")
        #expect(sounds.count >= 120)
        #expect(written.peopleHungUpOn.isEmpty, "\(written.mistakes)")
        #expect(heard.peopleHungUpOn.isEmpty, "\(heard.mistakes)")
    }
}
