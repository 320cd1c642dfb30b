import Foundation
import Networking
import Testing

@testable import Agent

@Suite("Callers who must prove who they are")
struct VerificationTests {
    @Test("all answers must be right, spaces and case aside, in so many tries, and what is not known matches nothing")
    func judged() {
        var check = CallerVerification(tries: 2)
        #expect(check.judge([("4711", "4711"), ("w1a 1aa", "W1B 1AA")]) == .wrong(triesLeft: 1))
        #expect(!check.isVerified)
        var right = check
        #expect(right.judge([("47 11", "4711"), ("w1a 1aa", "W1A 1AA")]) == .verified && right.isVerified)
        #expect(right.judge([("0000", "4711")]) == .verified)
        #expect(check.judge([("", nil)]) == .exhausted)
        #expect(check.judge([("4711", "4711")]) == .exhausted && !check.isVerified)
        var empty = CallerVerification(tries: 3)
        #expect(empty.judge([]) == .wrong(triesLeft: 2))
        #expect(empty.judge([("", " ")]) == .wrong(triesLeft: 1))
        #expect(empty.judge([("", nil)]) == .exhausted)
    }

    private final class Books: Sendable {
        let acts = Lock(0)
        let isDown = Lock(false)

        var tools: [any Tool] {
            [
                FakeTool(
                    definition: ToolDefinition(
                        name: "crm_find", summary: "Finds.", parameters: ["type": "object"], risk: .read)
                ) { arguments, _ throws(ToolError) in
                    if self.isDown.withLock(\.self) {
                        throw ToolError(.unavailable, tool: "crm_find", detail: "down, asked for 1985-05-03")
                    }
                    guard arguments["phone"]?.string == "+12125550147" else { return ["person": .null] }
                    return ["person": ["born": "1985-05-03", "postal": "W1A 1AA"]]
                },
                FakeTool(
                    definition: ToolDefinition(
                        name: "account_close", summary: "Closes.", parameters: ["type": "object"], risk: .reversible)
                ) { _, _ throws(ToolError) in
                    self.acts.withLock { $0 += 1 }
                    return ["closed": true]
                },
            ]
        }
    }

    private static func agent() throws -> AgentDefinition {
        var agent = try Fixtures.agent("assistant")
        agent.policies = [
            "account_close": ToolPolicy(risk: .reversible, needsVerified: true),
            "verify_caller": ToolPolicy(risk: .read),
        ]
        agent.tools = agent.policies.mapValues(\.risk)
        let who: [String: Template] = ["phone": try Template("{caller}")]
        agent.verification = VerificationPolicy(
            facts: [
                .init(name: "born", source: .tool("crm_find", arguments: who, field: ["person", "born"])),
                .init(name: "postal", source: .tool("crm_find", arguments: who, field: ["person", "postal"])),
            ], tries: 2)
        return agent
    }

    private static func caller(
        _ model: FakeLanguageModel, _ books: Books
    ) async throws -> TextConversation {
        let call = CallFacts(callID: "c1", callerNumber: "+12125550147")
        var conversation = TextConversation(
            try agent().makeDialogue(
                call: call, tools: books.tools,
                environment: DialogueEnvironment(
                    now: { Fixtures.now }, clock: ManualClock(), models: ["openai": model])), call: call)
        _ = try await conversation.start()
        return conversation
    }

    private static let close = FakeLanguageModel.Line.call(id: "x", name: "account_close", arguments: "{}")

    private static func verify(_ born: String, _ postal: String) -> FakeLanguageModel.Line {
        .call(id: "v", name: "verify_caller", arguments: #"{"born":"\#(born)","postal":"\#(postal)"}"#)
    }

    @Test("a model is refused with the reason until they have, then may act; the answers are in no record")
    func model() async throws {
        let books = Books()
        let model = FakeLanguageModel([
            [Self.close], [.text("When were you born?")], [Self.verify("1985-05-03", "w1a1aa")], [Self.close],
            [.text("Done.")],
        ])
        var caller = try await Self.caller(model, books)
        let refused = try await caller.say("close my account")
        #expect(refused.calls.isEmpty && books.acts.withLock(\.self) == 0)
        let told = model.requests[1].messages.description
        #expect(told.contains("the caller is not verified"))
        // Who knows the answers cannot be asked by the model.
        #expect(!model.requests[0].tools.contains { $0.name == "crm_find" })
        let done = try await caller.say("third of may eighty five w one a one a a")
        #expect(done.calls.map(\.invocation.name) == ["verify_caller", "account_close"])
        #expect(books.acts.withLock(\.self) == 1)
        let record = "\(done.calls)"
        #expect(!record.contains("1985") && !record.lowercased().contains("w1a"), "\(record)")
    }

    @Test("after the tries nothing helps, not even what is right")
    func exhausted() async throws {
        let books = Books()
        let wrong = [Self.verify("1985-05-04", "w1a1aa")]
        let model = FakeLanguageModel([
            wrong, [Self.verify("1985-05-05", "w1a1aa")], [Self.verify("1985-05-03", "w1a1aa")], [Self.close],
            [.text("I cannot do that.")],
        ])
        var caller = try await Self.caller(model, books)
        let reply = try await caller.say("close my account")
        #expect(books.acts.withLock(\.self) == 0)
        #expect(
            reply.calls.map { call -> ToolError.Code? in
                if case .failure(let error)? = call.outcome { error.code } else { nil }
            } == [.conflict, .notFound, .notFound])
        let record = "\(reply.calls)"
        #expect(!record.contains("1985-05-03"))
    }

