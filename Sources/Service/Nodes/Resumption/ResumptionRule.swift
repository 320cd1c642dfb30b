import Foundation
import Store

/// Decides whether a call of a carrier goes on here. A value: what the store knows goes in.
struct ResumptionRule: Sendable, Equatable {
    /// What the carrier asks.
    enum Request: Sendable, Equatable {
        /// It has reached nobody where it should: the fallback.
        case fallback
        /// What to do now that the call's stream is over.
        case afterStream
    }

    enum Verdict: Sendable, Equatable {
        /// Nobody knows the call: it has not begun.
        case begin
        case resume
        /// Its node may be alive. Goes on here unless that node ends it in a moment.
        case resumeUnlessEnded
        /// It is over, or not ours to go on with.
        case end(reason: String)
    }

    /// The node that asks.
    let node: String
    /// What it is called: of two nodes of that name the earlier one is no more.
    let name: String
    /// Whether several nodes may work on the database; on a file there is one at a time.
    let isShared: Bool

    /// - Parameters:
    ///   - call: the newest one that the carrier knows by its id.
    ///   - holder: the node that has it.
    func verdict(on request: Request, of call: CallRecord?, holder: NodeRecord?) -> Verdict {
        guard let call else { return request == .fallback ? .begin : .end(reason: "nobody knows the call") }
        // Who was called did not ask for anything: the campaign decides whether they are called again.
        guard call.direction == .inbound else { return .end(reason: "it is a call that we placed") }
        if call.endedAt != nil, call.endReason != Store.lostReason, call.endReason != Store.handedOverReason {
            return .end(reason: "the call is over")
        }
        guard call.node != node else { return .end(reason: "its stream broke on this node") }
        if isDead(holder, of: call) { return .resume }
        // The carrier cannot reach it, which says little where the stream is over as it should be.
        return request == .fallback ? .resumeUnlessEnded : .end(reason: "its node lives")
    }

    private func isDead(_ holder: NodeRecord?, of call: CallRecord) -> Bool {
        // Ended by others: they have found that out.
        guard isShared, call.endedAt == nil else { return true }
        guard let holder else { return call.node != nil }
        return holder.state == .lost || holder.state == .closed || holder.name == name
    }
}
