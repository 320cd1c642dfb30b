import Foundation
import Testing

@testable import Agent

@Suite("The call to a person for whom a caller waits")
struct BriefingDialogueTests {
    private func outputs(_ dialogue: BriefingDialogue, _ input: DialogueInput) async throws -> [DialogueOutput] {
        var outputs: [DialogueOutput] = []
        for try await output in dialogue.reply(to: input) { outputs.append(output) }
        return outputs
    }

    private func said(_ outputs: [DialogueOutput]) -> [String] {
        outputs.compactMap { if case .say(let text) = $0 { text } else { nil } }
    }

    private func turn(_ text: String) -> DialogueInput {
        .callerSaid(CallerTurn(number: 1, text: text, confidence: 0.9))
    }

    @Test(
        "is held in the language of the agent",
        arguments: [
            (
                SpokenLanguage.english, "1", "Do you take the call? Say yes or press one, or say no.", "yes", "not now",
                "Thank you, I put the caller through.", "All right, I will tell them. Goodbye."
            ),
            (
                .spanish, "1", "¿Toma la llamada? Diga sí o pulse uno, o diga no.", "Sí, pásamelo.", "Ahora no puedo.",
                "Gracias, le paso la llamada.", "De acuerdo, se lo diré. Adiós."
            ),
            (
                .spanish, "#", "¿Toma la llamada? Diga sí o pulse almohadilla, o diga no.", "claro",
                "dile que llame mañana", "Gracias, le paso la llamada.", "De acuerdo, se lo diré. Adiós."
            ),
        ] as [(SpokenLanguage, String, String, String, String, String, String)])
    func language(
        spoken: SpokenLanguage, key: String, question: String, yes: String, no: String, accepted: String,
        declined: String
    ) async throws {
        let taking = BriefingDialogue(brief: "Es Ana.", acceptKey: key, spoken: spoken)
        let begun = try await outputs(taking, .callStarted(CallFacts(callID: "")))
        #expect(said(begun) == ["Es Ana.", question])
        let unclear = try await outputs(taking, turn("¿Bueno?"))
        #expect(said(unclear) == [question])
        let taken = try await outputs(taking, turn(yes))
        #expect(taken == [.say(accepted), .transfer(destination: BriefingDialogue.caller, reason: "accepted")])

        let declining = BriefingDialogue(brief: "Es Ana.", acceptKey: key, spoken: spoken)
        _ = try await outputs(declining, .callStarted(CallFacts(callID: "")))
        let refused = try await outputs(declining, turn(no))
        #expect(refused == [.say(declined), .hangUp(reason: BriefingDialogue.declined)])
    }

    @Test("a Spanish agent's file has the usual sentences in Spanish, where it has none of its own")
    func file() throws {
        let yaml = Faulty.sound.replacing(
            "  - hang_up: true\n    say: \"Sorry.\"",
            with:
                "  - transfer: recepción\n    say: \"Un momento.\"\n    warm: {introduction: true, gone: \"Adiós.\"}\n"
                + "  - transfer: \"+34912345678\"\n    say: \"Un momento.\"\n    warm: true\n"
                + "  - hang_up: true\n    say: \"Sorry.\"")
        let agent = try AgentDefinition(yaml: Data((yaml + "\nlanguage: es\n").utf8), file: "small.yaml") { path in
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: path])
        }
        let plan = try #require(agent.warmTransfers["recepción"])
        #expect(plan.hold == ["Sigo intentando comunicarle con recepción. No cuelgue, por favor."])
        #expect(
            plan.introduction(reason: "quiere una cita")
                == "Ya están los dos en la línea. Quiere una cita. Les dejo hablar.")
        #expect(plan.gone == "Adiós.")
        let brief = plan.brief(reason: "quiere una cita", said: ["mañana"], number: "", language: .spanish)
        #expect(brief == "Tengo una llamada para usted. Quiere una cita. Ha dicho: mañana.")
        let unnamed = try #require(agent.warmTransfers["+34912345678"])
        #expect(unnamed == WarmTransfer(language: .spanish))
        #expect(unnamed.hold != WarmTransfer().hold && unnamed.deciding != WarmTransfer().deciding)

        // What records say in English the person hears in Spanish; an agent's own words stay.
        for (reason, told) in [
            ("the caller pressed 0", "Quien llama ha pulsado cero"),
            ("the caller was not understood 3 times", "No se ha entendido a quien llama, y van tres"),
            (BriefingDialogue.declined, "La primera persona no puede atender la llamada"),
            ("otra cosa.", "Otra cosa"),
        ] {
            let brief = plan.brief(reason: reason, said: ["mañana"], number: "", language: .spanish)
            #expect(brief == "Tengo una llamada para usted. \(told). Ha dicho: mañana.")
            #expect(
                plan.introduction(reason: reason, language: .spanish)
                    == "Ya están los dos en la línea. \(told). Les dejo hablar.")
            let english = WarmTransfer().brief(reason: reason, said: [], number: "")
            #expect(english.hasPrefix("I have a caller on the line for you. \(reason.prefix(1).uppercased())"))
        }

        var counted = WarmTransfer(language: .spanish)
        counted.brief = "Llama el {number}."
        let number = counted.brief(reason: "", said: [], number: "+34600", language: .spanish)
        #expect(number == "Llama el tres cuatro seis, cero cero.")
    }
}
