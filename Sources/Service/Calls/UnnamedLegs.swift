import Foundation
import Store
import Telephony

/// Which call of a carrier's list is that of a leg whose name the carrier never told; a value.
///
/// Several legs may have been asked for between the same numbers within a moment. Nobody waits for any of them, so that it does
/// not matter whose a call is, as long as every one of them is somebody's of these: then each leg gets one, and all are ended.
/// Where there are more calls than such legs, or somebody waits for one of the legs, no call can be told from one that must go
/// on, and none is: rather one that rings on than somebody else's that is ended.
enum UnnamedLegs {
    /// How much earlier than it was stored a call may have been made, by the carrier's clock.
    private static let clockSlack: TimeInterval = 5
    /// How much later: what store and carrier may take to answer, and the carrier's clock. Whatever begins between the same
    /// numbers after that is somebody else's.
    private static let longestAsking: TimeInterval = 60

    /// Nothing that was begun before is the call of that leg.
    static func earliest(of leg: PersonLegRecord) -> Date { leg.askedAt - clockSlack }

    /// - Parameters:
    ///   - legs: all that are known.
    ///   - calls: between the numbers of the leg, as the carrier lists them, that are not over and known to be nobody else's.
    /// - Returns: nil where there is none, or none that can be told from others.
    static func call(of leg: PersonLegRecord, among legs: [PersonLegRecord], in calls: [CarrierCall]) -> CarrierCall? {
        let rivals = legs.filter { $0.carrierCallID == nil && $0.isAsAsked(as: leg) }
        guard rivals.allSatisfy({ $0.id == leg.id || $0.tries > 0 }) else { return nil }
        var left = calls.filter { !$0.status.isTerminal }.sorted { begun($0, for: leg) < begun($1, for: leg) }
        var taken: [(leg: PersonLegRecord, call: CarrierCall)] = []
        // The windows are equally long: the first call that fits the oldest leg leaves the most to the others.
        for rival in rivals.sorted(by: { ($0.askedAt, $0.id) < ($1.askedAt, $1.id) }) {
            guard let place = left.firstIndex(where: { fits($0, rival, as: leg) }) else { continue }
            taken.append((rival, left.remove(at: place)))
        }
        // One is left over that may be the call of any leg that it fits: then the call which that leg has taken may be
        // somebody else's as well, or that of a further leg, which leaves over what that one has taken, and so on.
        while let call = left.popLast() {
            left += taken.filter { fits(call, $0.leg, as: leg) }.map { $0.call }
            taken.removeAll { fits(call, $0.leg, as: leg) }
        }
        return taken.first { $0.leg.id == leg.id }?.call
    }

    private static func fits(_ call: CarrierCall, _ leg: PersonLegRecord, as seeker: PersonLegRecord) -> Bool {
        (earliest(of: leg)...(leg.askedAt + longestAsking)).contains(begun(call, for: seeker))
    }

    /// A carrier that does not say when it was asked was asked for what this leg is looked for in.
    private static func begun(_ call: CarrierCall, for leg: PersonLegRecord) -> Date {
        call.created ?? earliest(of: leg)
    }
}

extension PersonLegRecord {
    /// Whether the carrier's list cannot tell them apart.
    fileprivate func isAsAsked(as other: PersonLegRecord) -> Bool {
        carrier == other.carrier && number == other.number && callerID == other.callerID
    }
}
