/// How much of an account may be used at a time: streams that are open, and requests a second. A value; `now` is time since
/// any moment that stays the same.
///
/// Who comes when all is in use waits, in the order of coming, for so long and no longer; another provider can serve them.
package struct AccountLimit: Sendable {
    package struct Settings: Sendable, Equatable {
        /// At once; nil for any number.
        package var streams: Int?
        /// Begun in a second, which is also how many may begin at once; nil for any number.
        package var requestsPerSecond: Int?
        /// Nobody waits longer. Less than a voice may take before the next one is asked.
        package var longestWait = Duration.milliseconds(700)

        package init(streams: Int? = nil, requestsPerSecond: Int? = nil) {
            self.streams = streams
            self.requestsPerSecond = requestsPerSecond
        }
    }

    package enum Verdict: Sendable, Equatable {
        case admitted(Int)
        case refused(Int)
    }

    private let settings: Settings
    /// Streams in use.
    package private(set) var inUse = 0
    private var waiting: [(id: Int, until: Duration)] = []
    /// Requests that may begin now.
    private var allowance: Double
    private var refilled = Duration.zero

    package init(_ settings: Settings) {
        self.settings = settings
        allowance = Double(settings.requestsPerSecond ?? 0)
    }

    package var waitingCount: Int { waiting.count }

    /// Whether somebody who wants to begin at once could.
    package mutating func couldEnter(now: Duration) -> Bool {
        refill(now)
        return waiting.isEmpty && hasRoom
    }

    /// Somebody wants to begin at once, or not at all.
    package mutating func tryEnter(now: Duration) -> Bool {
        guard couldEnter(now: now) else { return false }
        take()
        return true
    }

    /// Somebody wants to begin at once who may be late: only where a part stays free for those who may not, as far as the account
    /// bears more than one.
    package mutating func tryEnterAside(now: Duration) -> Bool {
        refill(now)
        guard waiting.isEmpty, hasRoomAside else { return false }
        take()
        return true
    }

    /// Somebody wants to begin, and would wait.
    package mutating func enter(_ id: Int, now: Duration) -> [Verdict] {
        waiting.append((id, now + settings.longestWait))
        return advance(now: now)
    }

    /// Somebody who was admitted has ended.
    package mutating func leave(now: Duration) -> [Verdict] {
        inUse = max(inUse - 1, 0)
        return advance(now: now)
    }

    /// Somebody does not wait any more.
    package mutating func giveUp(_ id: Int) { waiting.removeAll { $0.id == id } }

    /// Admits whom there is room for, and refuses who has waited long enough.
    package mutating func advance(now: Duration) -> [Verdict] {
        refill(now)
        var verdicts: [Verdict] = []
        while let first = waiting.first {
            if hasRoom {
                take()
                verdicts.append(.admitted(first.id))
            } else if first.until <= now {
                verdicts.append(.refused(first.id))
            } else {
                break
            }
            waiting.removeFirst()
        }
        return verdicts
    }

    /// When ``advance(now:)`` should be called next, if nobody leaves before.
    package func nextMoment(now: Duration) -> Duration? {
        guard let first = waiting.first else { return nil }
        guard let rate = settings.requestsPerSecond, hasStream, allowance < 1 else { return first.until }
        let wait = ((1 - allowance) / Double(rate) * 1000).rounded(.up)
        return min(first.until, now + .milliseconds(Int(wait)))
    }

    private var hasStream: Bool { settings.streams.map { inUse < $0 } ?? true }

    private var hasRoom: Bool { hasStream && (settings.requestsPerSecond == nil || allowance >= 1) }

    private var hasRoomAside: Bool {
        guard settings.streams.map({ inUse + Self.kept(of: $0) < $0 }) ?? true else { return false }
        return settings.requestsPerSecond.map { allowance >= Double(1 + Self.kept(of: $0)) } ?? true
    }

    /// What stays free for calls: a quarter, and at least one where there are two.
    private static func kept(of most: Int) -> Int { min(max(most / 4, 1), max(most - 1, 0)) }

    private mutating func take() {
        inUse += 1
        if settings.requestsPerSecond != nil { allowance -= 1 }
    }

    private mutating func refill(_ now: Duration) {
        guard let rate = settings.requestsPerSecond, now > refilled else { return }
        allowance = min(allowance + (now - refilled) / .seconds(1) * Double(rate), Double(rate))
        refilled = now
    }
}
