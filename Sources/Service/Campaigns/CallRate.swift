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

    /// Tells when other nodes began calls at the account, as far as the store knows; those of campaigns where they are asked for.
    typealias Others = @Sendable (_ since: Date, _ withCampaigns: Bool) async -> [Date]

    private let turns: Lock<CallTurns>
    private let others: Others?

    /// - Parameters:
    ///   - callsPerSecond: that the carrier begins for the account, over all that places calls there.
    ///   - others: nil where no other node can be.
    init(callsPerSecond: Double, others: Others? = nil) {
        self.others = others
        turns = Lock(CallTurns(RateWindow(rate: callsPerSecond, margin: Self.margin)))
    }

    /// How long a call counts.
    var memory: TimeInterval { turns.withLock { $0.memory } }

    /// Looks what other nodes have begun. Two that look in the same moment may both begin a call; each sees the other's a moment
    /// later.
    ///
    /// - Parameter isDialling: whether this node places the campaigns' calls; nil where it is not known, and the last ones tell.
    func look(_ now: Date, isDialling: Bool? = nil) async {
        guard let others else { return }
        let (since, isOurs) = turns.withLock { (now - $0.memory, isDialling ?? $0.isCampaigning(now)) }
        let moments = await others(since, !isOurs)
        turns.withLock { $0.know(others: moments) }
    }

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
        await look(now)
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
                await look(Date())
            }
        }
        turns.withLock { $0.leave(ticket) }
        return .unwanted
    }
}