    @Test("who cannot be asked costs no try, and says nothing of what was asked")
    func unavailable() async throws {
        let books = Books()
        books.isDown.withLock { $0 = true }
        let model = FakeLanguageModel([
            [Self.verify("1985-05-03", "w1a1aa")], [.text("One moment.")], [Self.verify("1985-05-03", "w1a1aa")],
            [.text("Thank you.")],
        ])
        var caller = try await Self.caller(model, books)
        let down = try await caller.say("close my account")
        #expect("\(down.calls)".contains("cannot be looked up now") && !"\(down.calls)".contains("1985"))
        books.isDown.withLock { $0 = false }
        #expect("\(try await caller.say("again").calls)".contains("verified"))
    }

    private static func flow(_ change: (String) -> String = { $0 }) throws -> AgentDefinition {
        let text = try String(
            contentsOf: Fixtures.directory.appending(path: "../../docs/examples/verified/account.yaml"), encoding: .utf8
        )
        return try AgentDefinition(yaml: Data(change(text).utf8), file: "account.yaml") { _ in Data() }
    }

    @Test("a flow keeps what the caller proves themselves with out of everything that is written of the call")
    func withheld() async throws {
        let tools: [any Tool] = [
            FakeTool(
                definition: ToolDefinition(
                    name: "contact_facts", summary: "", parameters: ["type": "object"], risk: .read)
            ) { _, _ throws(ToolError) in ["facts": [["name": "pin", "value": "4711"]]] }
        ]
        let conversation = Conversation(try Self.flow(), tools: tools)
        _ = try await conversation.start()
        let born = try await conversation.say("i have moved")
        #expect(born.expectation?.isWithheld == true)
        let pin = try await conversation.say("the third of may nineteen eighty five")
        #expect(pin.expectation?.isWithheld == true && pin.understanding?.entities.isEmpty == true)
        let judged = try await conversation.send(.keysPressed("4711"))
        #expect(judged.tools == ["verify_caller"] && !"\(judged.outputs)".contains("4711"), "\(judged.outputs)")
        #expect(!"\(judged.outputs)".contains("1985"))
    }

    @Test(
        "a file that would give it away, or could never be met, is refused",
        arguments: [
            ("  verify_caller: read\n", "", "add it to `tools` as read"),
            ("read_back: false", "read_back: true", "set `read_back: false`"),
            ("say: \"First I have", "say: \"Not {pin}. First I have", "{pin} is for a tool alone"),
            (
                "evidence: verified", "evidence: [verified, sworn]",
                "must be one of: none, confirmed, verified, approved"
            ),
            ("    pin: {contact_fact: pin}", "    pin: {tool: crm_find}", "lacks `field`"),
            ("    pin: {contact_fact: pin}", "    pin: {}", "needs one of contact_fact and tool"),
            ("tools:\n", "tools:\n  contact_facts: read\n", "only with `evidence: verified`, or not at all"),
            ("tools:\n", "tools:\n  contact_note: reversible\n", "writes what callers are compared with"),
            ("text: \"wants to change the address\"", "text: \"says {pin}\"", "give it to `verify_caller` alone"),
            ("verification:\n", "verification_of:\n", "say in `verification` how one is"),
            ("tries: 2", "tries: 0", "`tries` of `verification`"),
        ])
    func faults(old: String, new: String, reason: String) throws {
        do {
            _ = try Self.flow { $0.replacing(old, with: new) }
            Issue.record("no fault with \(new)")
        } catch let error as AgentFileErrors {
            #expect("\(error)".contains(reason), "\(error)")
        }
    }

    private static func contactFacts(_ facts: JSONValue) -> [any Tool] {
        [
            FakeTool(
                definition: ToolDefinition(
                    name: "contact_facts", summary: "", parameters: ["type": "object"], risk: .read)
            ) { _, _ throws(ToolError) in ["facts": facts] }
        ]
    }

