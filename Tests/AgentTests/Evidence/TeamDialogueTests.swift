import Networking
import Testing

@testable import Agent

@Suite("Several agents on one line")
struct TeamDialogueTests {
    private func team(_ model: FakeLanguageModel) async throws -> (TextConversation, FakeLanguageModel) {
        var conversation = TextConversation(try dialogue(model), call: CallFacts(callID: "c1"))
        _ = try await conversation.start()
        return (conversation, model)
    }

    private func dialogue(
        _ model: FakeLanguageModel, call: CallFacts = CallFacts(callID: "c1")
    ) throws -> any Dialogue {
        var first = try Fixtures.agent("assistant")
        var second = first
        first.handoff = ["billing"]
        first.delegate = ["billing"]
        second.name = "billing"
        second.summary = "Knows the bills."
        second.greeting = "Billing here."
        let environment = DialogueEnvironment(
            now: { Fixtures.now }, clock: ManualClock(), models: ["openai": model],
            agents: ["assistant": first, "billing": second])
        return first.makeDialogue(call: call, tools: [], environment: environment)
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
        #expect(reply.outputs.contains(.tookOver(agent: "billing")))
        #expect(reply.ending == nil)
        #expect(try await caller.say("well").text == "It is forty dollars.")
        guard case .facts(let facts)? = model.requests.last?.messages.first else {
            Issue.record("the colleague knows nothing")
            return
        }
        #expect(facts.hasSuffix("You take the call over from a colleague, who says: Ann asks about her bill."))
    }

    @Test("a caller who comes back on another call is told of whom they were handed over to")
    func comesBack() async throws {
        let dialogue = try dialogue(
            FakeLanguageModel([
                [
                    .call(
                        id: "h", name: "hand_over_to_colleague", arguments: #"{"agent":"billing","brief":"Her bill."}"#)
                ],
                [.text("It is forty dollars.")], [.text("It is still forty.")],
            ]))
        var caller = TextConversation(dialogue, call: CallFacts(callID: "c1"))
        _ = try await caller.start()
        let handed = try await caller.say("what about my bill")
        #expect(handed.outputs.contains(.tookOver(agent: "billing")))
        let next = try await caller.say("well")
        #expect(!next.outputs.contains(.tookOver(agent: "billing")))
        await dialogue.continueCall(as: "c2", traceparent: nil)
        let back = try await caller.say("and now")
        #expect(back.outputs.first == .tookOver(agent: "billing") && back.text == "It is still forty.")
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

    @Test(
        "ask on a call that was placed, where the one asked has no line for keys, and nobody to tell who wants no calls"
    )
    func placed() async throws {
        let model = FakeLanguageModel([
            [.call(id: "d", name: "ask_colleague", arguments: #"{"agent":"billing","question":"Ann's bill?"}"#)],
            [.text("Forty dollars.")], [.text("Your bill is forty dollars.")],
        ])
        let call = CallFacts(callID: "c1", isPlaced: true)
        var caller = TextConversation(try dialogue(model, call: call), call: call)
        _ = try await caller.start()
        let reply = try await caller.say("what about my bill")
        #expect(reply.said == ["Your bill is forty dollars."])
        let offered = model.requests.map { request in
            request.tools.map(\.name).filter { $0 == "press_keys" || $0 == "opt_out" }
        }
        #expect(offered == [["press_keys", "opt_out"], [], ["press_keys", "opt_out"]])
    }

    /// A colleague who thinks until the test lets them answer.
    private final class Thinker: LanguageModel {
        private let waiting = Lock<[AsyncThrowingStream<ModelEvent, any Error>.Continuation]>([])

        func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
            let (events, continuation) = AsyncThrowingStream.makeStream(of: ModelEvent.self)
            waiting.withLock { $0.append(continuation) }
            return events
        }

        func answerAll(_ text: String) async {
            while waiting.withLock({ $0.isEmpty }) { await Task.yield() }
            for continuation in waiting.withLock({ $0 }) {
                continuation.yield(.text(text))
                continuation.yield(.finished(ModelFinish(reason: .stop)))
                continuation.finish()
            }
        }
    }

    private func asker(_ model: FakeLanguageModel, _ colleague: Thinker) throws -> ModelDialogue {
        var (first, second) = (try Fixtures.agent("assistant"), try Fixtures.agent("assistant"))
        first.delegate = ["billing"]
        second.name = "billing"
        guard case .model(var settings) = second.engine else { throw CancellationError() }
        settings.provider = "theirs"
        second.engine = .model(settings)
        let environment = DialogueEnvironment(
            now: { Fixtures.now }, clock: ManualClock(), models: ["openai": model, "theirs": colleague],
            agents: ["assistant": first, "billing": second])
        let dialogue = first.makeDialogue(call: CallFacts(callID: "c1"), tools: [], environment: environment)
        return try #require(dialogue as? ModelDialogue)
    }

    private static func ask(_ id: String) -> FakeLanguageModel.Line {
        .call(
            id: id, name: "ask_colleague",
            arguments: #"{"agent":"billing","question":"Ann's bill \#(id)?","background":true}"#)
    }

    @Test(
        "ask in the background: the conversation goes on, and the answer comes with the next turn, or into a silence",
        arguments: [false, true])
    func background(isSilent: Bool) async throws {
        let colleague = Thinker()
        let model = FakeLanguageModel([
            [Self.ask("a")], [.text("I have asked. What else?")], [.text("It is open until six.")],
            [.text("Your bill is forty dollars.")],
        ])
        let dialogue = try asker(model, colleague)
        var caller = TextConversation(dialogue, call: CallFacts(callID: "c1"))
        _ = try await caller.start()
        let reply = try await caller.say("what about my bill")
        #expect(reply.said == ["I have asked.", "What else?"])
        guard case .result(let asked)? = reply.calls.first?.outcome else {
            Issue.record("nobody was asked")
            return
        }
        #expect(asked["asked"] == .bool(true))
        // Nobody waits for the colleague.
        #expect(try await caller.say("when do you close").said == ["It is open until six."])
        await colleague.answerAll("Forty dollars.")
        while await !dialogue.background.hasArrived { await Task.yield() }
        let later = isSilent ? try await caller.send(.callerSilent(count: 1)) : try await caller.say("good")
        #expect(later.said == ["Your bill is forty dollars."])
        #expect(later.calls.map(\.invocation.id) == ["t2"])
        #expect(later.calls.first?.outcome == .result(["agent": "billing", "answer": "Forty dollars."]))
        let told = model.requests.last?.messages.contains {
            if case .facts(let text) = $0 { text.hasSuffix("has answered: Forty dollars.") } else { false }
        }
        #expect(told == true)
    }

    @Test("ask no more than three in the background at once")
    func backgroundBound() async throws {
        let model = FakeLanguageModel([
            [Self.ask("a"), Self.ask("b"), Self.ask("c"), Self.ask("d")], [.text("One moment.")],
        ])
        let colleague = Thinker()
        var caller = TextConversation(try asker(model, colleague), call: CallFacts(callID: "c1"))
        _ = try await caller.start()
        let reply = try await caller.say("what about my bills")
        #expect(reply.calls.count == 3 && reply.said == ["One moment."])
        await colleague.answerAll("Forty.")
    }
}
