import Testing

@testable import Agent

@Suite("The sentences that are said where no file has others")
struct UsualSentenceTests {
    @Test(
        "each has a form of its own in every language, with the same values to put in",
        arguments: UsualSentence.allCases)
    func forms(sentence: UsualSentence) throws {
        let forms = SpokenLanguage.allCases.map { sentence.text(in: $0) }
        #expect(forms.allSatisfy { !$0.isEmpty })
        #expect(Set(forms).count == forms.count, "\(forms)")
        let values = try forms.map { Set(try Template($0).references.map(\.path)) }
        #expect(Set(values).count == 1, "\(values)")
    }

    @Test("values are put in as they are said in the language")
    func values() {
        #expect(
            UsualSentence.hold.text(in: .spanish, "who", "recepción")
                == "Sigo intentando comunicarle con recepción. No cuelgue, por favor.")
        #expect(SpokenLanguage.allCases.map { $0.key("#") } == ["hash", "almohadilla"])
        #expect(SpokenLanguage.allCases.map { $0.key("0") } == ["oh", "cero"])
    }
}
