import Agent
import Testing

@Suite("The progress of an answer", .timeLimit(.minutes(1)))
struct ModelProgressTests {
    private let clock = ManualClock()

    private func elapsed() -> Duration { ManualClock.Instant(offset: .zero).duration(to: clock.now) }

    @Test("ends when the first piece is not there in time, whatever else was noted")
    func first() async {
        let progress = ModelProgress(clock)
        async let end: Void = progress.standstill(first: .seconds(2), later: .seconds(3))
        await clock.sleepers(1)
        clock.advance(by: .seconds(1))
        // Nothing useful: the size is what it was.
        progress.note(0)
        clock.advance(by: .seconds(1))
        await end
        #expect(!progress.hasBegun)
    }

    @Test("ends when a piece is late, even while the first one would still be in time")
    func later() async {
        let progress = ModelProgress(clock)
        async let end: Void = progress.standstill(first: .seconds(10), later: .seconds(1))
        await clock.sleepers(1)
        clock.advance(by: .milliseconds(500))
        progress.note(5)
        // It looks, and finds half a second left.
        clock.advance(by: .milliseconds(500))
        await clock.sleepers(1)
        clock.advance(by: .milliseconds(500))
        await end
        #expect(elapsed() == .milliseconds(1500) && progress.hasBegun)
    }

    @Test("goes on as long as pieces come")
    func steady() async {
        let progress = ModelProgress(clock)
        async let end: Void = progress.standstill(first: .seconds(1), later: .seconds(1))
        await clock.sleepers(1)
        clock.advance(by: .milliseconds(500))
        progress.note(1)
        clock.advance(by: .milliseconds(500))
        for size in 2...20 {
            await clock.sleepers(1)
            progress.note(size)
            clock.advance(by: .milliseconds(500))
        }
        await clock.sleepers(1)
        clock.advance(by: .milliseconds(500))
        await end
        #expect(elapsed() == .seconds(11))
    }
}
