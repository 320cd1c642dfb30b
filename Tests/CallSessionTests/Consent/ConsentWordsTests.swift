import Testing

@testable import CallSession

@Suite("Words about being recorded")
struct ConsentWordsTests {
    @Test(
        "a yes is one only where it is certain",
        arguments: [
            ("yes", .agrees), ("Yes, that's fine.", .agrees), ("sure go ahead", .agrees), ("no problem", .agrees),
            ("I don't mind", .agrees), ("okay", .agrees), ("of course you can", .agrees),
            ("sí", .agrees), ("Sí, claro.", .agrees), ("sin problema", .agrees), ("cómo no", .agrees),
            ("vale", .agrees),
            ("no", .refuses), ("no thank you", .refuses), ("I'd rather not", .refuses), ("please don't", .refuses),
            ("yes but don't record it", .refuses), ("okay but I don't want to be recorded", .refuses),
            ("no, gracias", .refuses), ("prefiero que no", .refuses), ("mejor no grabe", .refuses),
            ("what", nil), ("yeah no", nil), ("I don't know", nil), ("I'm not sure", nil), ("no sé", nil),
            ("I want to book an appointment", nil), ("¿cómo?", nil), ("", nil), ("mm-hm", nil),
        ] as [(String, ConsentWords.Answer?)])
    func answers(text: String, answer: ConsentWords.Answer?) { #expect(ConsentWords.answer(text) == answer) }

    @Test(
        "a wish that the recording end is heard in any of its wordings",
        arguments: [
            "don't record this", "please do not record me", "stop recording", "can you stop the recording please",
            "I don't want you to record this call", "I'd like this not to be recorded", "turn the recording off",
            "turn off that recording", "please delete the recording", "without recording please", "no recording please",
            "no grabe esta llamada", "por favor, detenga la grabación", "no quiero que me graben",
            "sin grabar, por favor",
            "deje de grabar",
        ])
    func withdrawn(text: String) { #expect(ConsentWords.refusesRecording(text)) }

    @Test(
        "talk of records is none",
        arguments: [
            "there is no record of my appointment", "I have no tape", "could you record a message for the doctor",
            "is this recorded", "please send me my records", "stop calling me", "quiero grabar un mensaje", "no", "off",
        ])
    func innocent(text: String) { #expect(!ConsentWords.refusesRecording(text)) }
}
