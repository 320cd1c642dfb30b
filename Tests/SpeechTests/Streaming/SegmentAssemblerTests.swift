import Speech
import Testing

@Suite("Segments of a stream become utterances")
struct SegmentAssemblerTests {
    private typealias Action = SegmentAssembler.Action

    private static let one = UtteranceID(1)
    private static let two = UtteranceID(2)

    /// An assembler in which utterance 1 began at second 1, its pre-roll at 0.7.
    private func speaking() -> SegmentAssembler {
        var assembler = SegmentAssembler()
        assembler.begin(Self.one, at: 8000)
        return assembler
    }

    private func results(
        _ text: String, from start: Double, to end: Double, isFinal: Bool = true, speechFinal: Bool = false,
        fromFinalize: Bool = false, confidence: Double = 0.9
    ) -> RecognizedSegment {
        let parts = text.split(separator: " ")
        let step = (end - start) / Double(max(parts.count, 1))
        var words: [RecognizedSegment.Word] = []
        for (index, part) in parts.enumerated() {
            let from = start + Double(index) * step
            words.append(.init(word: String(part), start: from, end: from + step, confidence: confidence))
        }
        return RecognizedSegment(
            start: start, duration: end - start, isFinal: isFinal, speechFinal: speechFinal,
            fromFinalize: fromFinalize, transcript: text, confidence: confidence, words: words)
    }

    private func texts(_ actions: [Action]) -> [String] {
        actions.map { action in
            switch action {
            case .emit(.interim(let transcript)): "interim \(transcript.text)"
            case .emit(.provisional(let transcript)): "provisional \(transcript.text)"
            case .emit(.final(let transcript)): "final \(transcript.text)"
            case .emit(.nothingHeard): "nothing"
            case .emit(.failed(_, let error)): "failed \(error.code)"
            case .emit(.endOfTurn): "end of turn"
            case .emit(.taken): "taken"
            }
        }
    }

