import Foundation
import Store
import Testing

@testable import Service

@Suite("What becomes of calls while agents are stopped")
struct StopRulesTests {
    private static func stop(
        _ agent: String?, ends: Bool = true, escalates: Bool = false, at seconds: Double = 0
    ) -> AgentStop {
        AgentStop(
            agent: agent, endsCalls: ends, escalates: escalates, stoppedAt: Date(timeIntervalSince1970: seconds),
            stoppedBy: "ann")
    }

    @Test("one agent's stop is no other's, all agents' is everybody's, and a refusal outweighs")
    func fates() {
        let one = StopRules(stops: [Self.stop("a"), Self.stop("b", escalates: true)])
        #expect(one.fate(of: "a") == .refused && one.fate(of: "b") == .sentOn && one.fate(of: "c") == .taken)
        #expect(one.fate(of: "b", isPlaced: true) == .refused && one.fate(of: "c", isPlaced: true) == .taken)
        let all = StopRules(stops: [Self.stop(nil, escalates: true), Self.stop("a")])
        #expect(all.fate(of: "a") == .refused && all.fate(of: "c") == .sentOn)
    }

    @Test("what goes on with a call of before is left where those are left, and is new where they are ended")
    func begun() {
        let rules = StopRules(stops: [Self.stop("a", ends: false), Self.stop("b"), Self.stop("c", escalates: true)])
        #expect(rules.fate(of: "a") == .refused && rules.fate(of: "a", hasBegun: true) == .taken)
        #expect(rules.fate(of: "b", hasBegun: true) == .refused && rules.fate(of: "c", hasBegun: true) == .sentOn)
    }

    @Test("calls are ended once where new ones are sent on, and as long as any is there where they are refused")
    func ending() {
        let (refusing, sending) = (Self.stop("a"), Self.stop("b", escalates: true))
        let rules = StopRules(stops: [refusing, sending, Self.stop("c", ends: false)])
        #expect(rules.ending(since: StopRules()) == [refusing, sending])
        #expect(rules.ending(since: rules) == [refusing])
        let again = Self.stop("b", escalates: true, at: 60)
        #expect(StopRules(stops: [again]).ending(since: rules) == [again])
    }

    @Test("a desk refuses what is stopped, counts it, and forgets what was announced and has not begun")
    func desk() {
        let desk = CallDesk(maximumCalls: 5)
        func call(_ agent: String) -> CallDesk.Expected {
            CallDesk.Expected(callID: agent, agent: agent, from: "", to: "", expires: .zero)
        }
        let before = desk.expect(carrierCallID: "1", call("a"), now: .zero)
        desk.follow(StopRules(stops: [Self.stop("a"), Self.stop("b", escalates: true)]))
        let (a, b, c) = (
            desk.expect(carrierCallID: "2", call("a"), now: .zero),
            desk.expect(carrierCallID: "3", call("b"), now: .zero),
            desk.expect(carrierCallID: "4", call("c"), now: .zero)
        )
        #expect(before == nil && a == .stopped && b == nil && c == nil)
        #expect(desk.take(carrierCallID: "1", now: .zero) == nil && desk.refusals[.stopped] == 2)
        #expect(desk.sendsOn(call("b")) && !desk.sendsOn(call("a")) && !desk.sendsOn(call("c")))
        #expect(desk.speaks("c", on: call("d")) && desk.speaks("b", on: call("b")))
        #expect(!desk.speaks("a", on: call("d")) && !desk.speaks("b", on: call("d")))
        desk.follow(StopRules())
        let after = desk.expect(carrierCallID: "5", call("a"), now: .zero)
        #expect(after == nil)
    }
}
