import Agent
import CallSession
import Campaigns
import Foundation
import Testing

@testable import Service

@Suite("What each agent of a call says without a dialogue")
struct SpeakersTests {
    private static func agent(_ name: String, language: String, more: String = "delegate: [nobody]") throws
        -> AgentDefinition
    {
        let text = """
            name: \(name)
            kind: model
            language: \(language)
            \(more)
            summary: Answers the telephone.
            greeting: "."
            thresholds: {reask_below: 0.3, escalate_below: 0.0, max_reasks: 2}
            silence: {reprompt_after: 9, max_reprompts: 2, prompts: ["?"], farewell: "."}
            barge_in: {protected_greeting_words: 0}
            escalation: [{transfer: "+34912345678", say: ".", warm: true}, {hang_up: true, say: "."}]
            model:
              provider: mind
              max_tokens: 300
              step_budget: 6
              apology: "."
              not_understood: "?"
            instructions: You answer the telephone.
            """
        return try AgentDefinition(yaml: Data(text.utf8), file: "\(name).yaml") { path in
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: path])
        }
    }

    @Test("is in its own language, but for what the configuration says, and its people are asked in it")
    func languages() throws {
        let desk = try Self.agent("desk", language: "en", more: "languages: {es: recepcion}")
        let colleague = try Self.agent("recepcion", language: "es")
        var settings = ConversationSettings()
        settings.farewell = "Bye."
        let speakers = try #require(
            settings.speakers(from: desk, among: ["desk": desk, "recepcion": colleague]))
        let (english, spanish) = (try #require(speakers["desk"]), try #require(speakers["recepcion"]))
        #expect(speakers.count == 2 && english.farewell == "Bye." && spanish.farewell == "Bye.")
        #expect(english.apology == settings.apology)
        #expect(spanish.apology == UsualSentence.apology.text(in: .spanish))
        #expect(english.warmTransfers == ["+34912345678": WarmTransfer()])
        #expect(spanish.warmTransfers == ["+34912345678": WarmTransfer(language: .spanish)])
        #expect(spanish.recordingStopped == UsualSentence.recordingStopped.text(in: .spanish))
        guard case .model(let mind) = colleague.engine else {
            Issue.record("it has no model")
            return
        }
        #expect(mind.notDone == UsualSentence.notDone.text(in: .spanish))
        #expect(mind.grounding.instead == UsualSentence.notSure.text(in: .spanish))
    }

    @Test("is nobody's but the agent's where it hands over to nobody, and Spanish for a Spanish one")
    func alone() throws {
        let colleague = try Self.agent("recepcion", language: "es")
        let settings = ConversationSettings()
        #expect(settings.speakers(from: colleague, among: ["recepcion": colleague]) == nil)
        #expect(settings.adapted(to: colleague).surrender == UsualSentence.surrender.text(in: .spanish))
    }

    @Test("so is what an assistant hears that screens a call, where the campaign has no words for it")
    func screened() throws {
        let (desk, colleague) = (try Self.agent("desk", language: "en"), try Self.agent("recepcion", language: "es"))
        var definition = CampaignDefinition()
        definition.seller = "Acme"
        definition.purpose = .telemarketing
        func introduction(_ agent: AgentDefinition) -> String {
            OutboundCall(
                attempt: "a", number: "+34600123456", callerID: "+34912345678", agent: agent.name, seller: "Acme",
                variables: [:], placed: definition.placedCall
            ).placed(as: agent).introduction
        }
        let (english, spanish) = (introduction(desk), introduction(colleague))
        definition.introduction = "Es Acme."
        let own = introduction(colleague)
        #expect(
            english == "This is the automated assistant of Acme, calling with an offer for the person I am calling.")
        #expect(spanish == "Soy el asistente automático de Acme, y tengo una oferta para la persona a la que llamo.")
        #expect(own == "Es Acme.")
    }

    @Test("so is what callers hear whom no agent answers, where the configuration leaves it as it is")
    func unanswered() {
        let inbound = ParleyConfiguration.Inbound()
        let spanish = SpokenMessage(inbound.overloadMessage, language: "es-MX").text
        #expect(spanish == UsualSentence.inboundOverload.text(in: .spanish))
        let closed = SpokenMessage(ParleyConfiguration.Inbound.Rule().closedMessage, language: "es").text
        #expect(closed == UsualSentence.inboundClosed.text(in: .spanish))
        for language in ["en-GB", "de-DE"] {
            #expect(SpokenMessage(inbound.overloadMessage, language: language).text == inbound.overloadMessage)
        }
        #expect(SpokenMessage("Ocupado.", language: "es").text == "Ocupado.")
        #expect(SpokenMessage.usual(inbound.queuePosition, in: "es-ES").contains("{position}"))
    }
}
