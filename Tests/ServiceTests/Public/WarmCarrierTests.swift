import Emulators
import Foundation
import Store
import Telephony
import Testing

@testable import Service

/// People are called over the carrier of whoever waits for them: our request, its webhooks, its media socket, its news.
@Suite("People who are called for callers of every carrier", .serialized)
struct WarmCarrierTests {
    typealias Carrier = WarmTransferUnderTest.Carrier
    private static let greeting = "this is reception"
    private static let wish = "can i speak to a person"

    /// How much one side heard, and what it did: for whoever reads that something was not heard.
    private static func account(of call: SandboxCall) -> String {
        let words = SpokenClip.all(in: call.heard[...])
        let sounding = call.heard.count { $0 != 0xFF && $0 != 0x7F }
        return
            "heard \(call.heard.count) bytes, \(sounding) of them no silence, and \(words); \(call.status); did \(call.acts)"
    }

    @Test("the person is called, takes the caller, and both hear each other")
    func joined() async {
        await Carrier.overEach { try await Self.joined(over: $0) }
    }

    private static func joined(over carrier: Carrier) async throws {
        let setup = WarmTransferUnderTest(
            .takes("1", after: .seconds(5), says: SpokenClip.saying(Self.greeting), hangsUpAfter: .seconds(8)),
            as: carrier)
        try await setup.run { test, sandbox, _ in
            let said = [Self.wish] + Array(repeating: "my pump is leaking", count: 12)
            await sandbox.ring(
                from: "+15550100", to: "+15550199", at: "\(setup.base(of: test))/voice",
                as: .talks(said.map(SpokenClip.saying)))
            let person = try #require(sandbox.calls.first { !$0.isInbound }, "\(carrier)")
            #expect(person.to == WarmTransferUnderTest.person && person.from == "+15550199", "\(carrier)")
            #expect(person.acts.contains("pressed 1") && person.acts.contains("hung up"), "\(carrier): \(person.acts)")
            let caller = try #require(sandbox.calls.first { $0.isInbound }, "\(carrier)")
            let account = "\(carrier): the person \(Self.account(of: person)); the caller \(Self.account(of: caller))"
            #expect(SpokenClip.all(in: person.heard[...]).contains("my pump is leaking"), "\(account)")
            #expect(SpokenClip.all(in: caller.heard[...]).contains(Self.greeting), "\(account)")
            for call in sandbox.calls {
                #expect(!call.acts.contains { $0.contains("broke the dialect") }, "\(carrier): \(call.acts)")
            }
            #expect(sandbox.failedCallbacks == 0 && sandbox.requests == 1, "\(carrier)")
            try await test.waitUntil("nobody has to end the person's call, over \(carrier)") {
                try await test.service.store.personLegs().isEmpty
            }
        } afterwards: { store in
            let calls = try await store.calls().calls
            #expect(calls.count == 2 && Set(calls.map(\.carrier)) == [carrier.rawValue], "\(carrier)")
            let mine = try #require(calls.first { $0.direction == .inbound }, "\(carrier)")
            #expect(
                mine.endReason == "transferred; the person hung up" && mine.outcome == "transfer_warm", "\(carrier)")
            let story = try await store.story(ofCall: mine.id)
            #expect(story.turns.contains { $0.speaker == .operator && $0.text == Self.greeting }, "\(carrier)")
        }
    }

    @Test("a person behind a SIP address is called at it")
    func sip() async {
        await Carrier.overEach { try await Self.sip(over: $0) }
    }

    private static func sip(over carrier: Carrier) async throws {
        var setup = WarmTransferUnderTest(.presses("2", after: .seconds(3)), as: carrier)
        setup.reception = "sip:reception@pbx.example"
        try await setup.run { [setup] test, sandbox, _ in
            await sandbox.ring(
                from: "+15550100", to: "+15550199", at: "\(setup.base(of: test))/voice",
                as: .talks(([Self.wish] + Array(repeating: "when are you open", count: 4)).map(SpokenClip.saying)))
            let person = try #require(sandbox.calls.first { !$0.isInbound }, "\(carrier)")
            #expect(
                person.to == "sip:reception@pbx.example" && person.acts.contains("pressed 2"),
                "\(carrier): \(person.acts)")
            #expect(sandbox.failedCallbacks == 0, "\(carrier)")
        } afterwards: { store in
            let story = try await store.story(
                ofCall: try #require(try await store.calls().calls.first { $0.direction == .inbound }, "\(carrier)").id)
            let act = try #require(story.tools.first { $0.name == "transfer_warm" }, "\(carrier)")
            #expect(act.outcome?.contains("declined") == true, "\(carrier): \(act.outcome ?? "")")
        }
    }

    @Test("a caller who leaves while it rings takes the call back before anybody answers")
    func callerLeaves() async {
        await Carrier.overEach { try await Self.callerLeaves(over: $0) }
    }

    private static func callerLeaves(over carrier: Carrier) async throws {
        var setup = WarmTransferUnderTest(.talks([SpokenClip.saying("hello")]), as: carrier)
        setup.ringing = .seconds(4)
        try await setup.run { [setup] test, sandbox, _ in
            // Has nothing more to say when the agent has promised somebody.
            await sandbox.ring(
                from: "+15550100", to: "+15550199", at: "\(setup.base(of: test))/voice",
                as: .talks([SpokenClip.saying(Self.wish)]))
            try await test.waitUntil("the person's call is over, over \(carrier)", within: .seconds(30)) {
                sandbox.calls.first { !$0.isInbound }?.status.isTerminal == true
            }
            let person = try #require(sandbox.calls.first { !$0.isInbound }, "\(carrier)")
            #expect(person.status == .canceled && person.answered == nil, "\(carrier)")
            try await test.waitUntil("nobody has to end the person's call any more, over \(carrier)") {
                try await test.service.store.personLegs().isEmpty
            }
        } afterwards: { store in
            let calls = try await store.calls().calls
            #expect(calls.count == 1, "\(carrier)")
            let story = try await store.story(ofCall: try #require(calls.first, "\(carrier)").id)
            let act = try #require(story.tools.first { $0.name == "transfer_warm" }, "\(carrier)")
            #expect(act.succeeded == false && act.outcome?.contains("cancelled") == true, "\(carrier)")
        }
    }

    @Test("whom a process called that is no more is not rung on, and is hung up on")
    func orphans() async {
        await Carrier.overEach { try await Self.orphans(over: $0) }
    }

    private static func orphans(over carrier: Carrier) async throws {
        var setup = WarmTransferUnderTest(.talks([SpokenClip.saying("hello")]), as: carrier)
        setup.ringing = .seconds(4)
        try await setup.run { [setup] test, sandbox, control in
            let base = setup.base(of: test)
            let lost = PersonReference(person: "lost", node: "another")
            let address = "http://127.0.0.1:\(test.port)"
            _ = try await control.place(
                OutboundCallRequest(
                    to: WarmTransferUnderTest.person, from: "+15550199",
                    answerURL: lost.address(.answer, below: address, of: carrier.rawValue),
                    statusURL: lost.address(.status, below: address, of: carrier.rawValue)))
            try await test.waitUntil("the call is over, over \(carrier)", within: .seconds(30)) {
                sandbox.calls.first?.status.isTerminal == true
            }
            #expect(sandbox.calls.first?.status == .canceled && sandbox.calls.first?.answered == nil, "\(carrier)")

            // Whose first news were lost, too.
            await sandbox.ring(
                from: "+15550199", to: WarmTransferUnderTest.person, at: "\(base)/person?person=lost",
                as: .talks([SpokenClip.saying("hello")]))
            // Vonage has no word for it: an answer that wants nothing is the end.
            let end = carrier == .vonage ? "nothing" : "hang up"
            #expect(sandbox.calls.last?.instruction == end && sandbox.calls.last?.heard.isEmpty == true, "\(carrier)")
            #expect(sandbox.failedCallbacks == 0, "\(carrier)")
        } afterwards: { store in
            let page = try await store.calls()
            #expect(page.calls.isEmpty, "\(carrier)")
        }
    }
}
