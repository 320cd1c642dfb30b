package import Foundation

/// Until when the carrier's account is left alone. A value with time as an argument.
///
/// One request without an answer says little: that call alone is looked up. Several in a row say that the carrier is away, and
/// nobody else is called for a while, longer each time. Where the carrier itself asks for a pause it gets one at once.
package struct CarrierRest: Sendable {
    package enum Fault: Sendable, Equatable {
        /// No answer, or no connection.
        case unreachable
        /// It takes no more requests now, for so long if it says so.
        case busy(Duration?)
    }

    /// Requests in a row that may go without an answer.
    package static let tolerated = 2
    /// Until a call that was not placed is tried again, where there is no rest.
    private static let retry: TimeInterval = 2

    /// No requests before this moment.
    package private(set) var until = Date.distantPast
    /// Rests so far; one that only becomes longer is no other.
    package private(set) var count = 0
    private var failures = 0
    private var rests = 0

    package init() {}

    /// The carrier has answered a request, whatever it said.
    package mutating func answered() { (failures, rests) = (0, 0) }

    /// A request has failed.
    ///
    /// - Returns: when what was asked for may be asked for again.
    package mutating func failed(_ fault: Fault, at now: Date) -> Date {
        failures += 1
        switch fault {
        case .busy(let wanted): begin(wanted, now)
        case .unreachable:
            // Requests that were under way when the rest began tell the same news, not more of it.
            if failures > Self.tolerated, now >= until { begin(nil, now) }
        }
        return max(until, now + Self.retry)
    }

    private mutating func begin(_ wanted: Duration?, _ now: Date) {
        // Several that are told to wait at the same time are told once.
        if now >= until {
            rests += 1
            count += 1
        }
        let own = Duration.seconds(1 << min(max(rests, 1), 6))
        until = max(until, now + max(wanted ?? .zero, own) / .seconds(1))
    }
}
