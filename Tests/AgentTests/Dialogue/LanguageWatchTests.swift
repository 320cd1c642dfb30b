import Testing

@testable import Agent

@Suite("A caller's language")
struct LanguageWatchTests {
    /// - Returns: what each turn led to.
    private func hear(_ turns: (String, String?)..., by current: SpokenLanguage = .english) -> [SpokenLanguage?] {
        var watch = LanguageWatch()
        return turns.enumerated().map { index, turn in
            let turn = CallerTurn(number: index + 1, text: turn.0, confidence: 1, language: turn.1)
            let foresees = watch.wouldSwitch(turn, by: current, others: [.spanish])
            let decided = watch.heard(turn, by: current, others: [.spanish])
            #expect(foresees == (decided != nil))
            return decided
        }
    }

    @Test("two words in it are proof, of whatever region")
    func plain() {
        #expect(hear(("hola quiero una cita", "es-MX")) == [.spanish])
        #expect(hear(("¿habla español?", "ES")) == [.spanish])
    }

    @Test("one word is not, two turns in a row are")
    func single() {
        #expect(hear(("hola", "es"), ("sí", "es")) == [nil, .spanish])
        #expect(hear(("hola", "es"), ("i want a table", "en"), ("no", "es")) == [nil, nil, nil])
        // A turn whose language nobody knows says nothing either way.
        #expect(hear(("hola", "es"), ("mm", nil), ("sí", "es")) == [nil, nil, .spanish])
    }

    @Test("the agent's own, languages that nobody speaks here, and none lead nowhere")
    func others() {
        #expect(
            hear(("i want a table", "en-GB"), ("ich möchte einen tisch", "de"), ("a table", nil)) == [nil, nil, nil])
        #expect(hear(("hola quiero una cita", "es"), by: .spanish) == [nil])
    }
}
