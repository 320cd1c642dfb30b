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
            ("I don’t mind being recorded", .agrees), ("yes you can record this call", .agrees),
            ("well yes I think so", .agrees), ("that's okay with me thank you", .agrees), ("Why not?", .agrees),
            ("si", .agrees), ("bueno", .agrees), ("sí, no hay problema", .agrees), ("de acuerdo, gracias", .agrees),
            ("I can't agree to that", .refuses), ("I didn't agree to be recorded", .refuses),
            ("I wouldn't", .refuses), ("I won't agree", .refuses), ("I cannot consent to that", .refuses),
            ("no quiero que me graben", .refuses),
            ("are you sure?", nil), ("are you sure", nil), ("what happens if I say yes", nil), ("yes but why", nil),
            ("do I have to agree", nil), ("how long would that be okay for", nil), ("okay wait", nil),
            ("okay I want to book an appointment", nil), ("you can call me back tomorrow", nil),
            ("depende de si la guardan", nil), ("bueno, espere", nil), ("bueno, quiero una cita", nil),
            ("¿por qué?", nil), ("¿qué pasa si digo que sí?", nil), ("si me dice quién escucha", nil),
            ("no estoy seguro de que sí", nil), ("I can't hear you okay", nil),
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
            "you can't record me", "you cannot record this", "you can not record this",
            "I'd rather you didn't record this",
            "I refuse to be recorded", "are you recording this? please stop", "I won't be recorded",
            "I can't agree to be recorded", "I didn't want to be recorded", "I object to being recorded",
            "I don't feel comfortable with this call being recorded", "you don't have my permission to record this",
            "you are recording me without my permission", "is this being recorded? I don't want that",
            "no, stop recording", "I don't want any recording of this", "do not keep the recording",
            "no puede grabarme", "me niego a que me graben", "prefiero que no me graben", "no autorizo que se grabe",
            "¿me está grabando? Pare, por favor", "borre la grabación", "apague la grabadora",
            "me opongo a la grabación",
        ])
    func withdrawn(text: String) { #expect(ConsentWords.refusesRecording(text)) }

    @Test("what recognizers are told to expect is understood")
    func language() {
        for text in ConsentLanguage.assents { #expect(ConsentWords.answer(text) == .agrees, "\(text)") }
        for text in ConsentLanguage.refusals { #expect(ConsentWords.answer(text) == .refuses, "\(text)") }
        for text in ConsentLanguage.doubts { #expect(ConsentWords.answer(text) == nil, "\(text)") }
        for text in ConsentLanguage.withdrawals { #expect(ConsentWords.refusesRecording(text), "\(text)") }
    }

    @Test(
        "talk of records is none",
        arguments: [
            "there is no record of my appointment", "I have no tape", "could you record a message for the doctor",
            "is this recorded", "please send me my records", "stop calling me", "quiero grabar un mensaje", "no", "off",
            "I don't know my medical record number", "I don't have a record of that",
            "please delete the record of my old address", "I don't mind being recorded", "don't delete the recording",
            "please do not stop recording", "I don't want to talk to a recording", "you didn't record my payment",
            "it was never recorded on my chart", "I don't record my blood pressure every day",
            "I can't record my readings in the app", "at the end of the recording it said to press two",
            "I want to cancel because the recording told me so", "no, I want it recorded", "I have no recording of it",
            "I don't know if this is recorded", "why don't you record my new number",
            "no sé mi número de historia médica", "no tengo ninguna grabación de eso", "no me importa que me graben",
            "no quiero hablar con una grabación", "quiero dejar un mensaje grabado", "no puedo grabar mi mensaje",
        ])
    func innocent(text: String) { #expect(!ConsentWords.refusesRecording(text)) }
}
