import Agent
import CallSession
import Callers
import Emulators
import Foundation
import Logging
import Networking
import Store
import Telephony
import TestSupport
import Testing

@testable import Service

/// A caller, the service, and the sandbox carrier with a person behind a number: everything over real sockets.
@Suite("Callers who are put through to a person")
struct WarmTransferTests {
    private static let account = WarmTransferUnderTest.account
    private static let greeting = "this is reception"

    private static func run(
        _ callee: WarmTransferUnderTest.Callee,
        _ body: @Sendable (ServiceUnderTest, SandboxCarrier) async throws -> Void,
        afterwards: @Sendable (Store) async throws -> Void
    ) async throws {
        try await WarmTransferUnderTest(callee).run(
            { test, carrier, _ in try await body(test, carrier) }, afterwards: afterwards)
    }

    /// Both at the same time, each with a service and a carrier of its own: most of it is waiting.
    static func both(_ body: @escaping @Sendable (Bool) async throws -> Void) async {
        await AtOnce.each([true, false], atMost: 2, body, failed: { Issue.record($1, "\($0)") })
    }

    /// The inbound call that the service announces for an account.
    static func announce(
        _ test: ServiceUnderTest, _ id: String, from: String = "+15550100", to: String = "+15550199"
    ) async throws -> CarrierLine.Call {
        let answer = try await test.post(
            "/twilio/voice", ["CallSid": id, "From": from, "To": to, "AccountSid": account])
        guard let url = answer.text.part(between: "<Stream url=\"", and: "\""),
            let token = answer.text.part(between: "name=\"token\" value=\"", and: "\"")
        else { throw Unexpected(what: "the answer to the webhook", got: "\(answer)") }
        return CarrierLine.Call(url: url, callID: id, parameters: ["token": token])
    }

