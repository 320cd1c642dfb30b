import Callers
import Emulators
import Foundation
import Networking
import Store
import Telephony
import Testing

@testable import Service

extension WarmTransferTests {
    @Test(
        "people are called as fast as the account begins calls: the second one waits, or the agent says that it is too many"
    )
    func rate() async {
        await Self.both { try await Self.rate(isInTime: $0) }
    }

    private static func rate(isInTime: Bool) async throws {
        var setup = WarmTransferUnderTest(.busy)
        setup.path = """
              - transfer: "\(WarmTransferUnderTest.person)"
                say: "I will put you through."
                warm: {hold: "One moment.", every: 5}
              - transfer: "\(WarmTransferUnderTest.colleague)"
                say: "I will try somebody else."
                warm: {hold: "One moment.", every: 5}
              - hang_up: true
                say: "Nobody is free."
            """
        // The next call ten seconds later, or a minute.
        setup.configure = { $0.carriers.twilio.callsPerSecond = isInTime ? 0.1 : 1.0 / 60 }
        try await setup.run { test, carrier, _ in
            let caller = TestCaller(
                saying: ["can i speak to a person"], on: test.loop, mayAnswer: { number in number == 0 })
            caller.dial(try await Self.announce(test, "CA1"))
            _ = await caller.ended()
            let calls = carrier.calls
            let people = [WarmTransferUnderTest.person, WarmTransferUnderTest.colleague]
            #expect(calls.map(\.to) == (isInTime ? people : [WarmTransferUnderTest.person]), "in time: \(isInTime)")
            guard isInTime, let first = calls.first, let last = calls.last else { return }
            // Without a wait it is the length of a sentence; the first request may have been under way for a while.
            #expect(last.created.timeIntervalSince(first.created) > 8, "in time: \(isInTime)")
        } afterwards: { store in
            let story = try await store.story(ofCarrierCall: "CA1")
            let outcomes = story.tools.filter { $0.name == "transfer_warm" }.compactMap(\.outcome)
            #expect(
                outcomes.count == 2 && outcomes.first?.contains("busy") == true, "in time: \(isInTime): \(outcomes)")
            #expect(
                outcomes.last?.contains(isInTime ? "busy" : PersonCalls.crowded) == true,
                "in time: \(isInTime): \(outcomes)")
            #expect(outcomes.allSatisfy { $0.contains("unreached") }, "in time: \(isInTime): \(outcomes)")
            let said = story.turns.filter { $0.speaker == .agent }.compactMap(\.heard).joined(separator: " ")
            #expect(said.contains("Nobody is free."), "in time: \(isInTime): \(said)")
        }
    }

    @Test(
        "a carrier that has too many requests is asked once more, and the agent says that it is too many if it has still"
    )
    func tooMany() async {
        await Self.both { try await Self.tooMany(isOverSoon: $0) }
    }

    private static func tooMany(isOverSoon: Bool) async throws {
        let requests = Lock(0)
        var setup = WarmTransferUnderTest(.busy)
        setup.fault = { number in
            requests.withLock { $0 = number + 1 }
            return isOverSoon && number > 0 ? .none : .refuse(429)
        }
        setup.path = """
              - transfer: "\(WarmTransferUnderTest.person)"
                say: "I will put you through."
                warm: {hold: "One moment.", every: 5}
              - hang_up: true
                say: "Nobody is free."
            """
        try await setup.run { test, carrier, _ in
            let caller = TestCaller(
                saying: ["can i speak to a person"], on: test.loop, mayAnswer: { number in number == 0 })
            caller.dial(try await Self.announce(test, "CA1"))
            _ = await caller.ended()
            #expect(requests.withLock { $0 } == 2, "over soon: \(isOverSoon)")
            #expect(
                carrier.calls.map(\.to) == (isOverSoon ? [WarmTransferUnderTest.person] : []),
                "over soon: \(isOverSoon)")
        } afterwards: { store in
            let story = try await store.story(ofCarrierCall: "CA1")
            let outcomes = story.tools.filter { $0.name == "transfer_warm" }.compactMap(\.outcome)
            #expect(
                outcomes.count == 1 && outcomes.first?.contains(isOverSoon ? "busy" : PersonCalls.crowded) == true,
                "over soon: \(isOverSoon): \(outcomes)")
        }
    }
}
