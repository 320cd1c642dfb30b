import AudioCore
import Emulators
import Logging
import Networking
import Testing

@testable import Speech

@Suite("A chain of recognizers hears as one, and no word is lost or doubled")
struct FallbackRecognizerTests {
    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// A leg on a loop of its own.
    private struct Leg: Sendable {
        let session: any RecognitionSession
        let events: ProviderEvents
        let loop: EventLoop
        private let stream: AsyncStream<RecognitionEvent>

        init(
            _ engines: [any SpeechRecognizer], loop: EventLoop, settings: RecognitionRelay.Settings = .init(),
            events: ProviderEvents = ProviderEvents()
        ) throws {
            let (stream, continuation) = AsyncStream.makeStream(of: RecognitionEvent.self)
            self.stream = stream
            self.events = events
            self.loop = loop
            let chain = FallbackRecognizer(
                zip(["one", "two", "three"], engines).map { FallbackRecognizer.Link(name: $0, recognizer: $1) },
                board: ProviderBoard(.recognizer, observer: events.observer), settings: settings, loop: loop,
                logger: FallbackRecognizerTests.logger)
            session = try chain.makeSession(format: .telephone, vocabulary: SpeechVocabulary(contexts: [])) {
                continuation.yield($0)
            }
        }

        /// One frame for each word, between silences, as an utterance.
        func say(_ id: UInt32, _ words: [UInt8]) async {
            await onLoop {
                frames([0xFF, 0xFF])
                session.beginUtterance(UtteranceID(id), context: "")
                frames(words)
                session.finishUtterance(UtteranceID(id))
            }
        }

        private func frames(_ values: [UInt8]) {
            for value in values {
                let frame = [UInt8](repeating: value, count: 160)
                session.inlet.write(frame.span)
                session.audioArrived()
            }
        }

        func onLoop(_ body: @escaping @Sendable () -> Void) async {
            await withCheckedContinuation { done in
                loop.post {
                    body()
                    done.resume()
                }
            }
        }

        func result(of id: UInt32) async -> RecognitionEvent? {
            for await event in stream {
                switch event {
                case .final(let transcript) where transcript.utterance == UtteranceID(id): return event
                case .failed(UtteranceID(id), _), .nothingHeard(UtteranceID(id)): return event
                default: continue
                }
            }
            return nil
        }

        func text(of id: UInt32) async -> String? {
            guard case .final(let transcript)? = await result(of: id) else { return nil }
            return transcript.text
        }
    }

    private func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
        let loop = EventLoop(name: "leg", logger: Self.logger)
        try loop.start()
        do { try await body(loop) } catch {
            await loop.shutdown()
            throw error
        }
        await loop.shutdown()
    }

    private static let words = [UInt8](1...50)
    private static let spoken = words.map(String.init).joined(separator: " ")

    @Test("an uninterrupted recognizer hears every word")
    func plain() async throws {
        try await withLoop { loop in
            let second = SpellingRecognizer()
            let leg = try Leg([SpellingRecognizer(), second], loop: loop)
            await leg.say(1, Self.words)
            #expect(await leg.text(of: 1) == Self.spoken)
            #expect(second.sessionCount == 0)
            leg.session.close()
        }
    }

    @Test(
        "a session lost at any point of an utterance: the next one hears the whole of it, once",
        arguments: [0, 400, 2000, 5000, 8320], [SpeechError.Code.unauthorized, .unavailable])
    func lost(after bytes: Int, code: SpeechError.Code) async throws {
        try await withLoop { loop in
            let leg = try Leg(
                [SpellingRecognizer(faults: [.lost(after: bytes, code)]), SpellingRecognizer()], loop: loop)
            await leg.say(1, Self.words)
            #expect(await leg.text(of: 1) == Self.spoken)
            await leg.say(2, [7, 8])
            #expect(await leg.text(of: 2) == "7 8")
            leg.session.close()
        }
    }

    @Test("one whose inlet is small is given what was said piece by piece")
    func smallInlet() async throws {
        try await withLoop { loop in
            let leg = try Leg(
                [
                    SpellingRecognizer(faults: [.lost(after: 8000, .unavailable)]),
                    SpellingRecognizer(inletCapacity: 256),
                ],
                loop: loop)
            await leg.say(1, Self.words)
            #expect(await leg.text(of: 1) == Self.spoken)
            leg.session.close()
        }
    }

    @Test("sessions lost again and again: nothing is lost, nothing doubled")
    func again() async throws {
        try await withLoop { loop in
            let dying = SpellingRecognizer.Fault.lost(after: 12_000, .unavailable)
            let leg = try Leg(
                [
                    SpellingRecognizer(faults: Array(repeating: dying, count: 30)),
                    SpellingRecognizer(faults: Array(repeating: dying, count: 30)), SpellingRecognizer(),
                ], loop: loop)
            for id in UInt32(1)...30 {
                let words = (0..<20).map { UInt8(truncatingIfNeeded: Int(id) * 7 + $0) | 1 }
                await leg.say(id, words)
                #expect(await leg.text(of: id) == words.map(String.init).joined(separator: " "), "utterance \(id)")
            }
            leg.session.close()
        }
    }

    @Test(
        "one that owes its words, cannot be opened or refuses an utterance costs no words",
        arguments: [SpellingRecognizer.Fault.mute, .cannotOpen, .failsUtterances])
    func faults(fault: SpellingRecognizer.Fault) async throws {
        try await withLoop { loop in
            let leg = try Leg([SpellingRecognizer(faults: [fault]), SpellingRecognizer()], loop: loop)
            await leg.say(1, Self.words)
            #expect(await leg.text(of: 1) == Self.spoken)
            leg.session.close()
        }
    }

    @Test("nobody left: the utterance fails once, in time")
    func nobody() async throws {
        try await withLoop { loop in
            let leg = try Leg([SpellingRecognizer(faults: [.failsUtterances])], loop: loop)
            await leg.say(1, Self.words)
            guard case .failed(UtteranceID(1), let error)? = await leg.result(of: 1) else {
                Issue.record("no failure")
                return
            }
            #expect(error.code == .overloaded)
            leg.session.close()
        }
    }

    @Test("a vendor that refuses the key is not asked again for this call; the embedded one answers")
    func wrongKey() async throws {
        let emulator = DeepgramEmulator()
        try await withService(emulator) { url, loop in
            let vendor = DeepgramRecognizer(
                DeepgramConfiguration(url: url, apiKey: "another"), loop: loop, logger: Self.logger)
            let leg = try Leg([vendor, SpellingRecognizer()], loop: loop)
            for id in UInt32(1)...3 {
                await leg.say(id, Self.words)
                #expect(await leg.text(of: id) == Self.spoken)
            }
            leg.session.close()
        }
        #expect(emulator.counts.connections.count == 1)
    }

    @Test("a vendor that takes audio and says nothing is replaced when its words are due")
    func muteVendor() async throws {
        try await withService(DeepgramEmulator(DeepgramEmulatorConfiguration(faults: [.mute]))) { url, loop in
            let vendor = DeepgramRecognizer(
                DeepgramConfiguration(url: url, apiKey: "emulated"), loop: loop, logger: Self.logger)
            let leg = try Leg([vendor, SpellingRecognizer()], loop: loop)
            let words = Self.words + Self.words
            await leg.say(1, words)
            #expect(await leg.text(of: 1) == words.map(String.init).joined(separator: " "))
            leg.session.close()
        }
    }
}
