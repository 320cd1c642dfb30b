import Agent
import Testing

@Suite("Values in what callers say")
struct EntityParserTests {
    /// Today is Monday, 23 November 2026.
    private func find(_ text: String, _ kind: EntityKind, expecting: EntityKind? = nil) throws -> [String] {
        let parser = try Fixtures.flow(kind == .number ? "thermostat" : "receptionist").parser
        return parser.entities(in: SpokenText.words(text), today: Fixtures.today, expecting: expecting)
            .filter { $0.kind == kind && !$0.isNegated }.map(\.value)
    }

    @Test(
        "are days",
        arguments: [
            ("today", "2026-11-23"), ("tomorrow", "2026-11-24"), ("the day after tomorrow", "2026-11-25"),
            ("day after tomorrow", "2026-11-25"), ("monday", "2026-11-30"), ("on tuesday", "2026-11-24"),
            ("this tuesday", "2026-11-24"), ("this coming friday", "2026-11-27"), ("next tuesday", "2026-12-01"),
            ("next monday", "2026-11-30"), ("next sunday", "2026-12-06"), ("sunday", "2026-11-29"),
            ("tuesday next week", "2026-12-01"), ("next week on thursday", "2026-12-03"),
            ("next week wednesday", "2026-12-02"), ("friday week", "2026-12-04"), ("a week from friday", "2026-12-04"),
            ("in a week", "2026-11-30"), ("in two weeks", "2026-12-07"), ("two weeks from today", "2026-12-07"),
            ("in a couple of weeks", "2026-12-07"), ("in three days", "2026-11-26"), ("in a fortnight", "2026-12-07"),
            ("in a week's time", "2026-11-30"), ("in a month", "2026-12-23"),
            ("the third of december", "2026-12-03"), ("third of december", "2026-12-03"),
            ("december third", "2026-12-03"), ("december the third", "2026-12-03"), ("december fourth", "2026-12-04"),
            ("december four", "2026-12-04"), ("the four of december", "2026-12-04"),
            ("the twenty first of january", "2027-01-21"), ("january twenty first", "2027-01-21"),
            ("the twenty third of november", "2026-11-23"), ("the twenty second of november", "2027-11-22"),
            ("tuesday the first", "2026-12-01"), ("tuesday the first of december", "2026-12-01"),
            ("tuesday december first", "2026-12-01"), ("thursday the third of december", "2026-12-03"),
            ("the twenty ninth of february", "2028-02-29"), ("the fifth of next month", "2026-12-05"),
            ("Tuesday, December 1st", "2026-12-01"), ("may fifth", "2027-05-05"),
        ])
    func dates(text: String, expected: String) throws {
        #expect(try find("book me for \(text)", .date) == [expected])
        #expect(try find(text, .date, expecting: .date) == [expected])
    }

    @Test(
        "are days only where a day was asked for",
        arguments: [("the third", "2026-12-03"), ("the twenty fourth", "2026-11-24"), ("the first", "2026-12-01")])
    func weakDates(text: String, expected: String) throws {
        #expect(try find(text, .date, expecting: .date) == [expected])
        #expect(try find("\(text) one", .date, expecting: .time) == [])
    }

    @Test(
        "are times of day",
        arguments: [
            ("half past ten", "10:30"), ("half passed ten", "10:30"), ("half ten", "10:30"),
            ("quarter past nine", "09:15"), ("a quarter past nine", "09:15"), ("quarter to three", "14:45"),
            ("a quarter to three", "14:45"), ("quarter two three", "14:45"), ("quarter of three", "14:45"),
            ("nine thirty", "09:30"), ("ten fifteen", "10:15"), ("two forty five", "14:45"), ("nine oh five", "09:05"),
            ("noon", "12:00"), ("midday", "12:00"), ("twelve o'clock", "12:00"), ("twelve thirty", "12:30"),
            ("eleven o'clock", "11:00"), ("one o'clock", "13:00"), ("two o'clock", "14:00"), ("six o'clock", "18:00"),
            ("eight o'clock", "08:00"), ("ten a m", "10:00"), ("ten am", "10:00"), ("two p m", "14:00"),
            ("eight p m", "20:00"), ("two in the afternoon", "14:00"), ("nine in the morning", "09:00"),
            ("half past two in the afternoon", "14:30"), ("ten thirty in the morning", "10:30"),
            ("ten past nine", "09:10"), ("twenty to four", "15:40"), ("five to eleven", "10:55"),
            ("twenty five past three", "15:25"), ("ten minutes to six", "17:50"), ("fourteen thirty", "14:30"),
            ("fifteen hundred", "15:00"), ("10:30", "10:30"), ("10:30 AM", "10:30"), ("2 p.m.", "14:00"),
            ("3pm", "15:00"), ("14:00", "14:00"),
        ])
    func times(text: String, expected: String) throws {
        #expect(try find("can i come at \(text)", .time) == [expected])
        #expect(try find(text, .time, expecting: .time) == [expected])
    }

