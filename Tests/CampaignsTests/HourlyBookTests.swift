import Testing

@testable import Campaigns

@Suite("The ended attempts of a campaign by the hour")
struct HourlyBookTests {
    private func entry(_ attempt: String, _ outcome: AttemptOutcome = .reached, hour: Int = 9) -> HourlyBook.Entry {
        HourlyBook.Entry(attempt: attempt, outcome: outcome, hour: hour)
    }

    private func answers(_ entries: [HourlyBook.Entry]) -> HourlyAnswers {
        var answers = HourlyAnswers()
        for entry in entries { answers.note(entry.outcome, hour: entry.hour) }
        return answers
    }

    /// `a` ended long ago; `b` ends while the store is asked and is in its answer, `c` after that; `d` when it was read.
    @Test("count each attempt once, whatever ends while the store is asked, and whenever that is noted")
    func orders() {
        let (a, b, c, d) = (entry("a"), entry("b", .noAnswer), entry("c", hour: 17), entry("d", .busy, hour: 17))
        let all = answers([a, b, c, d])
        var early = HourlyBook()
        early.note(b)
        early.note(c)
        #expect(early.answers == nil)
        early.read([a, b])
        early.note(d)
        #expect(early.answers == all)
        // Whoever ended it in the store comes to note it only when the store has told of it.
        var late = HourlyBook()
        late.read([a, b])
        for entry in [c, b, d] { late.note(entry) }
        #expect(late.answers == all)
        #expect(late.answers != answers([a, b, b, c, d]))
    }

    @Test("are read once: a second answer of the store, asked at the same time, neither adds nor takes away")
    func twice() {
        var book = HourlyBook()
        book.read([entry("a")])
        book.note(entry("b", .noAnswer))
        book.read([entry("a")])
        #expect(book.answers == answers([entry("a"), entry("b", .noAnswer)]))
        book.read([entry("a"), entry("b", .noAnswer), entry("c")])
        #expect(book.answers == answers([entry("a"), entry("b", .noAnswer)]))
    }

    @Test("wait in bounded numbers where the store is away")
    func bounded() {
        var book = HourlyBook()
        for index in 0..<HourlyBook.mostWaiting + 3 { book.note(entry("n\(index)")) }
        book.read([])
        #expect(book.answers == answers((0..<HourlyBook.mostWaiting).map { entry("n\($0)") }))
    }
}
