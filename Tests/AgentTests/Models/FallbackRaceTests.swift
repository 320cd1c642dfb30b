import Agent
import Testing

@Suite("A race of models")
struct FallbackRaceTests {
    private static let busy = ModelError(.unavailable, provider: "p", detail: "busy")
    private static let key = ModelError(.unauthorized, provider: "p", detail: "key")
    private static let filtered = ModelError(.contentFiltered, provider: "p", detail: "no")
    private static let failed = ModelOutcome.failed(retryable: true, retryAfter: nil)
    private static let end = ModelEvent.finished(ModelFinish(reason: .stop))

    private func race(_ order: [Int]) -> FallbackRace {
        var race = FallbackRace(order)
        #expect(race.begin() == [.start(order[0], number: 1)])
        return race
    }

    @Test("is over with the first model when it answers")
    func plain() {
        var race = race([0, 1])
        #expect(race.received(.text("Yes."), from: 0) == [.give(.text("Yes."))])
        #expect(race.hedge(after: 1) == [])
        #expect(race.received(Self.end, from: 0) == [.give(Self.end)])
        #expect(race.ended(0, provider: "p") == [.note(0, .answered), .finish])
        #expect(race.failed(Self.busy, from: 0) == [])
    }

    @Test("goes on to the next when one fails before anything useful, whatever its reason")
    func fails() {
        var race = race([2, 0, 1])
        #expect(race.failed(Self.busy, from: 2) == [.note(2, Self.failed), .start(0, number: 2)])
        // The deadline of the one that failed means nothing any more.
        #expect(race.hedge(after: 1) == [])
        #expect(
            race.failed(Self.key, from: 0) == [
                .note(0, .failed(retryable: false, retryAfter: nil)), .start(1, number: 3),
            ])
        // Of all errors the most hopeful one is told.
        #expect(race.failed(Self.key, from: 1).last == .fail(Self.busy))
        #expect(race.received(.text("late"), from: 2) == [])
    }

    @Test("asks the next as well when there is no progress; the first useful piece wins, the loser is given up")
    func hedges() {
        var race = race([0, 1])
        #expect(race.hedge(after: 1) == [.start(1, number: 2)])
        #expect(race.hedge(after: 2) == [])
        #expect(race.received(.text("Yes"), from: 1) == [.cancel(0), .give(.text("Yes"))])
        // What the loser still says is not heard, and its end is no failure.
        #expect(race.received(.text("No"), from: 0) == [])
        #expect(race.failed(ModelError(.cancelled, provider: "p", detail: ""), from: 0) == [])
        #expect(race.received(Self.end, from: 1) == [.give(Self.end)])
        #expect(race.ended(1, provider: "p") == [.note(1, .answered), .finish])
    }

    @Test("waits for the others when one of several fails")
    func waits() {
        var race = race([0, 1])
        _ = race.hedge(after: 1)
        #expect(race.failed(Self.busy, from: 1) == [.note(1, Self.failed)])
        #expect(race.received(.text("Yes"), from: 0) == [.give(.text("Yes"))])
    }

    @Test("never changes the model once something was said: the failure is told")
    func noSwitch() {
        var race = race([0, 1])
        _ = race.received(.text("Well,"), from: 0)
        #expect(race.failed(Self.busy, from: 0) == [.note(0, Self.failed), .fail(Self.busy)])
        #expect(race.hedge(after: 1) == [])
    }

    @Test("does not look for a provider that withholds less")
    func filter() {
        var race = race([0, 1])
        #expect(race.failed(Self.filtered, from: 0) == [.note(0, .answered), .fail(Self.filtered)])
    }

    @Test("takes an answer without an end for a failure")
    func endless() {
        var race = race([0, 1])
        #expect(race.ended(0, provider: "p").last == .start(1, number: 2))
    }
}
