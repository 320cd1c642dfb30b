import Foundation
import Logging
import Networking
import Testing

@testable import Service

@Suite("The desk of calls that come in")
struct InboundDeskTests {
    private static let (caller, office) = ("+12127365001", "+12127365000")
    private static let start = Duration.seconds(1_800_000_000)

    @Test("who waits for a line is not refused one; who finds no room to wait is", arguments: [false, true])
    func refusals(isLate: Bool) throws {
        var configuration = ParleyConfiguration()
        configuration.inbound.overload = .queue
        configuration.inbound.queueLength = 1
        let inbound = try InboundDesk(
            configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let desk = CallDesk(maximumCalls: isLate ? 9 : 1)
        let reason: CallDesk.Refusal = isLate ? .late : .full
        // The first has a line, the second one waits, and there is no room for the third.
        for (index, refused) in [0, 0, 1].enumerated() {
            let reply = inbound.announce(
                "CA\(index)", over: "twilio", from: Self.caller, to: Self.office, on: desk, now: Self.start)
            #expect((reply == nil) == (index == 0))
            #expect(desk.waitingCount == min(index, 1))
            #expect(desk.refusals[reason] == refused)
            desk.refuseWhile { isLate }
        }
        // Nobody waits where the service stops.
        desk.close()
        let last = inbound.announce(
            "CA9", over: "twilio", from: Self.caller, to: Self.office, on: desk, now: Self.start)
        #expect(last != nil && desk.refusals[.stopping] == 1)
        #expect(desk.refusals.values.reduce(0, +) == 2)
    }

    @Test("whoever hangs up while a line is given to them leaves the queue once: they had the line")
    func once() async throws {
        var configuration = ParleyConfiguration()
        configuration.inbound.overload = .queue
        let inbound = try InboundDesk(
            configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let desk = CallDesk(maximumCalls: 1, reservation: .seconds(10))
        for (id, isAnswered) in [("CA1", true), ("CA2", false)] {
            let reply = inbound.announce(
                id, over: "twilio", from: Self.caller, to: Self.office, on: desk, now: Self.start)
            #expect((reply == nil) == isAnswered)
        }
        // The first one does not come.
        let later = Self.start + .seconds(11)
        let hungUp = Flag()
        // Asked in the middle of the decision.
        desk.refuseWhile {
            Thread.detachNewThread {
                inbound.hungUp("CA2", on: desk, now: later)
                hungUp.set()
            }
            Thread.sleep(forTimeInterval: 0.1)
            return false
        }
        let reply = await inbound.takeAnswer(
            InboundDesk.KeyAnswer(subject: .queue, round: 1, key: nil), of: "CA2", over: "twilio", from: Self.caller,
            to: Self.office, on: desk, now: later)
        #expect(reply == nil)
        while !hungUp.isSet { try await Task.sleep(for: .milliseconds(1)) }
        desk.refuseWhile { false }
        let left = inbound.state.withLock { $0.queue.left }
        #expect(left[.answered] == 1 && left[.gaveUp] == 0)
        #expect(desk.waitingCount == 0 && desk.linesInUse(now: later) == 1)
    }
}
