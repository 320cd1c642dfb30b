import Testing

@testable import Agent

@Suite("A yes and a no, by the language they were asked in")
struct YesAndNoTests {
    enum Meaning { case yes, no, neither }

    private func answer(_ text: String, _ language: SpokenLanguage) -> Meaning {
        if Agreement.isIn(text, language: language) { return .yes }
        return Refusal.isIn(text, language: language) ? .no : .neither
    }

    @Test(
        "in Spanish, with accents and without",
        arguments: [
            ("sí", .yes), ("Sí, claro.", .yes), ("si claro", .yes), ("si", .yes), ("si por favor", .yes),
            ("Pásamelo.", .yes), ("sí, pásemela por favor", .yes), ("pasamelo", .yes), ("Claro que sí.", .yes),
            ("claro que si", .yes), ("De acuerdo.", .yes), ("por supuesto", .yes), ("Desde luego.", .yes),
            ("vale, adelante", .yes), ("sí, la tomo", .yes), ("No hay problema, pásamelo.", .yes), ("Cómo no.", .yes),
            ("Sin problema.", .yes), ("está bien", .yes), ("ok", .yes), ("yes", .yes), ("por favor", .yes),
            ("sí, que pase", .yes), ("que pase", .yes), ("Eso es.", .yes), ("así es, correcto", .yes), ("seguro", .yes),
            ("Todo correcto, gracias.", .yes), ("No tengo ningún problema.", .yes), ("sin duda", .yes),
            ("no me importa", .yes), ("vale, cancélela", .yes),
            ("no", .no), ("No, gracias.", .no), ("no gracias", .no), ("Ahora no.", .no), ("ahora no puedo", .no),
            ("No puedo.", .no), ("Dile que llame mañana.", .no), ("dile que llame manana", .no),
            ("vale, dile que llame mañana", .no), ("claro que no", .no), ("desde luego que no", .no),
            ("No me lo pases.", .no), ("más tarde", .no), ("mejor en otro momento", .no), ("estoy ocupada", .no),
            ("luego", .no), ("tampoco", .no), ("más adelante", .no), ("vale, hasta luego", .no),
            // A yes to something else, or the beginning of something else.
            ("es por el seguro", .neither), ("por cierto, tengo una cita", .neither), ("eso es muy caro", .neither),
            ("eso es un error", .neither), ("el número correcto es el cinco", .neither),
            ("sí, mejor el martes", .neither), ("no me importa lo que diga", .neither), ("sí, la otra", .neither),
            ("vale, cambia la hora", .neither), ("sí, tengo una pregunta", .neither),
            ("vale, déjalo", .neither), ("claro, todo menos eso", .neither), ("perfecto, cómo se llama", .neither),
            ("que pase un buen día", .neither), ("vale, adiós", .neither), ("sí, en un minuto", .neither),
            // A telephone that is answered.
            ("Sí, dígame.", .neither), ("sí, hola", .neither), ("sí, le escucho", .neither),
            ("¿Bueno?", .neither), ("¿Sí?", .neither), ("Sí, ¿de parte de quién?", .neither),
            ("sí, pero espera", .neither), ("un momento", .neither), ("¿Qué?", .neither), ("sí, qué quiere", .neither),
            ("no le oigo", .neither), ("No entiendo.", .neither), ("no sé", .neither), ("no se", .neither),
            ("si lo tomo pierdo el tren", .neither), ("si puede esperar", .neither), ("hola", .neither),
            ("por favor dígame", .neither), ("", .neither), ("bueno", .neither), ("a lo mejor sí", .neither),
        ] as [(String, Meaning)])
    func spanish(text: String, expected: Meaning) {
        #expect(answer(text, .spanish) == expected)
    }

    @Test(
        "in English",
        arguments: [
            ("yes", .yes), ("Sure, go ahead.", .yes), ("that's fine", .yes),
            ("no", .no), ("No, thanks.", .no), ("not now", .no), ("I can't right now", .no), ("I cannot", .no),
            ("maybe later", .no), ("I'm busy", .no), ("yes but not today", .no),
            ("I can't hear you", .neither), ("sorry, I didn't catch that", .neither), ("I don't know", .neither),
            ("who is it", .neither), ("hello", .neither), ("", .neither),
            // Words of the other language are none.
            ("sí", .neither), ("claro", .neither), ("mañana", .neither),
        ] as [(String, Meaning)])
    func english(text: String, expected: Meaning) {
        #expect(answer(text, .english) == expected)
    }

    @Test("an act needs a yes in the language of the agent")
    func gate() {
        let policy = ToolPolicy(risk: .irreversible, evidence: .confirmed)
        func runs(_ text: String, _ language: SpokenLanguage) -> Bool {
            let gate = ActGate(
                callerText: text, confidence: 0.9, heard: "¿Cancelo la cita 4?",
                thresholds: ConfidenceThresholds(reaskBelow: 0.3, agreeBelow: 0.5, escalateBelow: 0, maxReasks: 2),
                hasCaller: true, language: language)
            return gate.verdict(on: ["appointment_id": 4], policy: policy) == .run
        }
        let (agreed, refused) = (runs("sí, claro", .spanish), runs("claro que no", .spanish))
        let unknown = runs("sí, claro", .english)
        #expect(agreed && !refused && !unknown)
    }
}