    @Test("interims replace one another, finals join, the answer to Finalize ends it")
    func joins() {
        var assembler = speaking()
        #expect(texts(assembler.received(results("i", from: 0.8, to: 1.2, isFinal: false))) == ["interim i"])
        #expect(
            texts(assembler.received(results("i want", from: 0.8, to: 1.8, isFinal: false))) == ["interim i want"])
        #expect(texts(assembler.received(results("I  Want to", from: 0.8, to: 2))) == ["interim i want to"])
        #expect(
            texts(assembler.received(results("book", from: 2, to: 2.5, isFinal: false)))
                == ["interim i want to book"])
        #expect(assembler.finish(Self.one, at: 24_000, now: .seconds(3)).isEmpty)
        #expect(assembler.nextFinalize == 24_000)
        assembler.finalizeSent(now: .seconds(3))
        #expect(assembler.nextFinalize == nil)
        #expect(assembler.nextDeadline == .milliseconds(3500))
        let last = assembler.received(results("book it", from: 2, to: 2.98, fromFinalize: true))
        #expect(texts(last) == ["interim i want to book it", "final i want to book it"])
        #expect(assembler.isIdle)
        #expect(assembler.nextDeadline == nil)
    }

    @Test("an utterance is in the language of most of its words, of every segment, and of no other utterance's")
    func language() throws {
        var assembler = speaking()
        var first = results("hola good morning", from: 0.8, to: 2)
        first.words[0].language = "es"
        first.words[1].language = "en-us"
        first.words[2].language = "en"
        var second = results("quisiera una cita por favor", from: 2, to: 2.98, fromFinalize: true)
        second.language = "spa"
        _ = assembler.received(first)
        _ = assembler.finish(Self.one, at: 24_000, now: .seconds(3))
        assembler.finalizeSent(now: .seconds(3))
        let last = try #require(assembler.received(second).last)
        guard case .emit(.final(let transcript)) = last else {
            Issue.record("\(last)")
            return
        }
        #expect(transcript.language == "es")
        assembler.begin(Self.two, at: 30_000)
        guard case .emit(.interim(let next))? = assembler.received(results("yes", from: 3.9, to: 4.5)).first else {
            Issue.record("no interim")
            return
        }
        #expect(next.language == nil)
    }

    @Test("at a pause the words are told once results reach as far as the voice did, and again where they change")
    func pause() {
        var assembler = speaking()
        #expect(texts(assembler.received(results("i want", from: 0.8, to: 1.8, isFinal: false))) == ["interim i want"])
        #expect(assembler.pause(Self.one, at: 20_000).isEmpty)
        // 140 ms before it the voice was heard last.
        #expect(
            texts(assembler.received(results("i want to", from: 0.8, to: 2.35, isFinal: false)))
                == ["interim i want to"])
        #expect(
            texts(assembler.received(results("i want to", from: 0.8, to: 2.36, isFinal: false)))
                == ["provisional i want to"])
        #expect(assembler.received(results("i want to", from: 0.8, to: 2.4, isFinal: false)).isEmpty)
        #expect(texts(assembler.received(results("i want two", from: 0.8, to: 2.5))) == ["provisional i want two"])
    }

    @Test("words that reached as far as the voice already are told with the pause; the next pause is another")
    func pauseAfterWords() {
        var assembler = speaking()
        _ = assembler.received(results("yes", from: 0.8, to: 1.8))
        #expect(texts(assembler.pause(Self.one, at: 15_000)) == ["provisional yes"])
        assembler.resume(Self.one)
        #expect(texts(assembler.received(results("on", from: 1.9, to: 2.6))) == ["interim yes on"])
        #expect(texts(assembler.pause(Self.one, at: 21_000)) == ["provisional yes on"])
        #expect(assembler.pause(Self.two, at: 22_000).isEmpty)
    }

    @Test("what a lost connection had heard in a pause is not taken for what the next one hears")
    func pauseAndReconnection() throws {
        var assembler = speaking()
        _ = assembler.received(results("book tuesday at ten", from: 0.8, to: 2.5, isFinal: false))
        #expect(texts(assembler.pause(Self.one, at: 20_000)) == ["provisional book tuesday at ten"])
        let resumption = assembler.disconnected(at: 0)
        let position = try #require(resumption)
        assembler.connected(at: position)
        let start = Double(position) / 8000
        #expect(
            texts(assembler.received(results("book", from: 0.1, to: 1.2 - start, isFinal: false)))
                == ["interim book"])
        #expect(
            texts(assembler.received(results("book tuesday at ten", from: 0.1, to: 2.4 - start, isFinal: false)))
                == ["provisional book tuesday at ten"])
    }

    @Test("a pause in which nothing was heard is told nothing of")
    func pauseWithoutWords() {
        var assembler = speaking()
        #expect(assembler.pause(Self.one, at: 16_000).isEmpty)
        #expect(assembler.received(results("", from: 0.8, to: 2.5)).isEmpty)
    }

    @Test("word times count from the utterance's start")
    func wordTimes() throws {
        var assembler = speaking()
        let actions = assembler.received(results("yes please", from: 0.9, to: 1.3))
        guard case .emit(.interim(let transcript)) = try #require(actions.first) else {
            Issue.record("no interim")
            return
        }
        // The pre-roll of 300 ms puts the start at 0.7 s.
        #expect(transcript.words.map(\.start) == [1600, 3200])
        #expect(transcript.words.map(\.end) == [3200, 4800])
    }

    @Test("without an answer to Finalize the deadline answers with what is there")
    func deadline() {
        var assembler = speaking()
        _ = assembler.received(results("book", from: 1, to: 2))
        _ = assembler.received(results("a slot", from: 2, to: 2.6, isFinal: false))
        _ = assembler.finish(Self.one, at: 24_000, now: .seconds(3))
        assembler.finalizeSent(now: .seconds(3))
        #expect(assembler.expire(now: .milliseconds(3499)).isEmpty)
        #expect(texts(assembler.expire(now: .milliseconds(3500))) == ["final book a slot"])
        #expect(assembler.expire(now: .seconds(9)).isEmpty)
        #expect(assembler.received(results("a slot", from: 2, to: 3, fromFinalize: true)).isEmpty)
    }

    @Test("silence is nothing heard")
    func silence() {
        var assembler = speaking()
        #expect(assembler.received(results("", from: 0, to: 2)).isEmpty)
        _ = assembler.finish(Self.one, at: 24_000, now: .seconds(3))
        assembler.finalizeSent(now: .seconds(3))
        #expect(texts(assembler.received(results("", from: 2, to: 3, fromFinalize: true))) == ["nothing"])
    }

    @Test("an endpoint that leaves only known silence needs no Finalize", arguments: [(0.2, true), (0.3, false)])
    func settled(silence: Double, isComplete: Bool) {
        var assembler = speaking()
        _ = assembler.received(results("yes", from: 1, to: 2, speechFinal: true))
        let end = 16_000 + Int(silence * 8000)
        #expect(assembler.finish(Self.one, at: end, now: .seconds(3)).isEmpty != isComplete)
        guard !isComplete else { return }
        assembler.finalizeSent(now: .seconds(3))
        #expect(assembler.nextDeadline == .milliseconds(3200), "an answer is less likely: wait less")
    }

    @Test("words after an endpoint take its promise back")
    func unsettled() {
        var assembler = speaking()
        _ = assembler.received(results("yes", from: 1, to: 1.9, speechFinal: true))
        _ = assembler.received(results("but", from: 1.9, to: 2, isFinal: false))
        #expect(assembler.finish(Self.one, at: 16_000, now: .seconds(2)).isEmpty)
        assembler.finalizeSent(now: .seconds(2))
        #expect(assembler.nextDeadline == .milliseconds(2500))
    }

    @Test("an endpoint that arrives after the end completes it")
    func lateEndpoint() {
        var assembler = speaking()
        _ = assembler.finish(Self.one, at: 16_000, now: .seconds(2))
        assembler.finalizeSent(now: .seconds(2))
        #expect(
            texts(assembler.received(results("yes", from: 1, to: 1.9, speechFinal: true)))
                == ["interim yes", "final yes"])
    }

    @Test("a segment over two utterances gives each its words")
    func sharedSegment() {
        var assembler = speaking()
        assembler.cancel(Self.one)
        assembler.begin(Self.two, at: 24_000)
        // 0.5 s a word: "one" ... "eight" from 1 to 5; utterance 2 starts at 2.7, and "four" has its middle in it.
        let actions = assembler.received(results("one two three four five six seven eight", from: 1, to: 5))
        #expect(texts(actions) == ["interim four five six seven eight"])
    }

    @Test("the late answer to an earlier Finalize does not end the next utterance")
    func staleFinalize() {
        var assembler = speaking()
        _ = assembler.received(results("hello", from: 1, to: 2))
        _ = assembler.finish(Self.one, at: 24_000, now: .seconds(3))
        assembler.finalizeSent(now: .seconds(3))
        #expect(texts(assembler.expire(now: .seconds(4))) == ["final hello"])
        assembler.begin(Self.two, at: 25_000)
        _ = assembler.finish(Self.two, at: 40_000, now: .seconds(5))
        assembler.finalizeSent(now: .seconds(5))
        #expect(assembler.received(results("", from: 2, to: 3, fromFinalize: true)).isEmpty)
        #expect(
            texts(assembler.received(results("there", from: 3.2, to: 5, fromFinalize: true)))
                == ["interim there", "final there"])
    }

    @Test("two utterances may await their results at once, in order")
    func overlapping() {
        var assembler = speaking()
        _ = assembler.finish(Self.one, at: 16_000, now: .seconds(2))
        assembler.begin(Self.two, at: 17_000)
        _ = assembler.finish(Self.two, at: 24_000, now: .seconds(3))
        #expect(assembler.nextFinalize == 16_000)
        assembler.finalizeSent(now: .seconds(3))
        #expect(assembler.nextFinalize == 24_000)
        assembler.finalizeSent(now: .seconds(3))
        #expect(
            texts(assembler.received(results("one", from: 1, to: 2, fromFinalize: true)))
                == ["interim one", "final one"])
        #expect(
            texts(assembler.received(results("two", from: 2.1, to: 3, fromFinalize: true)))
                == ["interim two", "final two"])
    }

    @Test("after a broken connection audio is heard again from the last final word, and nothing is doubled")
    func reconnects() throws {
        var assembler = speaking()
        _ = assembler.received(results("book me", from: 1, to: 2))
        _ = assembler.received(results("a sl", from: 2, to: 2.6, isFinal: false))
        let resumption = assembler.disconnected(at: 0)
        let position = try #require(resumption)
        #expect(position == 16_000)
        assembler.connected(at: position)
        _ = assembler.received(results("a slot", from: 0, to: 1))
        #expect(assembler.finalizedPosition == 24_000)
        #expect(texts(assembler.finish(Self.one, at: 24_000, now: .seconds(4))) == ["final book me a slot"])
    }

    @Test("a Finalize lost with its connection is sent again")
    func finalizeAgain() {
        var assembler = speaking()
        _ = assembler.finish(Self.one, at: 16_000, now: .seconds(2))
        assembler.finalizeSent(now: .seconds(2))
        #expect(assembler.disconnected(at: 0) == 5600)
        #expect(assembler.nextFinalize == 16_000)
        // What remains is the deadline of the answer.
        #expect(assembler.nextDeadline == .milliseconds(4200))
        #expect(texts(assembler.expire(now: .seconds(5))) == ["failed deadlineExceeded"])
    }

    @Test("when no connection is to be had, words already final are still the answer")
    func givesUp() {
        let error = SpeechError(.unavailable, operation: "GET", provider: "deepgram", detail: "gone")
        var assembler = speaking()
        _ = assembler.received(results("yes", from: 1, to: 2))
        _ = assembler.finish(Self.one, at: 24_000, now: .seconds(3))
        assembler.begin(Self.two, at: 25_000)
        #expect(texts(assembler.gaveUp(error)) == ["final yes", "failed unavailable"])
        #expect(assembler.isIdle)
        #expect(assembler.disconnected(at: 0) == nil)
    }

    @Test("nobody hears of a cancelled utterance")
    func cancels() {
        var assembler = speaking()
        assembler.cancel(Self.one)
        #expect(assembler.received(results("yes", from: 1, to: 2)).isEmpty)
        #expect(assembler.finish(Self.one, at: 24_000, now: .seconds(3)).isEmpty)
        #expect(assembler.nextDeadline == nil)
    }

    @Test(
        "times and confidences that cannot be do no harm",
        arguments: [
            (start: Double.nan, duration: 1.0), (start: -1, duration: 1), (start: 0, duration: -2),
            (start: 0, duration: .infinity), (start: 1e300, duration: 1),
        ])
    func implausible(start: Double, duration: Double) {
        var assembler = speaking()
        let bad = RecognizedSegment(start: start, duration: duration, isFinal: true, transcript: "x")
        #expect(assembler.received(bad).isEmpty)
        #expect(assembler.implausibleCount == 1)
        #expect(assembler.finalizedPosition == 0)
        let odd = RecognizedSegment(
            start: 1, duration: 1, isFinal: true, transcript: "yes", confidence: .nan,
            words: [.init(word: "yes", start: -1e300, end: .nan, confidence: 7)])
        guard case .emit(.interim(let transcript)) = assembler.received(odd).first else {
            Issue.record("no interim")
            return
        }
        #expect(transcript.confidence == 0)
        #expect(transcript.words.isEmpty)
    }
}
