import CallSession
import Callers
import Emulators
import Foundation
import Logging
import Networking
import Store
import Telephony
import Testing

@testable import Service

/// A caller, the service, and the sandbox carrier with a person behind a number: everything over real sockets.
@Suite("Callers who are put through to a person")
struct WarmTransferTests {
    private static let account = "AC" + String(repeating: "0", count: 32)
    private static let greeting = "this is reception"

    private static let agent = """
        name: desk
        kind: flow
        greeting: "Hello, the desk."
        thresholds: {reask_below: 0.4, escalate_below: 0.0, max_reasks: 2}
        silence: {reprompt_after: 7, max_reprompts: 1, prompts: ["Hello?"], farewell: "Goodbye."}
        escalation:
          - transfer: reception
            say: "I will put you through."
            warm: {brief: "{reason}. {said}", hold: "One moment.", every: 5}
          - goto: menu
            say: "Nobody is free."
        hours: {opens: "08:00", closes: "18:00"}
        phrases: {not_understood: "Sorry?", back: "So.", broken: "Oh dear."}
        start: menu
        intents:
          person: ["can i speak to a person", "a person please", "i want a person", "speak to somebody"]
          hours: ["when are you open", "your opening hours", "how long are you open", "are you open now"]
        states:
          menu:
            steps:
              - ask: "What can I do for you?"
          person:
            on: person
            steps:
              - escalate: "the caller wants a person"
          hours:
            on: hours
            steps:
              - say: "From eight to six."
              - goto: menu
        """

    private static func run(
        _ callee: SandboxCarrierConfiguration.Callee, hook: HookReceiver? = nil,
        _ body: @Sendable (ServiceUnderTest, SandboxCarrier) async throws -> Void,
        afterwards: @Sendable (Store) async throws -> Void
    ) async throws {
        var setup = SandboxCarrierConfiguration()
        setup.account = account
        setup.authToken = ServiceUnderTest.authToken
        setup.ringing = .milliseconds(20)
        setup.patience = .milliseconds(100)
        setup.hearing = .seconds(30)
        setup.callee = { _, _ in callee }
        let carrier = SandboxCarrier(setup, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let url = try await carrier.start()
        try await withThrowingTaskGroup { group in
            group.addTask { await carrier.run() }
            let outcome: Result<Void, any Error>
            do {
                try await ServiceUnderTest.run { configuration, directory in
                    try? Data(agent.utf8).write(to: directory.appending(path: "agents/desk.yaml"))
                    configuration.agents.default = "desk"
                    configuration.conversation.escalation = "+493012345678"
                    configuration.carriers.twilio.accountSID = account
                    configuration.carriers.twilio.url = url
                    configuration.media.holdMusic = "none"
                } _: { test in
                    try await body(test, carrier)
                } afterwards: { store, _ in
                    try await afterwards(store)
                }
                outcome = .success(())
            } catch { outcome = .failure(error) }
            await carrier.shutdown()
            group.cancelAll()
            try outcome.get()
        }
    }

    /// The inbound call that the service announces for an account.
    private static func announce(_ test: ServiceUnderTest, _ id: String) async throws -> CarrierLine.Call {
        let answer = try await test.post(
            "/twilio/voice", ["CallSid": id, "From": "+15550100", "To": "+15550199", "AccountSid": account])
        guard let url = answer.text.part(between: "<Stream url=\"", and: "\""),
            let token = answer.text.part(between: "name=\"token\" value=\"", and: "\"")
        else { throw Unexpected(what: "the answer to the webhook", got: "\(answer)") }
        return CarrierLine.Call(url: url, callID: id, parameters: ["token": token])
    }

    @Test("the person accepts with a key, both hear each other, and the person's hanging up ends the call")
    func accepted() async throws {
        let callee = SandboxCarrierConfiguration.Callee.takes(
            "1", after: .seconds(5), says: SpokenClip.saying(Self.greeting), hangsUpAfter: .seconds(3))
        try await Self.run(callee) { test, carrier in
            let heard = Lock<[UInt8]>([])
            let mayGoOn = Lock(false)
            let caller = TestCaller(
                saying: ["can i speak to a person", "my pump is leaking", "over"], on: test.loop,
                mayAnswer: { number in number == 0 || (number == 1 && mayGoOn.withLock { $0 }) },
                ear: { frame in heard.withLock { for index in frame.indices { $0.append(frame[index]) } } })
            caller.dial(try await Self.announce(test, "CA1"))
            try await test.waitUntil("the person is heard", within: .seconds(20)) {
                heard.withLock { SpokenClip.all(in: $0[...]) }.contains(Self.greeting)
            }
            mayGoOn.withLock { $0 = true }
            caller.goOn()
            try await test.waitUntil("the caller is heard", within: .seconds(5)) {
                carrier.calls.first.map { SpokenClip.all(in: $0.heard[...]) }?.contains("my pump is leaking") == true
            }
            _ = await caller.ended()
            let person = try #require(carrier.calls.first)
            #expect(carrier.calls.count == 1 && person.to == "+493012345678" && person.from == "+15550199")
            #expect(person.acts.contains("pressed 1") && person.acts.contains("hung up"), "\(person.acts)")
            #expect(
                try await test.post("/twilio/after-stream", ["CallSid": "CA1", "AccountSid": Self.account]).text
                    .contains("<Hangup/>"))
        } afterwards: { store in
            let calls = try await store.calls().calls
            let mine = try #require(calls.first { $0.carrierCallID == "CA1" })
            let theirs = try #require(calls.first { $0.carrierCallID != "CA1" })
            #expect(mine.endReason == "transferred; the person hung up" && mine.outcome == "transfer_warm")
            #expect(theirs.direction == .outbound && theirs.endReason == "caller hung up")
            let story = try await store.story(ofCall: mine.id)
            let act = try #require(story.tools.first { $0.name == "transfer_warm" })
            #expect(act.succeeded == true && act.outcome?.contains(theirs.id) == true)
            #expect(act.arguments.contains("can i speak to a person"))
            // What the two said is in the caller's transcript.
            #expect(story.turns.contains { $0.speaker == .operator && $0.text == Self.greeting })
            let told = try await store.story(ofCall: theirs.id).turns.compactMap(\.heard).joined(separator: " ")
            #expect(told.contains("The caller wants a person. They said: can i speak to a person."), "\(told)")
        }
    }

