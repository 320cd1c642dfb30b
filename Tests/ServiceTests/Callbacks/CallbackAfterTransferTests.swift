import Emulators
import Foundation
import Networking
import Store
import Testing

@testable import Service

/// From the wish for a person to the call that was promised in their place: one service, one carrier, real sockets.
@Suite("Callers whom nobody took, and who are called back")
struct CallbackAfterTransferTests {
    private static let caller = "+12127365000"
    private static let callerID = "+12127365999"
    private static let path = """
          - transfer: reception
            say: "I will put you through."
            warm: {hold: "One moment.", every: 5}
          - callback: {after_minutes: 1}
            say: "Nobody can take your call now. We can call you back."
          - hang_up: true
            say: "Please call again tomorrow. Goodbye."
        """

    /// - Parameter folder: with the law's hours and the agent that calls back.
    private static func setup(_ reception: WarmTransferUnderTest.Callee, in folder: URL) -> WarmTransferUnderTest {
        var setup = WarmTransferUnderTest(reception)
        setup.path = path
        setup.callee = { number in
            number == WarmTransferUnderTest.person ? reception : .talks([SpokenClip.saying("yes")])
        }
        setup.configure = { configuration in
            try? FileManager.default.copyItem(
                at: folder.appending(path: "agents/reminder.yaml"),
                to: URL(fileURLWithPath: configuration.agents.directory).appending(path: "reminder.yaml"))
            configuration.campaigns.directory = folder.appending(path: "campaigns").path
            configuration.campaigns.decisionKey = Secret(CampaignUnderTest.decisionKey)
            configuration.campaigns.isCalling = true
            configuration.callbacks.agent = "reminder"
            configuration.callbacks.seller = "Lakeside Clinic"
            configuration.callbacks.callerID = callerID
        }
        return setup
    }

    @Test("the person declines, or does not answer; the caller hears so, takes the callback, and is called")
    func chain() async {
        await WarmTransferTests.both { try await Self.chain(declines: $0) }
    }

    private static func chain(declines: Bool) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-chain-\(UUID().uuidString)")
        try CampaignUnderTest.prepare(folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await Self.setup(declines ? .presses("2", after: .seconds(3)) : .noAnswer, in: folder).run {
            test, carrier, _ in
            let mayGoOn = Lock(false)
            let caller = TestCaller(
                saying: ["can i speak to a person", "yes please"], on: test.loop,
                mayAnswer: { number in number == 0 || mayGoOn.withLock { $0 } })
            caller.dial(try await WarmTransferTests.announce(test, "CA1", from: Self.caller))
            try await test.waitUntil("the caller is back with the agent", within: .seconds(40)) {
                let story = try? await test.service.store.story(ofCarrierCall: "CA1")
                return story?.tools.contains { $0.name == "transfer_warm" && $0.outcome != nil } == true
            }
            // They answer the offer, when the agent has made it.
            mayGoOn.withLock { $0 = true }
            _ = await caller.ended()
            try await test.waitUntil("the promise is stored and handed over") {
                try await test.service.store.callbacks(in: .queued).count == 1
            }
            #expect(!carrier.calls.contains { $0.to == Self.caller }, "declines: \(declines)")
            // A minute later, by the clock on the wall.
            try await test.waitUntil("they are called back", within: .seconds(150)) {
                try await test.service.store.callbacks().first?.contact == "done"
            }
            #expect(carrier.calls.map(\.to) == [WarmTransferUnderTest.person, Self.caller], "declines: \(declines)")
            #expect(carrier.calls.last?.from == Self.callerID)
        } afterwards: { store in
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(story.call.endReason == "a callback was promised")
            let transfer = try #require(story.tools.first { $0.name == "transfer_warm" })
            #expect(transfer.succeeded == false)
            #expect(transfer.outcome?.contains(declines ? "declined" : "unreached") == true, "\(transfer)")
            let reason = declines ? "they cannot take the call now" : "nobody answered"
            #expect(story.incidents.contains { $0.kind == "transfer" && $0.detail == reason }, "\(story.incidents)")
            let said = story.turns.filter { $0.speaker == .agent }.compactMap(\.heard).joined(separator: " ")
            let through = try #require(said.firstRange(of: "I will put you through."))
            let back = try #require(said.firstRange(of: "Nobody can take your call now."), "\(said)")
            #expect(through.upperBound <= back.lowerBound)

            let callback = try #require(try await store.callbacks().first)
            #expect(callback.number == Self.caller && callback.callID == story.call.id)
            #expect(callback.outcome == "reached" && callback.attempts == 1)
            let kept = try await store.calls().calls.filter { $0.direction == .outbound && $0.to == Self.caller }
            #expect(kept.count == 1 && (kept.first.map { $0.startedAt >= callback.dueAt }) == true, "\(kept)")
        }
    }
}
