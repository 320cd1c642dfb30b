import Foundation
import Testing

@testable import Speech

@Suite("General English")
struct GeneralEnglishTests {
    private static let installed = URL(filePath: "/usr/share/pocketsphinx/model/en-us/en-us.lm.bin")

    @Test("knows common words from rare ones, and no symbols")
    func words() throws {
        let english = try GeneralEnglish(Self.installed)
        #expect(english.words.count > 10_000)
        #expect(english.words.allSatisfy { !$0.contains("<") })
        #expect(english.probability(of: "the") > 100 * english.probability(of: "appointment"))
        #expect(english.probability(of: "appointment") > 0)
        #expect(english.probability(of: "qwertz") == 0)
    }

    @Test("the pairs that tell the most come first, and never more than asked for")
    func pairs() throws {
        let english = try GeneralEnglish(Self.installed)
        let words = ["would", "like", "be", "able", "to", "appointment", "an", "qwertz", "sofa"]
        let pairs = english.pairs(of: words, count: 8)
        #expect(pairs.count == 8)
        #expect(pairs.contains { $0.first == "would" && $0.second == "be" })
        #expect(pairs.contains { $0.first == "able" && $0.second == "to" && $0.probability > 0.5 })
        #expect(!pairs.contains { $0.first == "sofa" && $0.second == "an" })
        let sums = Dictionary(grouping: english.pairs(of: words, count: 100), by: \.first)
            .mapValues { $0.reduce(0) { $0 + $1.probability } }
        #expect(sums.values.allSatisfy { $0 <= 1 })
    }

    @Test("a file that is not there is named, with the package that brings it")
    func absent() {
        let error = #expect(throws: SpeechError.self) { _ = try GeneralEnglish(URL(filePath: "/nonexistent.lm")) }
        #expect(error?.operation.contains("/nonexistent.lm") == true)
        #expect(error?.detail.contains("pocketsphinx-en-us") == true)
    }
}
