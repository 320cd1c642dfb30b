import Agent
import Foundation
import Testing

@Suite("The table of answers to capture blocks")
struct CaptureTableTests {
    private struct Row {
        var kind: CaptureBlock.Kind
        var region: SpokenRegion
        var value: String
        var turns: [String]
    }

    private static let rows = Result {
        let file = Fixtures.directory.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Benchmarks/entities/captures.tsv")
        return try String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n").dropFirst().map {
            let cells = $0.split(separator: "\t").map(String.init)
            return Row(
                kind: try #require(CaptureBlock.Kind(rawValue: cells[0])),
                region: try #require(SpokenRegion(rawValue: cells[1])), value: cells[2],
                turns: cells[3].split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) })
        }
    }

    /// Each row is the whole of what a caller says to one block; today is Monday, 23 November 2026.
    @Test("at least 97 of 100 answers are read right, of every kind at least nine in ten")
    func table() throws {
        let rows = try Self.rows.get()
        #expect(rows.count >= 80)
        var (right, all): ([CaptureBlock.Kind: Int], [CaptureBlock.Kind: Int]) = ([:], [:])
        var wrong: [String] = []
        for row in rows {
            var probe = CaptureProbe(
                row.kind, region: row.region, parts: row.kind == .card ? [.number, .expiry] : nil,
                today: Fixtures.today,
                firstNames: ["maria", "mario", "anna", "kate"], lastNames: ["jones", "miller", "smith"])
            for turn in row.turns { probe.say(turn) }
            let read = probe.isComplete ? Self.text(probe.value) : "incomplete: \(Self.text(probe.value))"
            all[row.kind, default: 0] += 1
            if read == row.value {
                right[row.kind, default: 0] += 1
            } else {
                wrong.append("\(row.kind.rawValue): \(row.turns) is \(row.value), read as \"\(read)\"")
            }
        }
        let notes = Comment(rawValue: wrong.joined(separator: "\n"))
        #expect(wrong.count * 100 <= rows.count * 3, notes)
        for (kind, count) in all { #expect(right[kind, default: 0] * 10 >= count * 9, notes) }
        #expect(Set(all.keys) == Set(CaptureBlock.Kind.allCases))
    }

    private static func text(_ value: JSONValue) -> String {
        guard let members = value.object else { return value.string ?? "" }
        return members["line"]?.string
            ?? [members["number"], members["expiry"]].compactMap { $0?.string }.joined(separator: " ")
    }

    @Test(
        "what cannot be is refused with its reason",
        arguments: [
            (CaptureBlock.Kind.dateOfBirth, "february thirtieth nineteen eighty", "There is no the thirtieth"),
            (.dateOfBirth, "february twenty ninth nineteen eighty one", "There is no the twenty ninth"),
            (.dateOfBirth, "december first twenty twenty six", "has not come yet"),
            (.dateOfBirth, "may third eighteen eighty five", "an age of one hundred and forty one"),
            (.card, "four one one one one one one one one one one one one one one two", "cannot be right"),
            (.card, "one two three four five six seven eight", "No card's number begins like that"),
        ])
    func refused(kind: CaptureBlock.Kind, spoken: String, reason: String) {
        var probe = CaptureProbe(kind, today: Fixtures.today)
        let heard = probe.say(spoken)
        #expect(heard?.contains(reason) == true, "\(heard ?? "taken")")
        #expect(!probe.isComplete)
    }

    @Test("of who is too young or too old only the year is asked again")
    func ages() {
        var probe = CaptureProbe(.dateOfBirth, ages: 18...99, today: Fixtures.today)
        #expect(probe.say("may third two thousand and twelve")?.contains("an age of fourteen") == true)
        #expect(probe.question == "I have the third of May. And which year?")
        // Two digits mean the year in which somebody was born who is old enough.
        probe.say("twelve")
        #expect(!probe.isComplete)
        probe.say("oh two")
        #expect(probe.value == "2002-05-03")
    }

    @Test("a re-ask says what is there and what is missing")
    func missing() {
        var probe = CaptureProbe(.address, today: Fixtures.today)
        #expect(probe.question == "")
        probe.say("twelve elm street")
        #expect(probe.question == "I have the house number and the street, and which town?")
        probe.say("springfield")
        #expect(probe.question == "I have the house number, the street and the town, and which zip code?")
        probe.type("62704")
        #expect(probe.readBack == "That is twelve Elm Street, Springfield, six, two, seven, zero, four. Is that right?")
    }

    @Test("five digits before a street, or for the house, are its number and no zip code")
    func longHouse() {
        var probe = CaptureProbe(.address, today: Fixtures.today)
        probe.say("12345 Main Street")
        #expect(probe.question == "I have the house number and the street, and which town?")
        probe.say("springfield")
        probe.say("six two seven oh four")
        #expect(probe.value.object?["line"] == "12345 Main Street, Springfield, 62704")

        probe = CaptureProbe(.address, today: Fixtures.today)
        probe.say("main street springfield six two seven oh four")
        #expect(probe.question == "I have the street, the town and the zip code, and what is the house number?")
        probe.say("it's 12345")
        #expect(probe.value.object?["line"] == "12345 Main Street, Springfield, 62704")
    }

    @Test("a name that no list holds is spelled when it is read back")
    func unusual() {
        var probe = CaptureProbe(.name, today: Fixtures.today, firstNames: ["maria"], lastNames: ["jones"])
        probe.say("maria kolb")
        #expect(probe.readBack == "That is Maria Kolb, spelled K, O, L, B. Is that right?")
        probe.say("no jones")
        #expect(probe.readBack == "That is Maria Jones. Is that right?")
    }

    @Test(
        "an expiry is heard in figures, digit by digit and with the month's name",
        arguments: [
            ("1027", "2027-10"), ("one oh two seven", "2027-10"), ("1127", "2027-11"), ("1227", "2027-12"),
            ("one two two seven", "2027-12"), ("May 2027", "2027-05"), ("05/2027", "2027-05"), ("5/27", "2027-05"),
            ("10/2027", "2027-10"), ("12/27", "2027-12"), ("five two seven", "2027-05"), ("may two seven", "2027-05"),
            ("ten twenty seven", "2027-10"), ("twelve twenty twenty seven", "2027-12"),
            ("june two thousand and twenty eight", "2028-06"), ("oh one two eight", "2028-01"),
            ("zero five two zero two seven", "2027-05"), ("the thirty first of may twenty twenty seven", "2027-05"),
            ("it expires in january of thirty", "2030-01"), ("five slash twenty seven", "2027-05"),
        ])
    func expiry(spoken: String, month: JSONValue) {
        var probe = CaptureProbe(.card, today: Fixtures.today)
        probe.type("4111111111111111")
        probe.say(spoken)
        probe.type("123")
        #expect(probe.isComplete && probe.value.object?["expiry"] == month, "\(probe.value)")
    }

    @Test("a digit in passing does not replace a whole card's number, and a month with a figure is the expiry")
    func wholeNumber() {
        var probe = CaptureProbe(.card, today: Fixtures.today)
        for typed in ["4111111111111111", "0527", "123"] { probe.type(typed) }
        probe.say("nine")
        #expect(probe.value == ["number": "4111111111111111", "expiry": "2027-05", "security_code": "123"])
        #expect(probe.say("no june twenty eight") == nil)
        #expect(probe.value == ["number": "4111111111111111", "expiry": "2028-06", "security_code": "123"])
        probe.say("no it's 5555 5555 5555 4444")
        #expect(probe.value.object?["number"] == "5555555555554444")
    }

    @Test(
        "\"one\" for something that was said, and in \"one moment\", is no digit",
        arguments: ["that's the one", "yes that one", "one moment please", "just one second", "not this one"])
    func pronoun(spoken: String) {
        var probe = CaptureProbe(.phone, today: Fixtures.today)
        probe.say(spoken)
        #expect(probe.question == "")
        probe.say("five five five oh one two nine nine one")
        probe.say(spoken)
        #expect(probe.value == "555012991")
    }

    @Test("a card is typed part by part, and read back by its last four digits")
    func card() {
        var probe = CaptureProbe(.card, today: Fixtures.today)
        probe.type("4111111111111111")
        #expect(probe.question?.contains("when does it expire") == true)
        #expect(probe.type("1325") == "There is no such month.")
        #expect(probe.type("0525") == "A card that was valid until then has expired.")
        #expect(probe.type("0560") == "No card is valid for that long.")
        probe.type("0527")
        #expect(probe.type("1234")?.contains("three digits") == true)
        probe.type("123")
        #expect(
            probe.readBack
                == "That is the Visa card ending in one one one one. Is that right?"
        )
        #expect(probe.value == ["number": "4111111111111111", "expiry": "2027-05", "security_code": "123"])
    }
}
