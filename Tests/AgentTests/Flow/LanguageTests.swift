import Agent
import Foundation
import Testing

@Suite("The language a recognizer is given")
struct LanguageTests {
    private static let dictionary = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict"

    @Test("refers to classes it describes", arguments: ["receptionist", "thermostat"])
    func classesExist(name: String) throws {
        let language = try Fixtures.flow(name).language
        let texts = Array(language.contexts.values.joined()) + Array(language.classes.values.joined())
        #expect(!language.contexts.isEmpty)
        for text in Set(texts) {
            for match in text.matches(of: /\{([a-z_]+)\}/) {
                #expect(language.classes[String(match.1)] != nil, "\(text)")
            }
        }
    }

    @Test(
        "has only words with a pronunciation", .enabled(if: FileManager.default.fileExists(atPath: dictionary)),
        arguments: ["receptionist", "thermostat"])
    func pronounceable(name: String) throws {
        let language = try Fixtures.flow(name).language
        let lines = String(decoding: try Data(contentsOf: URL(fileURLWithPath: Self.dictionary)), as: UTF8.self)
        let known = Set(lines.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) })
        let words = Set(
            (Array(language.contexts.values.joined()) + Array(language.classes.values.joined())).joined(separator: " ")
                .split(separator: " ").map(String.init).filter { !$0.hasPrefix("{") })
        #expect(words.subtracting(known).subtracting(language.pronunciations.keys).sorted() == [])
        #expect(words.count > 60)
    }

    @Test(
        "has forms of values that the grammar reads back",
        arguments: [("date", EntityKind.date), ("time", .time), ("phone", .digits), ("name", .name)])
    func readsItself(name: String, kind: EntityKind) throws {
        let flow = try Fixtures.flow("receptionist")
        var random = SystemRandomNumberGenerator()
        for _ in 0..<400 {
            let form = try #require(Self.expand("{\(name)}", flow.language.classes, &random))
            // Classes know no calendar: "the thirty first of april" is a form, but no day.
            if form.contains(/thirt|twenty ninth/), form.contains(/february|april|june|september|november/) { continue }
            let words = SpokenText.words(form)
            let found = flow.parser.entities(in: words, today: Fixtures.today, expecting: kind)
            #expect(found.count == 1 && found[0].kind == kind && found[0].range == 0..<words.count, "\(form): \(found)")
        }
    }

    @Test("has the answers of each state that asks")
    func contexts() throws {
        let language = try Fixtures.flow("receptionist").language
        #expect(
            Set(language.contexts.keys) == ["menu", "more", "confirm", "date", "time", "name", "phone", "old_date"])
        for (name, sentences) in language.contexts {
            #expect(sentences.contains("what are your opening hours"), "\(name) lets the caller digress")
        }
        let confirm = try #require(language.contexts["confirm"])
        #expect(confirm.count { $0 == "yes please" } > 1)
    }

    private static func expand(
        _ text: String, _ classes: [String: [String]], _ random: inout SystemRandomNumberGenerator
    ) -> String? {
        var words: [String] = []
        for word in text.split(separator: " ").map(String.init) {
            if word.hasPrefix("{") {
                guard let form = classes[String(word.dropFirst().dropLast())]?.randomElement(using: &random),
                    let expanded = expand(form, classes, &random)
                else { return nil }
                words.append(expanded)
            } else {
                words.append(word)
            }
        }
        return words.joined(separator: " ")
    }
}
