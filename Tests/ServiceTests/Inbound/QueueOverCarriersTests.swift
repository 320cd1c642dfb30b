import Emulators
import Foundation
import Store
import Testing

@testable import Service

/// The whole loop: the carrier speaks and waits for keys, and our answers say what comes next.
@Suite("Callers who wait for a line of every carrier", .serialized)
struct QueueOverCarriersTests {
    private typealias Carrier = WarmTransferUnderTest.Carrier

    private static let office = "+12127365000"
    private static let numbers = (
        talking: "+12127365001", waiting: "+12127365002", calledBack: "+12127365003", leaving: "+12127365004"
    )

    @Test("the second in line is called back, one hangs up, and the first one gets the agent when the line ends")
    func loop() async {
        await Carrier.overEach { try await Self.loop(over: $0) }
    }

    private static func setup(_ carrier: Carrier) -> WarmTransferUnderTest {
        var setup = WarmTransferUnderTest(.noAnswer, as: carrier)
        setup.configure = { configuration in
            try? FileManager.default.copyItem(
                at: ServiceUnderTest.shippedAgents.appending(path: "reminder.yaml"),
                to: URL(filePath: configuration.agents.directory).appending(path: "reminder.yaml"))
            configuration.calls.maximum = 1
            configuration.callbacks.agent = "reminder"
            configuration.callbacks.seller = "Lakeside Clinic"
            configuration.callbacks.callerID = "+12127365999"
            configuration.inbound.overload = .queue
            configuration.inbound.queuePause = .seconds(5)
            configuration.inbound.queuePosition = "Number {position}."
            configuration.inbound.queueCallback = true
            configuration.inbound.queueCallbackOffer = "Press 1."
            configuration.inbound.queueCallbackPromised = "We call."
        }
        return setup
    }

    private static func loop(over carrier: Carrier) async throws {
        let setup = setup(carrier)
        try await setup.run { test, sandbox, _ in
            let base = setup.base(of: test)
            let voice = "\(base)/voice"
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await sandbox.ring(
                        from: numbers.talking, to: office, at: voice, as: .hangsUp(after: .seconds(8)))
                }
                try await test.waitUntil("the line is taken, over \(carrier)") {
                    try await test.metric("parley_lines_in_use") == 1
                }
                group.addTask {
                    await sandbox.ring(
                        from: numbers.waiting, to: office, at: voice, as: .hangsUp(after: .seconds(1)))
                }
                try await test.waitUntil("one waits, over \(carrier)") {
                    try await test.metric("parley_callers_waiting") == 1
                }
                await sandbox.ring(
                    from: numbers.leaving, to: office, at: voice, as: .hangsUp(after: .seconds(1)),
                    answers: [.hangsUp], news: "\(base)/status")
                await sandbox.ring(
                    from: numbers.calledBack, to: office, at: voice, as: .hangsUp(after: .seconds(1)),
                    answers: [.presses("1")])
                try await group.waitForAll()
            }
            func acts(of number: String) throws -> [String] {
                try #require(sandbox.calls.first { $0.from == number }, "\(carrier)").acts
            }
            let calledBack = try acts(of: numbers.calledBack)
            #expect(calledBack == ["said: Number 2. Press 1.", "pressed 1", "said: We call."], "\(carrier)")
            let leaving = try acts(of: numbers.leaving)
            #expect(leaving == ["said: Number 2. Press 1.", "hung up"], "\(carrier)")
            let waiting = try acts(of: numbers.waiting)
            #expect(waiting.first == "said: Number 1. Press 1.", "\(carrier): \(waiting)")
            // Answered by the agent, not by the carrier alone.
            #expect(
                waiting.contains("hung up") && waiting.contains { $0.hasPrefix("line closed") },
                "\(carrier): \(waiting)")
            #expect(sandbox.failedCallbacks == 0, "\(carrier)")
            let page = try await test.ask("/metrics").text
            for outcome in ["answered", "callback", "gave_up"] {
                #expect(
                    page.contains("parley_callers_waited_total{outcome=\"\(outcome)\"} 1"), "\(carrier): \(outcome)")
            }
            #expect(page.contains("parley_callers_waiting 0"), "\(carrier)")
        } afterwards: { store in
            let callbacks = try await store.callbacks()
            #expect(callbacks.map(\.number) == [numbers.calledBack], "\(carrier)")
            #expect(callbacks.map(\.state) == [.queued], "\(carrier)")
            let calls = try await store.calls().calls
            #expect(Set(calls.map(\.from)) == [numbers.talking, numbers.waiting], "\(carrier)")
            #expect(calls.count == 2 && Set(calls.map(\.agent)) == ["desk"], "\(carrier)")
        }
    }
}
