import Networking
import Testing

@testable import Service

@Suite("The desk of calls")
struct CallDeskTests {
    private func call(_ id: String) -> CallDesk.Expected {
        CallDesk.Expected(callID: id, agent: "receptionist", from: "", to: "", expires: .zero)
    }

    @Test("an announced call keeps its place until its stream comes or its time is over")
    func places() {
        let desk = CallDesk(maximumCalls: 2, reservation: .seconds(60))
        #expect(desk.expect(carrierCallID: "a", call("1"), now: .seconds(0)) == nil)
        #expect(desk.expect(carrierCallID: "b", call("2"), now: .seconds(10)) == nil)
        #expect(desk.expect(carrierCallID: "c", call("3"), now: .seconds(20)) == .full)
        #expect(desk.refusal(of: call("5"), now: .seconds(20)) == .full)
        // The same webhook again announces the same call.
        #expect(desk.expect(carrierCallID: "a", call("4"), now: .seconds(20)) == nil)
        #expect(desk.take(carrierCallID: "b", now: .seconds(30))?.callID == "2")
        #expect(desk.take(carrierCallID: "b", now: .seconds(31)) == nil)
        #expect(desk.take(carrierCallID: "a", now: .seconds(61)) == nil)
        #expect(desk.refusals == [.full: 2, .late: 0, .stopping: 0, .repeated: 0, .stopped: 0])
    }

    @Test("a line whose caller does not come is free for those who only look, too, and for who was not announced")
    func absence() {
        let desk = CallDesk(maximumCalls: 1, reservation: .seconds(60))
        #expect(desk.expect(carrierCallID: "a", call("1"), now: .zero) == nil)
        #expect(desk.freeLines(now: .seconds(59)) == 0 && desk.linesInUse(now: .seconds(59)) == 1)
        #expect(desk.refusal(of: call("2"), now: .seconds(59)) == .full)
        #expect(desk.freeLines(now: .seconds(60)) == 1 && desk.linesInUse(now: .seconds(60)) == 0)
        #expect(desk.refusal(of: call("2"), now: .seconds(60)) == nil)
        // Nothing came of it.
        desk.refused(callID: "2")
        desk.keepLines(for: 1)
        #expect(desk.freeLines(now: .seconds(60)) == 0)
    }

    @Test("a call that was taken for its stream has a line also before it has begun, announced or not")
    func beginning() {
        let desk = CallDesk(maximumCalls: 2, reservation: .seconds(60))
        #expect(desk.expect(carrierCallID: "a", call("1"), now: .zero) == nil)
        #expect(desk.take(carrierCallID: "a", now: .seconds(1))?.callID == "1")
        #expect(desk.linesInUse(now: .seconds(1)) == 1 && desk.freeLines(now: .seconds(1)) == 1)
        #expect(desk.refusal(of: call("2"), now: .seconds(1)) == nil)
        #expect(desk.linesInUse(now: .seconds(1)) == 2 && desk.openCount(now: .seconds(1)) == 2)
        #expect(desk.refusal(of: call("3"), now: .seconds(1)) == .full)
        #expect(desk.expect(carrierCallID: "b", call("4"), now: .seconds(1)) == .full)
        for id in ["1", "1", "2"] { desk.refused(callID: id) }
        #expect(desk.linesInUse(now: .seconds(1)) == 0 && desk.openCount(now: .seconds(1)) == 0)
        #expect(desk.expect(carrierCallID: "b", call("4"), now: .seconds(1)) == nil)
    }

    @Test("late media threads take no new call, and take calls again when they have caught up")
    func lateness() {
        let desk = CallDesk(maximumCalls: 10)
        let isLate = Lock(true)
        desk.refuseWhile { isLate.withLock(\.self) }
        #expect(desk.expect(carrierCallID: "a", call("1"), now: .zero) == .late)
        #expect(desk.refusal(of: call("2"), now: .zero) == .late)
        isLate.withLock { $0 = false }
        #expect(desk.expect(carrierCallID: "a", call("1"), now: .zero) == nil)
        #expect(desk.refusals[.late] == 2)
    }

    @Test("where a caller is sent is kept until the carrier asks, or has had time to; a hang-up is not kept at all")
    func afterwards() {
        let desk = CallDesk(maximumCalls: 10)
        for id in 0..<1000 { desk.decide(.hangUp, carrierCallID: "h\(id)", now: .zero) }
        #expect(desk.transferCount == 0)
        #expect(desk.takeAfterwards(carrierCallID: "h1", now: .zero) == .hangUp)

        for id in ["a", "b", "c", "d"] {
            desk.decide(.transfer(.number("+1555010\(id.count)")), carrierCallID: id, now: .zero)
        }
        #expect(desk.takeAfterwards(carrierCallID: "a", now: .seconds(2)) == .transfer(.number("+15550101")))
        #expect(desk.takeAfterwards(carrierCallID: "a", now: .seconds(3)) == .hangUp)
        desk.decide(.hangUp, carrierCallID: "b", now: .seconds(4))
        #expect(desk.takeAfterwards(carrierCallID: "b", now: .seconds(5)) == .hangUp)
        #expect(desk.takeAfterwards(carrierCallID: "c", now: .seconds(300)) == .hangUp)
        // A carrier that never asks leaves nothing behind.
        #expect(desk.transferCount == 1)
        desk.decide(.hangUp, carrierCallID: "e", now: .seconds(301))
        #expect(desk.transferCount == 0)
    }

    @Test("a closed desk takes nobody new, and lets in who was told to come")
    func closed() {
        let desk = CallDesk(maximumCalls: 10)
        #expect(desk.expect(carrierCallID: "a", call("1"), now: .zero) == nil)
        desk.close()
        #expect(desk.expect(carrierCallID: "b", call("2"), now: .zero) == .stopping)
        #expect(desk.openCount(now: .seconds(1)) == 1)
        #expect(desk.take(carrierCallID: "a", now: .seconds(1))?.callID == "1")
        // They have come, and are on the line in a moment.
        #expect(desk.openCount(now: .seconds(1)) == 1)
        desk.refused(callID: "1")
        #expect(desk.openCount(now: .seconds(1)) == 0)
    }
}