    @Test(
        "are bare hours where a time was asked for or announced",
        arguments: [
            ("ten", "10:00", EntityKind?.some(.time)), ("nine please", "09:00", .time), ("one", "13:00", .time),
            ("at two", "14:00", nil), ("make it eleven", "11:00", nil), ("friday at three", "15:00", nil),
            ("friday three", "15:00", nil), ("tomorrow morning at nine", "09:00", nil),
            ("tomorrow afternoon at four", "16:00", nil),
        ])
    func bareHours(text: String, expected: String, expecting: EntityKind?) throws {
        #expect(try find(text, .time, expecting: expecting) == [expected])
    }

    @Test("are no times", arguments: ["the first one", "that one please", "the last one", "i have two children"])
    func noTimes(text: String) throws {
        #expect(try find(text, .time, expecting: .date) == [])
    }

    @Test(
        "are telephone numbers",
        arguments: [
            ("five five five oh one two three", "5550123"), ("double five five zero one two three", "5550123"),
            ("my number is two oh two five five five oh one four three", "2025550143"),
            ("triple five one two three four", "5551234"), ("five fifty five twelve thirty four", "5551234"),
            ("eight hundred five five five one two three four", "8005551234"),
            ("five five five for one to three", "5554123"), ("555-0123", "5550123"), ("(202) 555-0143", "2025550143"),
            ("five five five and then oh one two three", "5550123"),
        ])
    func digits(text: String, expected: String) throws {
        #expect(try find(text, .digits, expecting: .digits) == [expected])
    }

    @Test(
        "are numbers",
        arguments: [
            ("set it to seventy", "70"), ("seventy two degrees", "72"), ("a hundred", "100"),
            ("one hundred and five", "105"), ("two thousand three hundred and four", "2304"),
            ("nine hundred ninety nine thousand nine hundred and ninety nine", "999999"),
            ("twenty one point five", "21.5"),
            ("twenty and a half", "20.5"), ("72", "72"), ("21.5°", "21.5"), ("zero", "0"),
        ])
    func numbers(text: String, expected: String) throws {
        #expect(try find(text, .number, expecting: .number) == [expected])
    }

    @Test(
        "are names",
        arguments: [
            ("maria jones", "Maria Jones"), ("my name is maria jones", "Maria Jones"),
            ("it's john smith", "John Smith"),
            ("mary anne smith", "Mary Anne Smith"), ("Maria Jones.", "Maria Jones"),
            ("my name is Wolfgang Meierhuber", "Wolfgang Meierhuber"),
        ])
    func names(text: String, expected: String) throws {
        #expect(try find(text, .name, expecting: .name) == [expected])
    }

    @Test("come several in one sentence")
    func severalInOne() throws {
        let parser = try Fixtures.flow("receptionist").parser
        let words = SpokenText.words("this is maria jones book me for next tuesday at half past ten")
        let found = parser.entities(in: words, today: Fixtures.today)
        #expect(found.map(\.value) == ["Maria Jones", "2026-12-01", "10:30"])
        #expect(
            parser.classified(words, entities: found).joined(separator: " ")
                == "this is <name> book me for <date> at <time>")
    }

    @Test(
        "may be denied", arguments: ["not thursday friday", "not on thursday on friday", "friday instead of thursday"])
    func negated(text: String) throws {
        #expect(try find(text, .date) == ["2026-11-27"])
    }

    @Test(
        "ignores junk without a trap",
        arguments: [
            "", "half", "the", "a week", "in", "next", "december", "quarter to", "double", "9999999999999999999999",
            "25:99", "in nine weeks from",
        ])
    func junk(text: String) throws {
        for kind in [EntityKind.date, .time, .digits, .name] {
            _ = try find(text, kind, expecting: kind)
        }
        _ = try find(text, .number, expecting: .number)
    }
}
