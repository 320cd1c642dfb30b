import Agent
import Testing

@Suite("Streamed text")
struct ClauseSplitterTests {
    @Test(
        "is cut where a speaker breathes, whatever the pieces",
        arguments: [
            ("Hello. How can I help you today?", ["Hello.", "How can I help you today?"]),
            (
                "Let me check that, one moment please. I have nine, ten or eleven.",
                ["Let me check that,", "one moment please.", "I have nine, ten or eleven."]
            ),
            ("Dr. Smith is in at 3.5 hours. Good!", ["Dr. Smith is in at 3.5 hours.", "Good!"]),
            ("No", ["No"]), ("", []), ("  \n ", []),
            ("**Yes**, of course", ["Yes, of course"]),
            ("First line\nsecond line", ["First line", "second line"]),
        ])
    func cuts(text: String, clauses: [String]) {
        for size in [1, 3, 1000] {
            var splitter = ClauseSplitter()
            var found: [String] = []
            var rest = text[...]
            while !rest.isEmpty {
                found += splitter.push(String(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            #expect(found + splitter.flush() == clauses, "in pieces of \(size)")
        }
    }

    @Test("gives the last sentence where the line ends, whatever follows")
    func lineEnd() {
        var splitter = ClauseSplitter()
        let (open, ended, rest) = (splitter.push("Good."), splitter.push("\n"), splitter.flush())
        #expect(open == [] && ended == ["Good."] && rest == [])
    }

    @Test("gives its first clause before the sentence is over")
    func early() {
        var splitter = ClauseSplitter()
        #expect(splitter.push("I am looking that up, and then ") == ["I am looking that up,"])
    }

    @Test("is cut at a space when it has no marks at all")
    func unmarked() {
        var splitter = ClauseSplitter()
        let clauses = splitter.push(String(repeating: "word ", count: 200))
        #expect(clauses.count >= 3)
        #expect(clauses.allSatisfy { $0.count <= 240 && $0.hasSuffix("word") })
    }
}
