import Agent
import Foundation
import Testing

@Suite("The table of spoken forms")
struct EntityTableTests {
    private struct Form {
        var kind: String
        var value: String
        var spoken: String
    }

    private static let forms = Result {
        let file = Fixtures.directory.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Benchmarks/entities/forms.tsv")
        return String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n").dropFirst().map {
            let cells = $0.split(separator: "\t").map(String.init)
            return Form(kind: cells[0], value: cells[1], spoken: cells[2])
        }
    }

    private static let kinds: [String: EntityKind] = [
        "date": .date, "time": .time, "number": .number, "money": .money, "duration": .duration, "phone": .digits,
        "email": .email, "name": .name, "choice": .choice(slot: "delivery"),
    ]
    private static let choices = [
        "standard": [["standard"], ["normal"], ["slow"]], "express": [["express"], ["fast"]],
        "overnight": [["overnight"], ["next", "day"]],
    ]

    /// Each form is said in answer to the question for its kind; today is Monday, 23 November 2026.
    @Test("at least 97 of 100 forms are read right, of every kind at least nine in ten")
    func table() throws {
        let forms = try Self.forms.get()
        #expect(forms.count >= 400)
        let flow = try Fixtures.flow("receptionist")
        let probe = try #require(
            FlowProbe(
                agent: Fixtures.agent("receptionist"), flow: flow, call: CallFacts(callID: "c1"), question: "confirm",
                today: Fixtures.today))
        var (right, all): ([String: Int], [String: Int]) = ([:], [:])
        var wrong: [String] = []
        for form in forms {
            var read: String
            if let kind = Self.kinds[form.kind] {
                var lexicon = flow.parser.lexicon
                lexicon.kinds = [kind]
                lexicon.choices = form.kind == "choice" ? ["delivery": Self.choices] : [:]
                read = EntityParser(lexicon: lexicon)
                    .entities(in: SpokenText.words(form.spoken), today: Fixtures.today, expecting: kind)
                    .map(\.value).joined(separator: ", ")
            } else {
                read = probe.likeliest(form.spoken).intent
            }
            all[form.kind, default: 0] += 1
            if read == form.value {
                right[form.kind, default: 0] += 1
            } else {
                wrong.append("\(form.kind): \"\(form.spoken)\" is \(form.value), read as \"\(read)\"")
            }
        }
        let notes = Comment(rawValue: wrong.joined(separator: "\n"))
        #expect(wrong.count * 100 <= forms.count * 3, notes)
        for (kind, count) in all { #expect(right[kind, default: 0] * 10 >= count * 9, notes) }
        #expect(Set(all.keys) == Set(Self.kinds.keys).union(["yes_no"]))
    }

    @Test(
        "what is no such value is not taken for one",
        arguments: [
            ("money", "i live on fifty second street"), ("duration", "half past ten"), ("duration", "the second one"),
            ("email", "i was at example street"), ("email", "meet me at noon"),
        ])
    func nothing(kind: String, spoken: String) throws {
        var lexicon = try Fixtures.flow("receptionist").parser.lexicon
        lexicon.kinds = [try #require(Self.kinds[kind])]
        let found = EntityParser(lexicon: lexicon).entities(in: SpokenText.words(spoken), today: Fixtures.today)
        #expect(found.isEmpty, "\(found)")
    }
}
