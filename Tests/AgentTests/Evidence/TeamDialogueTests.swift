import Agent
import Testing

@Suite("Several agents on one line")
struct TeamDialogueTests {
    private func team(_ model: FakeLanguageModel) async throws -> (TextConversation, FakeLanguageModel) {
        var first = try Fixtures.agent("assistant")
        var second = first
        first.handoff = ["billing"]
        first.delegate = ["billing"]
        second.name = "billing"
        second.summary = "Knows the bills."
        second.greeting = "Billing here."
        let call = CallFacts(callID: "c1")
        let environment = DialogueEnvironment(
            now: { Fixtures.now }, clock: ManualClock(), models: ["openai": model],
            agents: ["assistant": first, "billing": second])
        var conversation = TextConversation(
            first.makeDialogue(call: call, tools: [], environment: environment), call: call)
        _ = try await conversation.start()
        return (conversation, model)
    }

    @Test("hand over with a brief; the caller hears the next one at once")
    func handover() async throws {
        let (conversation, model) = try await team(
            FakeLanguageModel([
                [
                    .text("I put you through to a colleague."),
                    .call(
                        id: "h", name: "hand_over_to_colleague",
                        arguments: #"{"agent":"billing","brief":"Ann asks about her bill."}"#),
                ], [.text("It is forty dollars.")],
            ]))
        var caller = conversation
        let reply = try await caller.say("what about my bill")
        #expect(reply.said == ["I put you through to a colleague.", "Billing here."])
        #expect(reply.ending == nil)
        #expect(try await caller.say("well").text == "It is forty dollars.")
        guard case .facts(let facts)? = model.requests.last?.messages.first else {
            Issue.record("the colleague knows nothing")
            return
        }
        #expect(facts.hasSuffix("You take the call over from a colleague, who says: Ann asks about her bill."))
    }

    @Test("ask each other, and keep the line")
    func delegation() async throws {
        var (caller, _) = try await team(
            FakeLanguageModel([
                [.call(id: "d", name: "ask_colleague", arguments: #"{"agent":"billing","question":"Ann's bill?"}"#)],
                [.text("Forty dollars.")], [.text("Your bill is forty dollars.")],
            ]))
        let reply = try await caller.say("what about my bill")
        #expect(reply.calls.first?.outcome == .result(["agent": "billing", "answer": "Forty dollars."]))
        #expect(reply.said == ["Your bill is forty dollars."])
    }
}
