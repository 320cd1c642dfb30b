import Agent
import Foundation
import Telephony
import Testing

@testable import CallSession

@Suite("Who answered, in Spanish")
struct SpanishAnswersTests {
    /// What a detector makes of a greeting by two seconds after its end: three words a second, each known 300 ms after it was
    /// said, no beep and nothing of the carrier's.
    private func verdict(_ text: String) -> AnswerDetector.Verdict? {
        let words = text.split(separator: " ")
        let start = 4000
        let end = start + words.count * 2640
        var detector = AnswerDetector()
        detector.voiceStarted(at: start)
        var known = 0
        for position in stride(from: start + 160, through: end + 16_000, by: 160) {
            if position >= end, detector.isVoiced { detector.voiceStopped(at: end) }
            let said = min(max(position - 2400 - start, 0) / 2640, words.count)
            if said > known {
                known = said
                _ = detector.heard(words.prefix(known).joined(separator: " "), at: position)
            }
            _ = detector.tick(at: position)
        }
        return detector.verdict
    }

    private func plain(_ text: String) -> String { text.folding(options: .diacriticInsensitive, locale: nil) }

    @Test(
        "people stay people, however they pick up, with accents and without",
        arguments: [
            "¿Bueno?", "Diga", "Dígame.", "Sí, dígame.", "¿Sí?", "¿Aló?", "Mande.", "Hola, ¿quién habla?",
            "Hola, ¿quién llama?", "¿De parte de quién?", "Hola, soy Marta.", "Buenas tardes.", "¿Con quién hablo?",
            "Buenas tardes, clínica dental, le atiende Ana", "Taller Gómez, buenos días.",
            "Gracias por llamar a la fontanería del lago, le atiende Marcos, ¿en qué puedo ayudarle?",
            "Un momento, por favor.", "Gómez.", "Número equivocado.",
            "Hola, ¿me puede decir quién llama?", "¿Me puede decir de parte de quién?",
        ])
    func people(text: String) {
        #expect(verdict(text)?.answerer == .person)
        #expect(verdict(plain(text))?.answerer == .person)
    }

    @Test(
        "machines, assistants and menus are told by their words, with accents and without",
        arguments: [
            ("Deje su mensaje después del tono.", .machine),
            ("Hola, soy Ana, deja tu mensaje.", .machine),
            ("Este es el buzón de voz de Pedro.", .machine),
            ("Ahora mismo no estoy disponible.", .machine),
            ("El número que ha marcado no existe.", .machine),
            ("En este momento no puedo atender tu llamada, te llamaré en cuanto pueda.", .machine),
            ("El teléfono al que llama está apagado o fuera de cobertura.", .machine),
            ("Después de la señal, grabe su mensaje.", .machine),
            ("Nuestras oficinas están cerradas.", .machine),
            ("Indique su nombre y el motivo de su llamada.", .screening),
            ("Hola, di tu nombre y por qué llamas.", .screening),
            ("¿Quién llama?", .screening), ("¿Puedo saber quién llama?", .screening),
            ("La persona usa un servicio de filtrado de llamadas.", .screening),
            ("Para ventas, marque uno.", .menu), ("Para citas oprima el dos.", .menu),
            ("Para español, marque dos.", .menu), ("Si desea una cita, pulse la tecla 3.", .menu),
            ("Está en el menú principal.", .menu), ("Escuche atentamente, nuestras opciones han cambiado.", .menu),
            ("Gracias por llamar. Para continuar en español, presione el número nueve.", .menu),
        ] as [(String, Answerer)])
    func recordings(text: String, answerer: Answerer) throws {
        for text in [text, plain(text)] {
            let found = try #require(verdict(text))
            #expect(found.answerer == answerer, "\(text)")
            #expect(found.evidence == .words, "\(text)")
        }
    }

    @Test(
        "who has begun to talk may say of them what they like",
        arguments: [
            "mi mujer no está disponible", "¿quién llama?", "¿cuál es el motivo de su llamada?",
            "¿puedo saber quién habla?", "estamos cerrados por vacaciones", "para español no hay nadie",
        ])
    func conversation(text: String) {
        var detector = AnswerDetector()
        detector.conversationBegan()
        detector.voiceStarted(at: 4000)
        #expect(detector.heard(text, at: 8000) == nil)
        #expect(detector.verdict == nil)
    }

    @Test("a greeting is one, and what wants an answer is none")
    func greeting() {
        for text in ["¿Bueno?", "Sí, dígame.", "Hola, ¿quién habla?", "Buenas tardes, clínica dental, le atiende Ana"] {
            #expect(AnswerWords.isGreeting(text), "\(text)")
        }
        for text in [
            "Hola, deje de llamarme.", "Hola, deja de llamarme.", "Sí, elimíneme.", "Bueno, déjenme en paz.",
            "No me llame.", "Buenas, está equivocado.", "quiero cambiar mi cita",
        ] {
            #expect(!AnswerWords.isGreeting(text), "\(text)")
        }
        #expect(AnswerWords.asksToWait("No cuelgue, por favor.") && AnswerWords.asksToWait("Un momento."))
        #expect(AnswerWords.takesNoMessage("El buzón está lleno.") && !AnswerWords.takesNoMessage("Deje un mensaje."))
    }

    @Test("a call that was placed deals with them as with those that speak English")
    func calls() {
        var settings = ConversationSettings()
        settings.placed = PlacedCall(
            machine: .leaveMessage, message: "Somos la clínica.", introduction: "La clínica, por una cita.")
        let said = ["Le llama la clínica."]
        func line() -> VirtualLine {
            var line = VirtualLine(settings: settings) { _ in said.map { .say($0) } }
            line.start()
            line.run(milliseconds: 300)
            return line
        }
        var machine = line()
        machine.speak("hola soy ana deja tu mensaje después de la señal", for: 3000)
        machine.run(milliseconds: 400)
        machine.deliver(.lineTone(.beep))
        machine.run(milliseconds: 8000)
        #expect(machine.verdicts == [.machine])
        #expect(machine.said.map(\.text) == ["Somos la clínica."])
        #expect(machine.hangUps == ["message left"])
        #expect(machine.faults == [])

        var assistant = line()
        assistant.speak("indique su nombre y el motivo de su llamada", for: 2600)
        assistant.run(milliseconds: 4000)
        #expect(assistant.verdicts == [.screening])
        #expect(assistant.said.map(\.text) == ["La clínica, por una cita."])
        #expect(assistant.faults == [])

        var person = line()
        person.speak("buenas tardes clínica dental le atiende ana", for: 2300)
        person.run(milliseconds: 4000)
        #expect(person.verdicts == [.person])
        #expect(person.said.map(\.text) == said)
        #expect(person.faults == [])
    }
}
