package import Foundation

/// Whose call an account at a carrier begins next: of campaigns as many as the rate allows, and before them those that somebody
/// waits for on the line, in the order in which they came. A value with time as an argument.
package struct CallTurns: Sendable {
    /// A place in the queue.
    package struct Ticket: Sendable, Hashable {
        fileprivate let number: Int
    }

    package enum Turn: Sendable, Equatable {
        /// It is taken: the call begins now.
        case now
        /// To be asked for again then.
        case later(Date)
        /// It would come too late; the place is given up.
        case tooLate
    }

    private var window: RateWindow
    private var queue: [(ticket: Ticket, until: Date)] = []
    private var count = 0
    /// Calls taken since the first one that was decided about and has not left.
    private var unmoved = 0
    private var lastTaken = Date.distantPast

    /// - Parameter window: what the account allows.
    package init(_ window: RateWindow) { self.window = window }

    /// How long a call counts.
    package var memory: TimeInterval { window.memory }

    /// Calls that somebody waits for on the line.
    package var waiting: Int { queue.count }

    /// How many calls may begin now that nobody waits for.
    package mutating func available(_ now: Date) -> Int { max(0, window.available(now) - queue.count) }

    /// A call is decided about that nobody waits for; it leaves at the next ``begin(_:)``.
    package mutating func take(_ now: Date) {
        unmoved += 1
        window.take(now)
        lastTaken = now
    }

    /// Whether calls that nobody waits for were decided about here so lately that they still count: then no other node does.
    package func isCampaigning(_ now: Date) -> Bool { lastTaken > now - 2 * window.memory }

    /// What other nodes have begun lately, in place of what was known of that before.
    package mutating func know(others moments: [Date]) { window.know(others: moments) }

    /// What was decided about since the last time begins now.
    package mutating func begin(_ now: Date) {
        // Those of the queue that came in between count from now on, too: never less than there were in any second.
        window.move(unmoved, to: now)
        unmoved = 0
    }

    /// Counts what somebody else has begun before.
    package mutating func note(_ moments: [Date]) { window.note(moments) }

    /// A call that somebody waits for on the line.
    ///
    /// - Parameter until: when it must have begun.
    /// - Returns: nil where its turn would come later, as far as can be told now.
    package mutating func enter(_ now: Date, until: Date) -> Ticket? {
        guard window.next(after: now, behind: queue.count) <= until else { return nil }
        count += 1
        let ticket = Ticket(number: count)
        queue.append((ticket, until))
        return ticket
    }

    /// Whether the turn has come.
    package mutating func turn(of ticket: Ticket, _ now: Date) -> Turn {
        guard let place = queue.firstIndex(where: { $0.ticket == ticket }) else { return .tooLate }
        if place < window.available(now) {
            queue.remove(at: place)
            if unmoved > 0 { unmoved += 1 }
            window.take(now)
            return .now
        }
        let next = window.next(after: now, behind: place)
        guard next <= queue[place].until else {
            queue.remove(at: place)
            return .tooLate
        }
        return .later(next)
    }

    /// The call is not wanted any more.
    package mutating func leave(_ ticket: Ticket) { queue.removeAll { $0.ticket == ticket } }
}