    @Test("what a call noted proves nothing", arguments: ["call c0", "the office"])
    func notedOnCall(source: String) async throws {
        let tool = VerifyCallerTool(
            VerificationPolicy(facts: [.init(name: "pin", source: .contactFact("pin"))], tries: 2),
            state: CallerVerifications.State(tries: 2), hasCaller: true,
            tools: Self.contactFacts([["name": "pin", "value": "4711", "source": .string(source)]]),
            clock: ManualClock())
        let context = ToolContext(call: CallFacts(callID: "c1", callerNumber: "+12125550147"), idempotencyKey: "k")
        let answer = try? await tool.call(["pin": "4711"], context: context)
        #expect((answer == ["verified": true]) == (source == "the office") && tool.isVerified == (answer != nil))
    }

    @Test("a number has its first zeros again, and each fact is asked for under a key of its own")
    func zeros() async throws {
        let keys = Lock<[String]>([])
        let books = FakeTool(
            definition: ToolDefinition(name: "crm_find", summary: "", parameters: ["type": "object"], risk: .read)
        ) { _, context throws(ToolError) in
            keys.withLock { $0.append(context.idempotencyKey) }
            return ["pin": "0123"]
        }
        func fact(_ name: String) throws -> VerificationPolicy.Fact {
            .init(name: name, source: .tool("crm_find", arguments: ["of": try Template(name)], field: ["pin"]))
        }
        let tool = VerifyCallerTool(
            VerificationPolicy(facts: [try fact("pin"), try fact("code")], tries: 2),
            state: CallerVerifications.State(tries: 2), hasCaller: true, tools: [books], clock: ManualClock())
        let context = ToolContext(call: CallFacts(callID: "c1"), idempotencyKey: "k")
        #expect(try await tool.call(["pin": 123, "code": "0123"], context: context) == ["verified": true])
        #expect(Set(keys.withLock(\.self)).count == 2)
    }

    @Test("tries last for the call: whoever takes the line again has those that were left")
    func handedOver() async throws {
        let books = Books()
        var agent = try Self.agent()
        agent.handoff = [agent.name]
        let model = FakeLanguageModel([
            [Self.verify("1985-05-04", "w1a1aa")],
            [.call(id: "h", name: "hand_over_to_colleague", arguments: #"{"agent":"\#(agent.name)","brief":"Ann."}"#)],
            [Self.verify("1985-05-05", "w1a1aa")], [Self.verify("1985-05-03", "w1a1aa")], [Self.close],
            [.text("I cannot do that.")],
        ])
        let call = CallFacts(callID: "c1", callerNumber: "+12125550147")
        var caller = TextConversation(
            agent.makeDialogue(
                call: call, tools: books.tools,
                environment: DialogueEnvironment(
                    now: { Fixtures.now }, clock: ManualClock(), models: ["openai": model],
                    agents: [agent.name: agent])), call: call)
        _ = try await caller.start()
        _ = try await caller.say("close my account")
        let reply = try await caller.say("please")
        #expect(reply.calls.count == 2 && books.acts.withLock(\.self) == 0, "\(reply.calls)")
    }

    @Test("a colleague who is asked has no caller, and verifies nobody")
    func asked() async throws {
        let books = Books()
        var colleague = try Self.agent()
        colleague.name = "billing"
        var first = try Fixtures.agent("assistant")
        first.delegate = ["billing"]
        let model = FakeLanguageModel([
            [.call(id: "d", name: "ask_colleague", arguments: #"{"agent":"billing","question":"Close it."}"#)],
            [Self.verify("1985-05-03", "w1a1aa")], [Self.close], [.text("I may not.")], [.text("They may not.")],
        ])
        let call = CallFacts(callID: "c1", callerNumber: "+12125550147")
        var caller = TextConversation(
            first.makeDialogue(
                call: call, tools: books.tools,
                environment: DialogueEnvironment(
                    now: { Fixtures.now }, clock: ManualClock(), models: ["openai": model],
                    agents: ["assistant": first, "billing": colleague])), call: call)
        _ = try await caller.start()
        #expect(try await caller.say("close my account").said == ["They may not."])
        #expect(books.acts.withLock(\.self) == 0)
    }

    @Test("a slot that the check is given is withheld whatever its name")
    func otherName() async throws {
        let agent = try Self.flow {
            $0.replacing("pin: \"{pin}\"", with: "pin: \"{code}\"").replacing("collect: pin", with: "collect: code")
                .replacing("[date_of_birth, pin]", with: "[date_of_birth, code]")
                .replacing("  pin:\n    type", with: "  code:\n    type")
        }
        let conversation = Conversation(
            agent, tools: Self.contactFacts([["name": "pin", "value": "4711"]]))
        _ = try await conversation.start()
        _ = try await conversation.say("i have moved")
        let pin = try await conversation.say("the third of may nineteen eighty five")
        #expect(pin.expectation?.context == "code" && pin.expectation?.isWithheld == true)
    }
}
