import AudioCore
import Testing

@testable import Speech

@Suite("PocketSphinx recognizer", .serialized, .timeLimit(.minutes(1)))
struct PocketSphinxRecognizerTests {
    private let first = UtteranceID(1)
    private let second = UtteranceID(2)
    private let request = "please cancel my appointment for tomorrow"

    @Test(
        "hears the words of a caller",
        arguments: [
            ("129-thermostat", "set it to seventy"), ("114-cancel", "please cancel my appointment for tomorrow"),
            ("025-hours", "what time do you close"), ("100-goodbye", "thank you goodbye"),
        ])
    func words(clip: String, text: String) async throws {
        let call = try SmallCall()
        call.say(try SmallTask.clip(clip), as: first)
        call.session.finishUtterance(first)
        let transcript = try #require(await call.result()?.transcript)
        #expect(transcript.text == text)
        #expect(transcript.utterance == first)
        #expect(transcript.words.map(\.text).joined(separator: " ") == text)
        #expect(zip(transcript.words, transcript.words.dropFirst()).allSatisfy { $0.end <= $1.start })
        #expect(transcript.words.allSatisfy { $0.start < $0.end && (0...1).contains($0.confidence) })
        #expect(transcript.evidence?.words == Double(transcript.words.count))
        #expect(transcript.evidence?.strangeShare == 0)
        call.session.close()
    }

    @Test("a caller who goes on after a pause is heard as a whole")
    func resumed() async throws {
        let clip = try SmallTask.clip("114-cancel")
        let call = try SmallCall()
        call.say(Array(clip.prefix(clip.count / 2)), as: first)
        await call.taken()
        call.session.resumeUtterance(first)
        call.hear(clip.dropFirst(clip.count / 2))
        call.session.pauseUtterance(first)
        call.session.finishUtterance(first)
        #expect(await call.result()?.transcript?.text == request)
        call.session.close()
    }

    @Test("what comes after the pause that ended an utterance is not part of it")
    func afterThePause() async throws {
        let call = try SmallCall()
        call.say(try SmallTask.clip("129-thermostat"), as: first)
        await call.taken()
        call.hear(try SmallTask.clip("100-goodbye").prefix(12000))
        call.session.finishUtterance(first)
        #expect(await call.result()?.transcript?.text == "set it to seventy")
        // The pause had its words at once; they are what the end confirmed.
        let provisional = call.events.compactMap { event -> Transcript? in
            if case .provisional(let transcript) = event { transcript } else { nil }
        }
        #expect(provisional.map(\.text) == ["set it to seventy"])
        #expect(provisional.allSatisfy { $0.confidence > 0.5 })
        call.session.close()
    }

    @Test("while the caller speaks the words so far are told, each time they change")
    func interims() async throws {
        let call = try SmallCall()
        let clip = try SmallTask.clip("114-cancel")
        call.hear(clip.prefix(2400))
        call.session.beginUtterance(first, context: "open")
        for start in stride(from: 2400, to: clip.count, by: 1600) {
            call.hear(clip[start..<min(start + 1600, clip.count)])
            await call.taken(leaving: 479)
        }
        call.session.pauseUtterance(first)
        call.session.finishUtterance(first)
        #expect(await call.result()?.transcript?.text == request)
        let interims = call.events.dropLast().map { event -> String in
            if case .interim(let transcript) = event { transcript.text } else { "no interim" }
        }
        #expect(interims.count >= 2)
        #expect(zip(interims, interims.dropFirst()).allSatisfy { $0 != $1 })
        #expect(interims.contains { $0.hasPrefix("please cancel") }, "\(interims)")
        call.session.close()
    }