    @Test("the person declines, and the caller is back with the agent, who says so and goes on")
    func declined() async throws {
        try await Self.run(.presses("2", after: .seconds(3))) { test, carrier in
            let mayGoOn = Lock(false)
            let caller = TestCaller(
                saying: ["can i speak to a person", "when are you open"], on: test.loop,
                mayAnswer: { number in number == 0 || mayGoOn.withLock { $0 } })
            caller.dial(try await Self.announce(test, "CA1"))
            try await test.waitUntil("the caller is back", within: .seconds(20)) {
                try await test.service.store.calls().calls.first { $0.carrierCallID != "CA1" }?.endReason != nil
            }
            mayGoOn.withLock { $0 = true }
            _ = await caller.ended()
            #expect(carrier.calls.first?.acts.contains("pressed 2") == true)
        } afterwards: { store in
            let story = try await store.story(ofCarrierCall: "CA1")
            let said = story.turns.filter { $0.speaker == .agent }.compactMap(\.heard).joined(separator: " ")
            #expect(said.contains("Nobody is free.") && said.contains("From eight to six."), "\(said)")
            let act = try #require(story.tools.first { $0.name == "transfer_warm" })
            #expect(act.succeeded == false && act.outcome?.contains("declined") == true)
            #expect(story.incidents.contains { $0.kind == "transfer" && $0.detail == "they cannot take the call now" })
        }
    }

    @Test("nobody answers, and the carrier refuses: the caller is back with the agent", arguments: [true, false])
    func unreached(isBusy: Bool) async throws {
        try await Self.run(isBusy ? .busy : .voicemail(greeting: SpokenClip.saying("leave a message after the tone"))) {
            test, carrier in
            let mayGoOn = Lock(false)
            let caller = TestCaller(
                saying: ["can i speak to a person", "when are you open"], on: test.loop,
                mayAnswer: { number in number == 0 || mayGoOn.withLock { $0 } })
            caller.dial(try await Self.announce(test, "CA1"))
            try await test.waitUntil("the transfer is over", within: .seconds(20)) {
                let story = try? await test.service.store.story(ofCarrierCall: "CA1")
                return story?.tools.contains { $0.outcome != nil } == true
            }
            mayGoOn.withLock { $0 = true }
            caller.goOn()
            _ = await caller.ended()
        } afterwards: { store in
            let calls = try await store.calls().calls
            let mine = try #require(calls.first { $0.carrierCallID == "CA1" })
            let story = try await store.story(ofCall: mine.id)
            let said = story.turns.filter { $0.speaker == .agent }.compactMap(\.heard).joined(separator: " ")
            #expect(said.contains("Nobody is free."), "\(said)")
            let act = try #require(story.tools.first { $0.name == "transfer_warm" })
            #expect(act.outcome?.contains(isBusy ? "busy" : "machine") == true, "\(act.outcome ?? "")")
        }
    }
}
