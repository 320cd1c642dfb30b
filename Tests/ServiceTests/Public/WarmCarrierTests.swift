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

    @Test("the person is called, takes the caller, and both hear each other", arguments: Carrier.allCases)
    func joined(carrier: Carrier) async throws {
        let setup = WarmTransferUnderTest(
            .takes("1", after: .seconds(5), says: SpokenClip.saying(Self.greeting), hangsUpAfter: .seconds(3)),
            as: carrier)
        try await setup.run { test, sandbox, _ in
            let said = [Self.wish] + Array(repeating: "my pump is leaking", count: 12)
            await sandbox.ring(
                from: "+15550100", to: "+15550199", at: "\(setup.base(of: test))/voice",
                as: .talks(said.map(SpokenClip.saying)))
            let person = try #require(sandbox.calls.first { !$0.isInbound })
            #expect(person.to == WarmTransferUnderTest.person && person.from == "+15550199")
            #expect(person.acts.contains("pressed 1") && person.acts.contains("hung up"), "\(person.acts)")
            #expect(SpokenClip.all(in: person.heard[...]).contains("my pump is leaking"))
            let caller = try #require(sandbox.calls.first { $0.isInbound })
            #expect(SpokenClip.all(in: caller.heard[...]).contains(Self.greeting))
            for call in sandbox.calls {
                #expect(!call.acts.contains { $0.contains("broke the dialect") }, "\(call.acts)")
            }
            #expect(sandbox.failedCallbacks == 0 && sandbox.requests == 1)
        } afterwards: { store in
            let calls = try await store.calls().calls
            #expect(calls.count == 2 && Set(calls.map(\.carrier)) == [carrier.rawValue])
            let mine = try #require(calls.first { $0.direction == .inbound })
            #expect(mine.endReason == "transferred; the person hung up" && mine.outcome == "transfer_warm")
            let story = try await store.story(ofCall: mine.id)
            #expect(story.turns.contains { $0.speaker == .operator && $0.text == Self.greeting })
        }
    }

    @Test("a person behind a SIP address is called at it", arguments: Carrier.allCases)
    func sip(carrier: Carrier) async throws {
        var setup = WarmTransferUnderTest(.presses("2", after: .seconds(3)), as: carrier)
        setup.reception = "sip:reception@pbx.example"
        try await setup.run { [setup] test, sandbox, _ in
            await sandbox.ring(
                from: "+15550100", to: "+15550199", at: "\(setup.base(of: test))/voice",
                as: .talks(([Self.wish] + Array(repeating: "when are you open", count: 4)).map(SpokenClip.saying)))
            let person = try #require(sandbox.calls.first { !$0.isInbound })
            #expect(person.to == "sip:reception@pbx.example" && person.acts.contains("pressed 2"), "\(person.acts)")
            #expect(sandbox.failedCallbacks == 0)
        } afterwards: { store in
            let story = try await store.story(
                ofCall: try #require(try await store.calls().calls.first { $0.direction == .inbound }).id)
            let act = try #require(story.tools.first { $0.name == "transfer_warm" })
            #expect(act.outcome?.contains("declined") == true, "\(act.outcome ?? "")")
        }
    }

    @Test("a caller who leaves while it rings takes the call back before anybody answers", arguments: Carrier.allCases)
    func callerLeaves(carrier: Carrier) async throws {
        var setup = WarmTransferUnderTest(.talks([SpokenClip.saying("hello")]), as: carrier)
        setup.ringing = .seconds(4)
        try await setup.run { [setup] test, sandbox, _ in
            // Has nothing more to say when the agent has promised somebody.
            await sandbox.ring(
                from: "+15550100", to: "+15550199", at: "\(setup.base(of: test))/voice",
                as: .talks([SpokenClip.saying(Self.wish)]))
            try await test.waitUntil("the person's call is over", within: .seconds(10)) {
                sandbox.calls.first { !$0.isInbound }?.status.isTerminal == true
            }
            let person = try #require(sandbox.calls.first { !$0.isInbound })
            #expect(person.status == .canceled && person.answered == nil)
        } afterwards: { store in
            let calls = try await store.calls().calls
            #expect(calls.count == 1)
            let story = try await store.story(ofCall: try #require(calls.first).id)
            let act = try #require(story.tools.first { $0.name == "transfer_warm" })
            #expect(act.succeeded == false && act.outcome?.contains("cancelled") == true)
        }
    }

    @Test("whom a process called that is no more is not rung on, and is hung up on", arguments: Carrier.allCases)
    func orphans(carrier: Carrier) async throws {
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
            try await test.waitUntil("the call is over", within: .seconds(10)) {
                sandbox.calls.first?.status.isTerminal == true
            }
            #expect(sandbox.calls.first?.status == .canceled && sandbox.calls.first?.answered == nil)

            // Whose first news were lost, too.
            await sandbox.ring(
                from: "+15550199", to: WarmTransferUnderTest.person, at: "\(base)/person?person=lost",
                as: .talks([SpokenClip.saying("hello")]))
            // Vonage has no word for it: an answer that wants nothing is the end.
            let end = carrier == .vonage ? "nothing" : "hang up"
            #expect(sandbox.calls.last?.instruction == end && sandbox.calls.last?.heard.isEmpty == true)
            #expect(sandbox.failedCallbacks == 0)
        } afterwards: { store in
            let page = try await store.calls()
            #expect(page.calls.isEmpty)
        }
    }
}
