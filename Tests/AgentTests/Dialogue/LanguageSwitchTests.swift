import Networking
import Testing

@testable import Agent

@Suite("A caller who speaks a colleague's language")
struct LanguageSwitchTests {
    private func caller(_ model: FakeLanguageModel) throws -> TextConversation {
        let (english, spanish) = try Self.agents()
        let call = CallFacts(callID: "c1")
        let environment = DialogueEnvironment(
            now: { Fixtures.now }, clock: ManualClock(), models: ["openai": model],
            agents: ["assistant": english, "asistente": spanish])
        return TextConversation(english.makeDialogue(call: call, tools: [], environment: environment), call: call)
    }

    private static func agents() throws -> (AgentDefinition, AgentDefinition) {
        var (english, spanish) = (try Fixtures.agent("assistant"), try Fixtures.agent("assistant"))
        english.languages = [.spanish: "asistente"]
        spanish.name = "asistente"
        spanish.spokenLanguage = .spanish
        spanish.greeting = "Bienvenido."
        spanish.languages = [.english: "assistant"]
        return (english, spanish)
    }

    @Test("may be had by everybody to whom anybody hands over, round in circles or not")
    func holders() throws {
        var (english, spanish) = try Self.agents()
        var billing = try Fixtures.agent("assistant")
        (billing.name, billing.handoff, billing.languages) = ("billing", ["nobody"], [:])
        spanish.handoff = ["billing"]
        let all = ["assistant": english, "asistente": spanish, "billing": billing]
        #expect(english.holders(among: all) == ["asistente", "assistant", "billing"])
        #expect(billing.holders(among: all) == ["billing"])
        english.languages = [:]
        english.handoff = []
        english.escalation = [.transfer(destination: "agent:billing", say: "One moment.")]
        #expect(english.holders(among: all) == ["assistant", "billing"])
    }

    @Test("is answered by the colleague at once, without a greeting; the colleague knows what was said")
    func taken() async throws {
        let model = FakeLanguageModel([[.text("We open at nine.")], [.text("Claro, ¿para cuándo?")], [.text("Bien.")]])
        var caller = try caller(model)
        let greeting = try await caller.start().text
        _ = try await caller.say("when do you open", language: "en")
        let reply = try await caller.say("quiero una cita por favor", language: "es")
        #expect(reply.outputs.first == .tookOver(agent: "asistente"))
        #expect(reply.said == ["Claro, ¿para cuándo?"])
        guard case .facts(let facts)? = model.requests.last?.messages.first else {
            Issue.record("the colleague knows nothing")
            return
        }
        #expect(
            facts.hasSuffix(
                "The caller speaks Spanish. In English they were told until now: \"\(greeting) We open at nine.\""))
        // Announced once.
        let next = try await caller.say("mañana por la tarde", language: "es")
        #expect(next.said == ["Bien."] && !next.outputs.contains(.tookOver(agent: "asistente")))
    }

    @Test("can come back, but not for ever")
    func back() async throws {
        let model = FakeLanguageModel((0..<8).map { [.text("Number \($0).")] })
        var caller = try caller(model)
        _ = try await caller.start()
        var takers: [String] = []
        for index in 0..<8 {
            let language = index % 2 == 0 ? "es" : "en"
            let reply = try await caller.say("something in that language", language: language)
            for case .tookOver(let agent) in reply.outputs { takers.append(agent) }
        }
        #expect(takers == ["asistente", "assistant", "asistente", "assistant", "asistente"])
    }

    @Test("whoever speaks already is not announced again after a reply that was given up")
    func givenUp() async throws {
        let model = FakeLanguageModel([[.text("Never heard.")], [.text("Here I am.")]])
        let (english, spanish) = try Self.agents()
        let call = CallFacts(callID: "c1")
        let environment = DialogueEnvironment(
            now: { Fixtures.now }, clock: ManualClock(), models: ["openai": model],
            agents: ["assistant": english, "asistente": spanish])
        let dialogue = english.makeDialogue(call: call, tools: [], environment: environment)
        var caller = TextConversation(dialogue, call: call)
        _ = try await caller.start()
        // Ending the iteration gives the reply up.
        let turn = CallerTurn(number: 1, text: "hello there", confidence: 1, language: "en")
        for try await _ in dialogue.reply(to: .callerSaid(turn)) { break }
        let reply = try await caller.say("are you there", language: "en")
        #expect(!reply.outputs.contains { if case .tookOver = $0 { true } else { false } }, "\(reply.outputs)")
    }

    @Test("nothing is prepared in the wrong language")
    func preparation() async throws {
        let model = FakeLanguageModel([[.text("Claro.")]])
        let (english, spanish) = try Self.agents()
        let call = CallFacts(callID: "c1")
        let environment = DialogueEnvironment(
            now: { Fixtures.now }, clock: ManualClock(), models: ["openai": model],
            agents: ["assistant": english, "asistente": spanish])
        let dialogue = english.makeDialogue(call: call, tools: [], environment: environment)
        var caller = TextConversation(dialogue, call: call)
        _ = try await caller.start()
        let turn = CallerTurn(number: 1, text: "quiero una cita", confidence: 1, language: "es")
        #expect(await dialogue.prepare(for: turn) == nil)
        #expect(model.requests.isEmpty)
        #expect(try await caller.say(turn.text, language: "es").said == ["Claro."])
    }
}