    @Test("the person accepts with a key, both hear each other, and the person's hanging up ends the call")
    func accepted() async throws {
        let callee = SandboxCarrierConfiguration.Callee.takes(
            "1", after: .seconds(5), says: SpokenClip.saying(Self.greeting), hangsUpAfter: .seconds(8))
        try await Self.run(callee) { test, carrier in
            let heard = Lock<[UInt8]>([])
            let mayGoOn = Lock(false)
            let caller = TestCaller(
                saying: ["can i speak to a person", "my pump is leaking", "over"], on: test.loop,
                mayAnswer: { number in number == 0 || (number == 1 && mayGoOn.withLock { $0 }) },
                ear: { frame in heard.withLock { for index in frame.indices { $0.append(frame[index]) } } })
            caller.dial(try await Self.announce(test, "CA1"))
            try await test.waitUntil("the person is heard", within: .seconds(40)) {
                heard.withLock { SpokenClip.all(in: $0[...]) }.contains(Self.greeting)
            }
            mayGoOn.withLock { $0 = true }
            caller.goOn()
            try await test.waitUntil("the caller is heard", within: .seconds(15)) {
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

    /// Two people are asked, one after the other.
    private static let two = """
          - transfer: "\(WarmTransferUnderTest.person)"
            say: "I will put you through."
            warm: {hold: "One moment.", every: 5}
          - transfer: "\(WarmTransferUnderTest.colleague)"
            say: "I will try somebody else."
            warm: {hold: "One moment.", every: 5}
          - goto: menu
            say: "Nobody is free."
        """

    @Test(
        "the first person declines, or does not answer, and the second one takes the caller")
    func secondPerson() async {
        await Self.both { try await Self.secondPerson(declines: $0) }
    }

    private static func secondPerson(declines: Bool) async throws {
        var setup = WarmTransferUnderTest(.noAnswer)
        setup.path = Self.two
        setup.callee = { number in
            if number == WarmTransferUnderTest.person {
                return declines ? .presses("2", after: .seconds(3)) : .noAnswer
            }
            return .takes(
                "1", after: .seconds(5), says: SpokenClip.saying(Self.greeting), hangsUpAfter: .milliseconds(500))
        }
        try await setup.run { test, carrier, _ in
            let heard = Lock<[UInt8]>([])
            let caller = TestCaller(
                saying: ["can i speak to a person"], on: test.loop, mayAnswer: { number in number == 0 },
                ear: { frame in heard.withLock { for index in frame.indices { $0.append(frame[index]) } } })
            caller.dial(try await Self.announce(test, "CA1"))
            _ = await caller.ended()
            #expect(heard.withLock { SpokenClip.all(in: $0[...]) }.contains(Self.greeting), "declines: \(declines)")
            #expect(
                carrier.calls.map(\.to) == [WarmTransferUnderTest.person, WarmTransferUnderTest.colleague],
                "declines: \(declines)")
            #expect(carrier.calls.last?.acts.contains("pressed 1") == true, "declines: \(declines)")
        } afterwards: { store in
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(story.call.endReason == "transferred; the person hung up", "declines: \(declines)")
            let acts = story.tools.filter { $0.name == "transfer_warm" }
            #expect(acts.map(\.succeeded) == [false, true], "declines: \(declines): \(acts)")
            #expect(acts.first?.outcome?.contains(declines ? "declined" : "unreached") == true, "declines: \(declines)")
            #expect(acts.last?.arguments.contains(WarmTransferUnderTest.colleague) == true, "declines: \(declines)")
            let said = story.turns.filter { $0.speaker == .agent }.compactMap(\.heard).joined(separator: " ")
            #expect(
                said.contains("I will try somebody else.") && !said.contains("Nobody is free."),
                "declines: \(declines): \(said)")
        }
    }

    @Test(
        "a person sees a number of ours: the one that is set for it, or nobody is called where the caller dialled none",
        arguments: [nil, "+15550123"] as [String?])
    func callerID(configured: String?) async throws {
        var setup = WarmTransferUnderTest(.busy)
        setup.path = """
              - transfer: reception
                say: "I will put you through."
                warm: {hold: "One moment.", every: 5}
              - hang_up: true
                say: "Nobody is free."
            """
        setup.configure = { $0.calls.transferCallerID = configured }
        try await setup.run { test, carrier, _ in
            let caller = TestCaller(
                saying: ["can i speak to a person"], on: test.loop, mayAnswer: { number in number == 0 })
            caller.dial(try await Self.announce(test, "CA1", to: "sip:desk@pbx.example"))
            _ = await caller.ended()
            let seen = [configured].compactMap { $0 }
            #expect(carrier.calls.map(\.from) == seen)
        } afterwards: { store in
            let story = try await store.story(ofCarrierCall: "CA1")
            let act = try #require(story.tools.first { $0.name == "transfer_warm" })
            let reason = configured == nil ? TransferCallerID.missing : "the line was busy"
            #expect(act.outcome?.contains(reason) == true, "\(act.outcome ?? "")")
            #expect(act.succeeded == false && act.outcome?.contains("unreached") == true)
            let said = story.turns.filter { $0.speaker == .agent }.compactMap(\.heard).joined(separator: " ")
            #expect(said.contains("Nobody is free."), "\(said)")
        }
    }

    @Test("the agent says to both who they are, and leaves them")
    func introduction() async throws {
        let sentence = "You are both here. {reason}. Bye."
        let words = "You are both here. The caller wants a person. Bye."
        var setup = WarmTransferUnderTest(
            .takes("1", after: .seconds(6), says: SpokenClip.saying(Self.greeting), hangsUpAfter: .milliseconds(500)))
        setup.path = """
              - transfer: reception
                say: "I will put you through."
                warm: {hold: "One moment.", every: 20, introduction: "\(sentence)"}
              - hang_up: true
                say: "Nobody is free."
            """
        setup.engines = LightEngines(voice: SpellingSynthesizer())
        try await setup.run { test, carrier, _ in
            let heard = Lock<[UInt8]>([])
            let caller = TestCaller(
                saying: ["can i speak to a person"], on: test.loop, mayAnswer: { number in number == 0 },
                ear: { frame in heard.withLock { for index in frame.indices { $0.append(frame[index]) } } })
            caller.dial(try await Self.announce(test, "CA1"))
            _ = await caller.ended()
            let atCaller = heard.withLock { SpokenClip.all(in: $0[...]) }
            // The same sentence on both lines, once, and nothing of the agent's after it.
            #expect(atCaller.filter { $0 == words }.count == 1 && atCaller.last == Self.greeting, "\(atCaller)")
            let atPerson = carrier.calls.first.map { SpokenClip.all(in: $0.heard[...]) } ?? []
            #expect(atPerson.last == words && atPerson.filter { $0 == words }.count == 1, "\(atPerson)")
        } afterwards: { store in
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(story.call.endReason == "transferred; the person hung up")
            #expect(story.turns.contains { $0.speaker == .agent && $0.heard == words })
            let act = try #require(story.tools.first { $0.name == "transfer_warm" })
            #expect(act.succeeded == true && act.outcome?.contains("introducing") == true)
            #expect(story.incidents.isEmpty, "\(story.incidents)")
        }
    }

    @Test("on hold the caller is told in turn how it stands, between the music, over it or without any")
    func talk() async {
        await AtOnce.each(
            WarmTransfer.Music.allCases, atMost: 3, { try await Self.talk(music: $0) },
            failed: { Issue.record($1, "\($0)") })
    }

    private static func talk(music: WarmTransfer.Music) async throws {
        var setup = WarmTransferUnderTest(.noAnswer)
        // Until the carrier says that nobody answers.
        setup.ringing = .seconds(13)
        setup.path = """
              - transfer: reception
                say: "I will put you through."
                warm: {hold: ["I am still trying {who}.", "Please stay."], every: 5, music: \(music.rawValue)}
              - hang_up: true
                say: "Nobody is free."
            """
        setup.engines = LightEngines(voice: SpellingSynthesizer())
        setup.configure = { $0.media.holdMusic = "chimes" }
        try await setup.run { test, _, _ in
            let heard = Lock<[UInt8]>([])
            let caller = TestCaller(
                saying: ["can i speak to a person"], on: test.loop, mayAnswer: { number in number == 0 },
                ear: { frame in heard.withLock { for index in frame.indices { $0.append(frame[index]) } } })
            caller.dial(try await Self.announce(test, "CA1"))
            _ = await caller.ended()
            let audio = heard.withLock { $0 }
            let told = SpokenClip.all(in: audio[...])
            let held = Array(told.drop { $0 != "I will put you through." }.dropFirst())
            let isClear = held.starts(with: ["I am still trying reception.", "Please stay."])
            // With music under them the words cannot be read any more, although they are there.
            #expect(isClear == (music != .under) && held.count > 2, "\(music): \(told)")
            #expect(held.last == "Nobody is free.", "\(music): \(told)")
            // What is no sentence is music: some eleven seconds of it, or nothing at all.
            let other = audio.count { $0 != 0xFF && $0 != 0x7F } - told.count * SpokenClip.saying("").audio.count
            #expect(music == .never ? other <= 0 : other > 3 * 8000, "\(music): \(other)")
        } afterwards: { store in
            let story = try await store.story(ofCarrierCall: "CA1")
            let act = try #require(story.tools.first { $0.name == "transfer_warm" })
            #expect(act.outcome?.contains("unreached") == true, "\(music): \(act.outcome ?? "")")
        }
    }

    @Test("nobody answers, and the carrier refuses: the caller is back with the agent")
    func unreached() async {
        await Self.both { try await Self.unreached(isBusy: $0) }
    }

    private static func unreached(isBusy: Bool) async throws {
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
            let mine = try #require(calls.first { $0.carrierCallID == "CA1" }, "busy: \(isBusy)")
            let story = try await store.story(ofCall: mine.id)
            let said = story.turns.filter { $0.speaker == .agent }.compactMap(\.heard).joined(separator: " ")
            #expect(said.contains("Nobody is free."), "busy: \(isBusy): \(said)")
            let act = try #require(story.tools.first { $0.name == "transfer_warm" }, "busy: \(isBusy)")
            #expect(act.outcome?.contains(isBusy ? "busy" : "machine") == true, "busy: \(isBusy): \(act.outcome ?? "")")
        }
    }
}
