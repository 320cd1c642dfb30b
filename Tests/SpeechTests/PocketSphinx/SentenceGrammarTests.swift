import Testing

@testable import Speech

@Suite("Sentence grammar")
struct SentenceGrammarTests {
    private func grammar(_ sentences: [String], classes: [String: [String]] = [:]) throws -> SentenceGrammar {
        try SentenceGrammar(
            SpeechVocabulary(contexts: [.init(name: "open", sentences: sentences)], classes: classes))
    }

    @Test(
        "a sentence is its words, in lower case and without punctuation",
        arguments: [
            ("Could you lower it, please?", ["could", "you", "lower", "it", "please"]),
            ("i'd like a check-up", ["i'd", "like", "a", "check-up"]),
            ("on {date} at {start_time}.", ["on", "{date}", "at", "{start_time}"]),
            ("  ", []),
        ])
    func words(text: String, expected: [String]) {
        #expect(SentenceGrammar.words(of: text) == expected)
    }

    @Test("repeated sentences and forms weigh more, and weights add up to one")
    func weights() throws {
        let grammar = try grammar(
            ["yes {politely}", "no", "no", "no"], classes: ["politely": ["please", "thank you", "please"]])
        #expect(grammar.contexts.first?.sentences.map(\.weight) == [0.25, 0.75])
        #expect(grammar.classes.first?.map(\.weight) == [2.0 / 3, 1.0 / 3])
        #expect(grammar.spokenWords == ["yes", "no", "please", "thank", "you"])
    }

    @Test("sentences without a word are left out")
    func empty() throws {
        let grammar = try grammar(["", "…", "yes"])
        #expect(grammar.contexts.first?.sentences.map(\.weight) == [1])
    }

    @Test("a large class of single words becomes a symbol; others are spelled out", arguments: [39, 40])
    func symbols(count: Int) throws {
        let names = (0..<count).map { "name\($0)" }
        var grammar = try grammar(
            ["i am {name}", "in {city}"], classes: ["name": names, "city": names.map { "new \($0)" }])
        let symbol = grammar.number(of: "{name}")
        #expect(grammar.members[symbol]?.count == (count < 40 ? nil : count))
        #expect(grammar.members[grammar.number(of: "{city}")] == nil)
        #expect(!grammar.spokenWords.contains("{name}") || count < 40)
        #expect(grammar.spokenWords.isSuperset(of: names + ["new", "am"]))
    }

    @Test(
        "classes that contain themselves are refused by name",
        arguments: [
            ["a": ["one {a}"]],
            ["a": ["{b}"], "b": ["two {c}"], "c": ["{a} three"]],
        ])
    func cycles(classes: [String: [String]]) {
        let error = #expect(throws: SpeechError.self) { try grammar(["say {a}"], classes: classes) }
        #expect(error?.code == .invalidModel)
        #expect(error?.detail == "the class {a} contains itself")
    }

    @Test("a class may be used twice, in a sentence and by other classes")
    func shared() throws {
        let grammar = try grammar(
            ["from {day} to {day}", "{span}"], classes: ["day": ["monday", "friday"], "span": ["{day} and {day}"]])
        #expect(grammar.classes.count == 2)
    }

    @Test(
        "an unknown class is refused with its sentence",
        arguments: [
            (["on {dat} please"], ["date": ["monday"]], "\"on {dat} please\" names the class {dat}"),
            (["on {date}"], ["date": ["next {weekday}"]], "\"next {weekday}\" names the class {weekday}"),
        ])
    func unknownClass(sentences: [String], classes: [String: [String]], reason: String) {
        let error = #expect(throws: SpeechError.self) { try grammar(sentences, classes: classes) }
        #expect(error?.code == .invalidModel)
        #expect(error?.detail.hasPrefix(reason) == true)
    }
}