    @Test("nothing is heard of a cancelled utterance, and the next one is heard")
    func cancelled() async throws {
        let call = try SmallCall()
        call.say(try SmallTask.clip("129-thermostat"), as: first)
        call.session.cancelUtterance(first)
        let before = call.events.count
        call.session.finishUtterance(first)
        call.say(try SmallTask.clip("100-goodbye"), as: second)
        call.session.finishUtterance(second)
        #expect(await call.result()?.transcript?.utterance == second)
        let later = call.events.dropFirst(before)
        #expect(
            later.allSatisfy { event in
                if case .interim(let transcript) = event { transcript.utterance == second } else { true }
            })
        call.session.close()
    }

    @Test("silence holds no words")
    func silence() async throws {
        let call = try SmallCall()
        call.say([UInt8](repeating: 0xff, count: 12000), as: first)
        call.session.finishUtterance(first)
        #expect(await call.result() == .nothingHeard(first))
        call.session.close()
    }

    @Test("nothing follows the end of a session, and its decoder is free again")
    func closed() async throws {
        let recognizer = try SmallTask.recognizer.get()
        let call = try SmallCall()
        call.say(try SmallTask.clip("129-thermostat"), as: first)
        #expect(recognizer.idleCount == SmallTask.decoderCount - 1)
        call.session.close()
        let before = call.events.count
        call.session.beginUtterance(second, context: "open")
        while recognizer.idleCount < SmallTask.decoderCount, !Task.isCancelled { await Task.yield() }
        #expect(recognizer.idleCount == SmallTask.decoderCount)
        #expect(call.events.count == before)
    }

    @Test("sound that is not of a telephone is refused")
    func format() throws {
        let recognizer = try SmallTask.recognizer.get()
        let error = #expect(throws: SpeechError.self) {
            _ = try recognizer.makeSession(
                format: AudioFormat(encoding: .linear16, sampleRate: 16000), vocabulary: SmallTask.vocabulary
            ) { _ in }
        }
        #expect(error?.code == .refused)
    }

    @Test("a word that nobody knows how to say is named")
    func unknownWord() throws {
        let vocabulary = SpeechVocabulary(contexts: [.init(name: "open", sentences: ["call the zzyzx clinic"])])
        let error = #expect(throws: SpeechError.self) {
            _ = try TaskModel(vocabulary, configuration: SmallTask.configuration)
        }
        #expect(error?.code == .invalidModel)
        #expect(error?.detail.contains("no pronunciation for zzyzx;") == true)
    }
}

extension PocketSphinxRecognizerTests {
    /// The thread sanitizer runs these too.
    @Suite("Decoder pool")
    struct DecoderPoolTests {
        private let id = UtteranceID(1)

        @Test("a task that is loaded while calls go on takes one decoder at a time, and in the end all have it")
        func loadedDuringCalls() async throws {
            let recognizer = try SmallTask.recognizer.get()
            let vocabulary = SpeechVocabulary(
                contexts: [.init(name: "open", sentences: ["good evening", "thank you goodbye"])])
            let isLoaded = Protected(false)
            async let loading: Void = {
                defer { isLoaded.withLock { $0 = true } }
                try await recognizer.prepareDuringCalls(vocabulary)
            }()
            var fewest = SmallTask.decoderCount
            while !isLoaded.withLock({ $0 }) {
                fewest = min(fewest, recognizer.idleCount)
                await Task.yield()
            }
            try await loading
            #expect(fewest == SmallTask.decoderCount - 1 && recognizer.idleCount == SmallTask.decoderCount)
            // Nothing is left to load.
            let task = try TaskModel(vocabulary, configuration: SmallTask.configuration)
            #expect(recognizer.hasLoaded(task))
        }

        @Test("an utterance too many is refused and counted, and heard once a decoder is free")
        func admission() async throws {
            let recognizer = try SmallTask.recognizer.get()
            let clip = try SmallTask.clip("129-thermostat")
            let refused = recognizer.refusedCount
            let talking = try (0..<SmallTask.decoderCount).map { _ in try SmallCall() }
            let late = try SmallCall()
            for call in talking { call.say(clip, as: id) }
            #expect(recognizer.idleCount == 0)

            late.session.beginUtterance(id, context: "open")
            guard case .failed(id, let error)? = await late.result() else {
                Issue.record("the utterance was not refused")
                return
            }
            #expect(error.code == .overloaded)
            #expect(error.isRetryable)
            #expect(recognizer.refusedCount == refused + 1)

            for call in talking { call.session.finishUtterance(id) }
            for call in talking { #expect(await call.result()?.transcript?.text == "set it to seventy") }
            // The decoder is free before the result is out.
            #expect(recognizer.idleCount == SmallTask.decoderCount)
            late.say(clip, as: id.next)
            late.session.finishUtterance(id.next)
            #expect(await late.result()?.transcript?.text == "set it to seventy")
            for call in talking + [late] { call.session.close() }
        }

        @Test("a call keeps one decoder from an utterance to the next that is already open")
        func overlapping() async throws {
            let recognizer = try SmallTask.recognizer.get()
            let call = try SmallCall()
            call.say(try SmallTask.clip("129-thermostat"), as: id)
            call.say(try SmallTask.clip("100-goodbye"), as: id.next)
            #expect(recognizer.idleCount == SmallTask.decoderCount - 1)
            call.session.finishUtterance(id.next)
            #expect(await call.result()?.transcript?.text == "set it to seventy")
            #expect(await call.result()?.transcript?.text == "thank you goodbye")
            #expect(recognizer.idleCount == SmallTask.decoderCount)
            call.session.close()
        }
    }
}
