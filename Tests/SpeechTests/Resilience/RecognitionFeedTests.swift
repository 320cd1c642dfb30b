import Speech
import Testing

@Suite("What a recognizer is given: audio, and between it what the call said")
struct RecognitionFeedTests {
    private let one = UtteranceID(1)

    /// Steps until nothing is left or room is.
    private func run(_ feed: inout RecognitionFeed, end: Int, room: Int = .max) -> [RecognitionFeed.Step] {
        var steps: [RecognitionFeed.Step] = []
        while true {
            let step = feed.next(end: end, room: room)
            if case .audio(let count) = step { feed.gave(count) }
            guard step != .idle else { return steps }
            steps.append(step)
            if room < .max { return steps }
        }
    }

    @Test("marks stand where they were said")
    func marks() {
        var feed = RecognitionFeed(from: 100)
        feed.add(.begin(one, context: "c"), at: 300)
        feed.add(.pause(one), at: 500)
        feed.add(.finish(one), at: 500)
        #expect(
            run(&feed, end: 800) == [
                .audio(200), .mark(.begin(one, context: "c")), .audio(200), .mark(.pause(one)), .mark(.finish(one)),
                .audio(300),
            ])
        #expect(!feed.isBehind(800))
    }

    @Test("a mark that lies ahead waits for its audio")
    func ahead() {
        var feed = RecognitionFeed(from: 0)
        feed.add(.begin(one, context: "c"), at: 300)
        #expect(run(&feed, end: 200) == [.audio(200)])
        #expect(feed.isBehind(200))
        #expect(run(&feed, end: 300) == [.audio(100), .mark(.begin(one, context: "c"))])
    }

    @Test("no more is given than there is room for")
    func room() {
        var feed = RecognitionFeed(from: 0)
        #expect(run(&feed, end: 500, room: 160) == [.audio(160)])
        #expect(run(&feed, end: 500, room: 0).isEmpty)
        #expect(feed.position == 160)
    }

    @Test("what fell out of the memory is left out and counted")
    func skips() {
        var feed = RecognitionFeed(from: 0)
        feed.add(.begin(one, context: "c"), at: 50)
        #expect(feed.skip(to: 100) == 100)
        #expect(feed.skip(to: 60) == 0)
        #expect(run(&feed, end: 120) == [.mark(.begin(one, context: "c")), .audio(20)])
    }

    @Test("an utterance that was not yet said need not be taken back")
    func drops() {
        var feed = RecognitionFeed(from: 0)
        feed.add(.begin(one, context: "c"), at: 50)
        let wasKnown = feed.drop(one)
        #expect(!wasKnown)
        #expect(run(&feed, end: 60) == [.audio(60)])
        feed.add(.begin(one, context: "c"), at: 60)
        _ = run(&feed, end: 60)
        feed.add(.finish(one), at: 70)
        let isKnown = feed.drop(one)
        #expect(isKnown)
        #expect(run(&feed, end: 80) == [.audio(20)])
    }
}
