import Foundation
import Networking
import Testing

@testable import Agent

@Suite("Steps of a path whose reply is interrupted")
struct InterruptedPathTests {
    /// Keeps what it is given when the test lets it.
    private struct Slow: Tool {
        let definition: ToolDefinition
        let hasBegun = Lock(false)
        let mayEnd = Lock(false)

        init(_ name: String) {
            definition = ToolDefinition(
                name: name, summary: name, parameters: ["type": "object"], risk: .reversible)
        }

        func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
            hasBegun.withLock { $0 = true }
            while !mayEnd.withLock(\.self) { await Task.yield() }
            return ["date": "2026-11-23", "time": "09:30"]
        }
    }

    @Test("a promise that was stored meanwhile is told in the next reply, and ends the call")
    func confirmed() async throws {
        var agent = try Fixtures.agent("assistant")
        let text = Faulty.sound.replacing(
            """
              - hang_up: true
                say: "Sorry."
            """,
            with: """
                  - transfer: reception
                    say: "I will put you through."
                  - callback: {after_minutes: 30}
                    say: "We can call you back."
                  - hang_up: true
                    say: "Goodbye."
                """)
        agent = try AgentDefinition(yaml: Data(text.utf8), file: "small.yaml") { _ in Data() }
        let slow = Slow("callback_schedule")
        let call = CallFacts(callID: "c1", callerNumber: "+12125550147")
        let dialogue = agent.makeDialogue(
            call: call, tools: [slow],
            environment: DialogueEnvironment(
                now: { Fixtures.now }, timeZone: TimeZone(secondsFromGMT: 0) ?? .current, clock: ManualClock()))
        var caller = TextConversation(dialogue, call: call)
        _ = try await caller.start()
        _ = try await caller.send(.keysPressed("0"))
        _ = try await caller.send(.notReached(reason: "busy"))
        let reply = Task { for try await _ in dialogue.reply(to: .keysPressed("1")) {} }
        while !slow.hasBegun.withLock(\.self) { await Task.yield() }
        reply.cancel()
        _ = await reply.result
        slow.mayEnd.withLock { $0 = true }
        let next = try await TextConversation.reply(dialogue, to: .keysPressed("#"))
        #expect(next.text == "Thank you. We will call you today at half past nine. Goodbye.")
        #expect(next.ending == .hangUp(reason: "a callback was promised"))
    }

    @Test(
        "a number is called back after a plain yes alone, in either language",
        arguments: [
            ("yes please", true), ("sí, claro", true), ("si", true), ("vale", true),
            ("claro que no", false), ("sí, pero mañana no", false), ("sí, a otro número", false),
            ("yes, at another number", false), ("si puede ser no", false),
        ])
    func plainYes(text: String, isPromised: Bool) {
        var callback = CallbackTalk(
            CallbackStep(
                say: "", offer: "", askNumber: "", confirm: .empty, done: .empty, sorry: "", after: .seconds(60)),
            callerNumber: "+12125550147", reason: "busy", today: CivilDate(dayNumber: 0))
        _ = callback.handle(.begun, at: .zero)
        let turn = CallerTurn(number: 1, text: text, confidence: 0.9)
        let first = callback.handle(.said(turn), at: .zero).first
        if case .promise(_)? = first { #expect(isPromised) } else { #expect(!isPromised) }
    }

    @Test("a model's long reason is cut to what the tools take")
    func longReason() throws {
        let reason = String(repeating: "a", count: 800)
        var callback = CallbackTalk(
            CallbackStep(
                say: "", offer: "", askNumber: "", confirm: .empty, done: .empty, sorry: "", after: .seconds(60)),
            callerNumber: "+12125550147", reason: reason, today: CivilDate(dayNumber: 0))
        _ = callback.handle(.begun, at: .zero)
        guard case .promise(let wish)? = callback.handle(.keys("1"), at: .zero).first else {
            Issue.record("nothing was promised")
            return
        }
        #expect(wish["note"]?.string?.count == 500)
        var message = MessageTalk(
            VoicemailStep(say: "", done: "", sorry: "", pause: .seconds(4), longest: .seconds(60)), reason: reason)
        _ = message.handle(.begun, at: .zero)
        guard case .keep(let kept)? = message.handle(.notUnderstood, at: .zero).first else {
            Issue.record("nothing was kept")
            return
        }
        #expect(kept["reason"]?.string?.count == 500)
    }
}

extension TextConversation {
    /// What a dialogue that is under way answers.
    fileprivate static func reply(_ dialogue: any Dialogue, to input: DialogueInput) async throws -> DialogueReply {
        var reply = DialogueReply()
        for try await output in dialogue.reply(to: input) { reply.add(output) }
        return reply
    }
}
