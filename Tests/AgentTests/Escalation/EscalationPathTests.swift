import Foundation
import Networking
import Testing

@testable import Agent

@Suite("Callers whom the agent cannot help")
struct EscalationPathTests {
    /// What the service's own tools would do.
    private final class House: Sendable {
        let promises = Lock<[JSONValue]>([])
        let messages = Lock<[JSONValue]>([])
        let places = Lock<[JSONValue]>([])
        let left = Lock<Int>(0)
        let refusesCallbacks: Bool

        init(refusesCallbacks: Bool = false, places: [JSONValue] = []) {
            self.refusesCallbacks = refusesCallbacks
            self.places.withLock { $0 = places }
        }

        private func tool(
            _ name: String, _ act: @escaping @Sendable (JSONValue) throws(ToolError) -> JSONValue
        ) -> any Tool {
            FakeTool(
                definition: ToolDefinition(
                    name: name, summary: name, parameters: ["type": "object"], risk: .reversible)
            ) { arguments, _ throws(ToolError) in try act(arguments) }
        }

        var tools: [any Tool] {
            [
                tool("callback_schedule") { wish throws(ToolError) in
                    if self.refusesCallbacks {
                        throw ToolError(.unavailable, tool: "callback_schedule", detail: "nobody places calls")
                    }
                    self.promises.withLock { $0.append(wish) }
                    return ["date": "2026-11-23", "time": "09:30"]
                },
                tool("voicemail_take") { message throws(ToolError) in
                    self.messages.withLock { $0.append(message) }
                    return ["kept": true]
                },
                tool("queue_place") { _ throws(ToolError) in
                    self.places.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? ["position": 1] }
                },
                tool("queue_leave") { _ throws(ToolError) in
                    self.left.withLock { $0 += 1 }
                    return ["left": true]
                },
            ]
        }
    }

    private static let flow = Faulty.sound

    private static func agent(_ escalation: String) throws -> AgentDefinition {
        let text = flow.replacing(
            """
              - hang_up: true
                say: "Sorry."
            """, with: escalation)
        return try AgentDefinition(yaml: Data(text.utf8), file: "small.yaml") { _ in Data() }
    }

    private final class Watch: Sendable {
        let now = Lock(Fixtures.now)
        func pass(_ seconds: Double) { now.withLock { $0 += seconds } }
    }

    private static func caller(
        _ escalation: String, _ house: House, from number: String = "+12125550147", watch: Watch = Watch()
    ) async throws -> TextConversation {
        let call = CallFacts(callID: "c1", callerNumber: number)
        let environment = DialogueEnvironment(
            now: { watch.now.withLock(\.self) }, timeZone: TimeZone(secondsFromGMT: 0) ?? .current,
            clock: ManualClock())
        var conversation = TextConversation(
            try agent(escalation).makeDialogue(call: call, tools: house.tools, environment: environment), call: call)
        _ = try await conversation.start()
        return conversation
    }

    private static let whole = """
          - transfer: reception
            say: "I will put you through."
          - callback: {after_minutes: 30}
            say: "We can call you back."
          - voicemail: {}
            say: "Please leave a message."
          - hang_up: true
            say: "Please call again. Goodbye."
        """

    @Test(
        "a transfer that nobody answers leads to the next step; a callback on the caller's number is promised and said")
    func callback() async throws {
        let house = House()
        var caller = try await Self.caller(Self.whole, house)
        let sent = try await caller.send(.keysPressed("0"))
        #expect(sent.ending == .transfer(destination: "reception", reason: "the caller pressed 0"))
        let back = try await caller.send(.notReached(reason: "busy"))
        #expect(back.text == "We can call you back. Shall we call you on the number that you are calling from?")
        #expect(back.ending == nil)
        let agreed = try await caller.say("yes please")
        #expect(agreed.text == "Thank you. We will call you today at half past nine. Goodbye.")
        #expect(agreed.ending == .hangUp(reason: "a callback was promised"))
        #expect(
            house.promises.withLock(\.self) == [["after_minutes": 30, "note": "busy"]])
    }

    @Test("another number is read back before it is promised, and may be typed")
    func anotherNumber() async throws {
        let house = House()
        var caller = try await Self.caller(Self.whole, house)
        _ = try await caller.send(.keysPressed("0"))
        _ = try await caller.send(.notReached(reason: "busy"))
        #expect(try await caller.say("no").text == "On which number shall we call you?")
        let read = try await caller.say("two one two five five five oh one nine nine")
        #expect(read.text.hasPrefix("That is two one two, five five five, oh one nine nine."))
        #expect(try await caller.say("no").text == "On which number shall we call you?")
        _ = try await caller.send(.keysPressed("2125550188"))
        #expect(try await caller.say("yes").ending == .hangUp(reason: "a callback was promised"))
        #expect(house.promises.withLock { $0.first?["number"] } == "2125550188")
    }

    @Test("whoever withholds their number is asked for one, and whoever gives none goes on to the message")
    func withheld() async throws {
        let house = House()
        var caller = try await Self.caller(Self.whole, house, from: "")
        _ = try await caller.send(.keysPressed("0"))
        let asked = try await caller.send(.notReached(reason: "busy"))
        #expect(asked.text == "We can call you back. On which number shall we call you?")
        _ = try await caller.send(.callerNotUnderstood)
        _ = try await caller.send(.callerSilent(count: 1))
        let given = try await caller.say("well it is complicated")
        #expect(given.text == "I am sorry, I cannot promise you a call. Please leave a message.")
        #expect(house.promises.withLock(\.isEmpty))
    }

    @Test("a promise that cannot be stored is not made: the caller hears so, and the message follows, kept as it comes")
    func message() async throws {
        let house = House(refusesCallbacks: true)
        var caller = try await Self.caller(Self.whole, house)
        _ = try await caller.send(.keysPressed("0"))
        _ = try await caller.send(.notReached(reason: "no answer"))
        let refused = try await caller.say("yes")
        #expect(refused.text == "I am sorry, I cannot promise you a call. Please leave a message.")
        #expect(refused.ending == nil)
        _ = try await caller.say("the pump is leaking")
        #expect(house.messages.withLock { $0.last?["words"] } == "the pump is leaking")
        #expect(house.messages.withLock { $0.last?["whole"] } == false)
        _ = try await caller.send(.callerNotUnderstood)
        _ = try await caller.say("please hurry")
        let end = try await caller.send(.callerSilent(count: 0))
        #expect(end.text == "Thank you, your message is kept. Goodbye.")
        #expect(end.ending == .hangUp(reason: "a message was taken"))
        #expect(house.messages.withLock { $0.last?["words"] } == "the pump is leaking please hurry")
        #expect(house.messages.withLock { $0.last?["whole"] } == true)
    }

    @Test("after the last step comes a farewell")
    func theEnd() async throws {
        let house = House(refusesCallbacks: true)
        var caller = try await Self.caller(Self.whole, house)
        _ = try await caller.send(.keysPressed("0"))
        _ = try await caller.send(.notReached(reason: "no answer"))
        _ = try await caller.say("yes")
        #expect(try await caller.send(.callerSilent(count: 0)).text == "Please leave a message.")
        let end = try await caller.send(.callerSilent(count: 0))
        #expect(end.text == "Please call again. Goodbye.")
        #expect(end.ending == .hangUp(reason: "the caller left no message"))
        #expect(house.messages.withLock(\.isEmpty))
    }

    private static let line = """
          - queue: {to: reception, every: 20, longest: 60}
            say: "Everybody is busy, please hold."
          - voicemail: {}
            say: "Please leave a message."
        """

    @Test("a queue tells the place, puts the first one through, takes them back when nobody answers, and has an end")
    func queue() async throws {
        let house = House(places: [
            ["position": 2, "wait_seconds": 150], ["position": 2], ["position": 1],
        ])
        let watch = Watch()
        var caller = try await Self.caller(Self.line, house, watch: watch)
        let begun = try await caller.send(.keysPressed("0"))
        #expect(
            begun.text
                == "Everybody is busy, please hold. You are number two in line. It will take about three minutes.")
        #expect(begun.ending == nil)
        watch.pass(20)
        #expect(try await caller.send(.callerSilent(count: 0)).text.hasPrefix("Thank you for holding."))
        watch.pass(20)
        let turn = try await caller.send(.callerSilent(count: 0))
        #expect(turn.text == "I am trying to put you through now.")
        #expect(turn.ending == .transfer(destination: "reception", reason: "it is the caller's turn"))
        watch.pass(5)
        let back = try await caller.send(.notReached(reason: "busy"))
        #expect(back.text == "Nobody was free just now. Please stay on the line.")
        guard case .expect(let expectation)? = back.outputs.last else {
            Issue.record("nothing is expected: \(back.outputs)")
            return
        }
        #expect(expectation.hold == 20)
        watch.pass(20)
        let over = try await caller.send(.callerSilent(count: 0))
        #expect(over.text == "Please leave a message.")
        #expect(house.left.withLock(\.self) == 1)
    }

    @Test("who does not want to wait presses a key, and the next step follows")
    func skipped() async throws {
        let house = House(places: [["position": 3]])
        var caller = try await Self.caller(Self.line, house)
        _ = try await caller.send(.keysPressed("0"))
        #expect(try await caller.send(.keysPressed("1")).text == "Please leave a message.")
    }

    @Test("where no service keeps a line or a message, the path goes on to its end")
    func bare() async throws {
        let call = CallFacts(callID: "c1", callerNumber: "+12125550147")
        let agent = try Self.agent(
            """
                  - callback: {}
                    say: "We can call you back."
                  - hang_up: true
                    say: "Goodbye."
            """)
        var caller = TextConversation(
            agent.makeDialogue(
                call: call, tools: [],
                environment: DialogueEnvironment(now: { Fixtures.now }, clock: ManualClock())), call: call)
        _ = try await caller.start()
        _ = try await caller.send(.keysPressed("0"))
        let end = try await caller.say("yes")
        #expect(end.text == "I am sorry, I cannot promise you a call. Goodbye.")
        #expect(end.ending != nil)
    }

    @Test("a flow's own transfer that fails follows the path too, and does not try the same place again")
    func ownTransfer() async throws {
        let text = Self.flow.replacing(
            """
              - hang_up: true
                say: "Sorry."
            """, with: Self.whole
        ).replacing(
            """
                  - hang_up: "said goodbye"
            """,
            with: """
                      - transfer: reception
                """)
        let agent = try AgentDefinition(yaml: Data(text.utf8), file: "small.yaml") { _ in Data() }
        let call = CallFacts(callID: "c1", callerNumber: "+12125550147")
        var caller = TextConversation(
            agent.makeDialogue(
                call: call, tools: House().tools,
                environment: DialogueEnvironment(now: { Fixtures.now }, clock: ManualClock())), call: call)
        _ = try await caller.start()
        guard case .transfer("reception", _)? = try await caller.say("goodbye").ending else {
            Issue.record("the flow did not transfer")
            return
        }
        #expect(try await caller.send(.notReached(reason: "busy")).text.hasPrefix("We can call you back."))
    }

    @Test("a model is told the truth about the transfer, and the path goes on")
    func model() async throws {
        var agent = try Fixtures.agent("assistant")
        agent.escalation.append(
            .voicemail(
                VoicemailStep(
                    say: "Please leave a message.", done: "Kept.", sorry: "Not kept.", pause: .seconds(4),
                    longest: .seconds(60))))
        let model = FakeLanguageModel([
            [
                .text("One moment."),
                .call(id: "x", name: "transfer_to_person", arguments: #"{"reason":"wants a person"}"#),
            ]
        ])
        let call = CallFacts(callID: "c1", callerNumber: "+12125550147")
        let house = House()
        var caller = TextConversation(
            agent.makeDialogue(
                call: call, tools: house.tools,
                environment: DialogueEnvironment(
                    now: { Fixtures.now }, clock: ManualClock(), models: ["openai": model])), call: call)
        _ = try await caller.start()
        #expect(
            try await caller.say("a person please").ending
                == .transfer(destination: "reception", reason: "wants a person"))
        #expect(try await caller.send(.notReached(reason: "no answer")).text == "Please leave a message.")
        _ = try await caller.say("it leaks")
        #expect(try await caller.send(.callerSilent(count: 0)).text == "Kept.")
        #expect(house.messages.withLock { $0.last?["words"] } == "it leaks")
    }

    @Test("a script can say that nobody was reached, after a transfer and at no other time")
    func scripted() async throws {
        let text = """
            agent: small
            today: 2026-11-23
            conversations:
              - name: comes back
                caller: "+12125550147"
                turns:
                  - keys: "0"
                  - not_reached: the line was busy
                    says: ["We can call you back."]
                  - caller: "yes"
                    calls: {callback_schedule: {note: the line was busy}}
                    says: ["We will call you today at half past nine."]
                ends: hang_up
              - name: does not come back
                turns:
                  - not_reached: the line was busy
                  - keys: "0"
                  - keys: "0"
            """
        let script = try ConversationScript(yaml: Data(text.utf8), file: "small.yaml")
        var verdicts: [ScriptVerdict] = []
        for scene in script.scenes {
            let call = CallFacts(callID: "c1", callerNumber: scene.callerNumber)
            let dialogue = try Self.agent(Self.whole).makeDialogue(
                call: call, tools: House().tools,
                environment: DialogueEnvironment(
                    now: { Fixtures.now }, timeZone: TimeZone(secondsFromGMT: 0) ?? .current, clock: ManualClock()))
            verdicts.append(
                try await ScriptRun(scene).hold(.init(dialogue: dialogue, call: call), rows: { _, _ in 0 }))
        }
        #expect(verdicts[0].failures == [], "\(verdicts[0].failures)")
        #expect(verdicts[1].failures.first?.reason.contains("had ended before this turn") == true)
    }

    @Test(
        "faults of a step are named",
        arguments: [
            ("  - queue: {to: reception, every: 30, longest: 10}\n    say: Hold.", "must not be shorter"),
            ("  - queue: {every: 30}\n    say: Hold.", "`to`"),
            ("  - queue: {to: reception, hold: \"{place}\"}\n    say: Hold.", "{place} is not known here"),
            ("  - callback: {confirm: \"Is that right?\"}\n    say: Hm.", "must name {number}"),
            ("  - voicemail: {pause: 1}\n    say: Hm.", "`pause`"),
            ("  - voicemail: {}\n    transfer: x\n    say: Hm.", "needs one of"),
        ])
    func faults(step: String, reason: String) throws {
        do {
            _ = try Self.agent(step)
            Issue.record("no fault in \(step)")
        } catch let error as AgentFileErrors {
            #expect("\(error)".contains(reason), "\(error)")
        }
    }
}
