import Campaigns
import Foundation
import Networking

/// How fast calls begin at one account with a carrier, whoever of this process places them.
package final class CallRate: Sendable {
    /// How a wait for a turn ended.
    enum Turn: Sendable, Equatable {
        case now
        /// It would have come too late.
        case tooLate
        /// Nobody wants the call any more.
        case unwanted
    }

    /// From the decision to the carrier's own clock.
    private static let margin: TimeInterval = 0.1
    /// How soon it is noticed that a call is not wanted any more.
    private static let longestPause: TimeInterval = 0.25

    private let turns: Lock<CallTurns>

    /// - Parameter callsPerSecond: that the carrier begins for the account, over all that places calls there.
    package init(callsPerSecond: Double) {
        turns = Lock(CallTurns(RateWindow(rate: callsPerSecond, margin: Self.margin)))
    }

    /// How long a call counts.
    var memory: TimeInterval { turns.withLock { $0.memory } }

    /// How many calls of campaigns may begin now; those that callers wait for on the line come first.
    func available(_ now: Date) -> Int { turns.withLock { $0.available(now) } }

    /// A campaign's call is decided about; it leaves at the next ``begin(_:)``.
    func take(_ now: Date) { turns.withLock { $0.take(now) } }

    /// What campaigns have decided about since the last time begins now.
    func begin(_ now: Date) { turns.withLock { $0.begin(now) } }

    /// Counts what somebody else has begun before.
    func note(_ moments: [Date]) { turns.withLock { $0.note(moments) } }

    /// Waits until a call may begin that somebody waits for on the line, and takes its turn.
    ///
    /// - Parameters:
    ///   - patience: how long it may take. Where it would take longer this says so at once.
    ///   - isWanted: asked a few times a second; must be quick.
    func turn(within patience: Duration, isWanted: @Sendable () -> Bool) async -> Turn {
        let now = Date()
        guard let ticket = turns.withLock({ $0.enter(now, until: now + patience / .seconds(1)) }) else {
            return .tooLate
        }
        while isWanted(), !Task.isCancelled {
            let now = Date()
            switch turns.withLock({ $0.turn(of: ticket, now) }) {
            case .now: return .now
            case .tooLate: return .tooLate
            case .later(let next):
                let pause = min(max(next.timeIntervalSince(now), 0.001), Self.longestPause)
                try? await Task.sleep(for: .seconds(pause))
            }
        }
        turns.withLock { $0.leave(ticket) }
        return .unwanted
    }
}
