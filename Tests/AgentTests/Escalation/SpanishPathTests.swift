import Foundation
import Testing

@testable import Agent

@Suite("What a Spanish agent's path says where its file has no words for it")
struct SpanishPathTests {
    private static func steps() throws -> [EscalationStep] {
        let yaml = Faulty.sound.replacing(
            "  - hang_up: true\n    say: \"Sorry.\"",
            with: """
                  - queue: {to: recepción, every: 20, longest: 60}
                    say: "Un momento."
                  - callback: {}
                    say: "Podemos llamarle."
                  - voicemail: {}
                    say: "Deje un mensaje."
                """)
        return try AgentDefinition(yaml: Data((yaml + "\nlanguage: es\n").utf8), file: "small.yaml") { path in
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: path])
        }.escalation
    }

    private static func said(_ actions: [TalkAction]) -> [String] {
        actions.compactMap { if case .say(let text) = $0 { text } else { nil } }
    }

    private static func turn(_ text: String) -> TalkEvent {
        .said(CallerTurn(number: 1, text: text, confidence: 0.9))
    }

    @Test("in line: the place and the wait in words, how to leave, being put through, and nobody being free")
    func queue() throws {
        guard case .queue(let step)? = try Self.steps().first else {
            Issue.record("there is no line")
            return
        }
        var talk = QueueTalk(step, language: .spanish)
        #expect(Self.said(talk.handle(.begun, at: .zero)) == ["Un momento."])
        let wait = QueuePlace(position: 21, wait: .seconds(21 * 60))
        #expect(
            Self.said(talk.handle(.place(wait), at: .zero))
                == ["Su llamada es la número veintiuno en la cola. Tardaremos veintiún minutos, más o menos."])
        #expect(
            Self.said(talk.handle(.place(QueuePlace(position: 2)), at: .seconds(20)))
                == ["Gracias por esperar. Pulse uno si no quiere esperar más."])
        #expect(
            Self.said(talk.handle(.place(QueuePlace(position: 1)), at: .seconds(40))) == ["Ahora intento comunicarle."])
        #expect(
            Self.said(talk.handle(.notReached(reason: "busy"), at: .seconds(50)))
                == ["En este momento no había nadie libre. No cuelgue, por favor."])
    }

    @Test("a promised call: the number is heard, read back and agreed to in Spanish, and the time is said")
    func callback() throws {
        guard case .callback(let step)? = try Self.steps().dropFirst().first else {
            Issue.record("no call is promised")
            return
        }
        let today = try #require(CivilDate(iso: "2026-11-30"))
        var talk = CallbackTalk(
            step, callerNumber: "+34911234567", reason: "busy", today: today, language: .spanish)
        #expect(
            Self.said(talk.handle(.begun, at: .zero))
                == ["Podemos llamarle.", "¿Le llamamos al número desde el que nos llama?"])
        #expect(Self.said(talk.handle(Self.turn("mejor a otra línea"), at: .zero)) == ["¿A qué número le llamamos?"])
        let given = Self.turn("seiscientos doce, treinta y cuatro, cincuenta y seis, setenta")
        #expect(
            Self.said(talk.handle(given, at: .zero))
                == ["Es el seis uno dos, tres cuatro cinco, seis siete cero. ¿Es correcto?"])
        guard case .promise(let wish)? = talk.handle(Self.turn("perfecto"), at: .zero).first else {
            Issue.record("nothing was promised")
            return
        }
        #expect(wish["number"]?.string == "612345670")
        let stored = TalkEvent.done(["date": "2026-12-01", "time": "13:30"])
        #expect(
            Self.said(talk.handle(stored, at: .zero))
                == ["Gracias. Le llamaremos el martes primero de diciembre a la una y media de la tarde. Adiós."])
        #expect(
            Self.said(talk.handle(.failed(reason: "closed"), at: .zero))
                == ["Lo siento, no puedo prometerle una llamada."])
    }

    @Test("a refusal in Spanish words is no miss")
    func refused() throws {
        guard case .callback(let step)? = try Self.steps().dropFirst().first else {
            Issue.record("no call is promised")
            return
        }
        var talk = CallbackTalk(
            step, callerNumber: "", reason: "busy", today: CivilDate(dayNumber: 0), language: .spanish)
        _ = talk.handle(.begun, at: .zero)
        #expect(
            talk.handle(Self.turn("tampoco, gracias"), at: .zero)
                == [.fail(reason: "the caller wanted no callback")])
    }

    @Test("a message: kept, or not")
    func message() throws {
        let ends: [(TalkEvent, String)] = [
            (.done(["kept": true]), "Gracias, hemos guardado su mensaje. Adiós."),
            (.failed(reason: "full"), "Lo siento, no se ha podido guardar su mensaje."),
        ]
        for (event, words) in ends {
            guard case .voicemail(let step)? = try Self.steps().last else {
                Issue.record("no message is taken")
                return
            }
            var talk = MessageTalk(step, reason: "busy")
            _ = talk.handle(.begun, at: .zero)
            _ = talk.handle(Self.turn("la bomba pierde agua"), at: .seconds(3))
            _ = talk.handle(.silent, at: .seconds(8))
            #expect(Self.said(talk.handle(event, at: .seconds(8))) == [words])
        }
    }
}
