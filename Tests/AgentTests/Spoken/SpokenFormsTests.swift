import Agent
import Testing

@Suite("What is said to callers")
struct SpokenFormsTests {
    @Test(
        "says days",
        arguments: [
            ("2026-12-01", "Tuesday the first of December"), ("2026-11-23", "Monday the twenty third of November"),
        ])
    func dates(iso: String, spoken: String) {
        #expect(CivilDate(iso: iso).map(SpokenForms.date) == spoken)
    }

    @Test(
        "says times",
        arguments: [
            ("10:30", "half past ten"), ("09:00", "nine o'clock"), ("14:45", "quarter to three"),
            ("15:15", "quarter past three"), ("12:00", "noon"), ("00:00", "midnight"), ("09:05", "nine oh five"),
            ("16:40", "four forty"), ("12:45", "quarter to one"),
        ])
    func times(text: String, spoken: String) {
        #expect(ClockTime(text: text).map(SpokenForms.time) == spoken)
    }

    @Test("says telephone numbers in groups")
    func digits() {
        #expect(SpokenForms.digits("5550123") == "five five five, oh one two three")
        #expect(SpokenForms.digits("12") == "one two")
    }

    @Test(
        "says numbers",
        arguments: [
            (72.0, "seventy two"), (21.5, "twenty one point five"), (-3.0, "minus three"),
            (105, "one hundred and five"), (12_034, "twelve thousand and thirty four"),
        ])
    func numbers(value: Double, spoken: String) {
        #expect(SpokenForms.number(value) == spoken)
    }

    @Test("knows the calendar over four centuries")
    func calendar() {
        var date = CivilDate(dayNumber: -150_000)
        for number in -149_999...150_000 {
            let next = date.adding(days: 1)
            #expect(next.dayNumber == number)
            guard CivilDate(year: next.year, month: next.month, day: next.day) == next,
                next.weekday == (date.weekday + 1) % 7
            else {
                Issue.record("\(next) is not itself")
                return
            }
            date = next
        }
        #expect(CivilDate(iso: "2026-02-29") == nil)
        #expect(CivilDate(iso: "2026-2-9") == nil)
        #expect(CivilDate(iso: "2026-11-23")?.weekday == 0)
    }
}
