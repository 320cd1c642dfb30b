import Foundation
import Store
import Testing

@testable import Service

@Suite("Whether a call goes on on another node")
struct ResumptionRuleTests {
    private static let rule = ResumptionRule(node: "n2", name: "beta", isShared: true)
    private static let now = Date(timeIntervalSince1970: 1_796_230_800)

    private static func call(_ change: (inout CallRecord) -> Void = { _ in }) -> CallRecord {
        var call = CallRecord(
            id: "c1", carrier: "twilio", carrierCallID: "CA1", direction: .inbound, from: "+15550100",
            to: "+15550199", agent: "a", agentVersion: "1", startedAt: now, node: "n1")
        change(&call)
        return call
    }

    private static func holder(_ state: NodeRecord.State = .open, name: String = "alpha") -> NodeRecord {
        NodeRecord(id: "n1", name: name, version: "1", state: state, startedAt: now, capacity: 10)
    }

    private static func verdict(
        _ request: ResumptionRule.Request, _ call: CallRecord?, _ holder: NodeRecord?,
        by rule: ResumptionRule = rule
    ) -> ResumptionRule.Verdict { rule.verdict(on: request, of: call, holder: holder) }

    @Test("a call of a node that is known to be dead goes on, whatever the carrier asks")
    func dead() {
        for request in [ResumptionRule.Request.fallback, .afterStream] {
            for state in [NodeRecord.State.lost, .closed] {
                #expect(Self.verdict(request, Self.call(), Self.holder(state)) == .resume)
            }
            // Of two nodes of one name the earlier one is no more.
            #expect(Self.verdict(request, Self.call(), Self.holder(name: "beta")) == .resume)
            // Forgotten by now.
            #expect(Self.verdict(request, Self.call(), nil) == .resume)
            let ended = Self.call { ($0.endedAt, $0.endReason) = (Self.now, Store.lostReason) }
            #expect(Self.verdict(request, ended, Self.holder(.lost)) == .resume)
            let alone = ResumptionRule(node: "n2", name: "beta", isShared: false)
            #expect(Self.verdict(request, Self.call(), Self.holder(), by: alone) == .resume)
        }
    }

    @Test("of a node that may be alive only the fallback takes a call, and only if it does not end meanwhile")
    func alive() {
        #expect(Self.verdict(.fallback, Self.call(), Self.holder()) == .resumeUnlessEnded)
        #expect(Self.verdict(.fallback, Self.call(), Self.holder(.draining)) == .resumeUnlessEnded)
        #expect(Self.verdict(.afterStream, Self.call(), Self.holder()) == .end(reason: "its node lives"))
    }

    @Test("a call that nobody knows begins; one that is over, of this node or placed by us does not go on")
    func others() {
        #expect(Self.verdict(.fallback, nil, nil) == .begin)
        #expect(Self.verdict(.afterStream, nil, nil) == .end(reason: "nobody knows the call"))
        for request in [ResumptionRule.Request.fallback, .afterStream] {
            let over = Self.call { ($0.endedAt, $0.endReason) = (Self.now, "caller hung up") }
            #expect(Self.verdict(request, over, Self.holder(.lost)) == .end(reason: "the call is over"))
            let own = Self.call { $0.node = "n2" }
            #expect(Self.verdict(request, own, nil) == .end(reason: "its stream broke on this node"))
            let placed = Self.call { $0.direction = .outbound }
            #expect(Self.verdict(request, placed, Self.holder(.lost)) == .end(reason: "it is a call that we placed"))
        }
    }
}
