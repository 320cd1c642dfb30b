/// Where caller audio belongs on the call's clock.
///
/// The carrier stamps its audio, and the stamps do not jitter; the first frame ties them to the call's clock. No two clocks
/// agree for long, so the tie is moved as they drift apart: by what even the promptest frame of some seconds was late, or
/// early. That is heard in a recording as a gap, so it waits for a pause of the caller, unless it cannot.
struct CallerClock: Sendable {
    private var base: Int?
    private var firstTimestamp = 0
    private var received = 0
    /// How late the promptest frame since ``looked`` was; less than 0 for early.
    private var leastLate = Int.max
    private var looked = 0
    /// What the clocks have drifted apart by when that was looked at last.
    private var drift = 0
    /// The same of the last second: a way through the network that has become longer.
    private var recent = (leastLate: Int.max, since: 0)

    /// Audio without stamps that is further than this from when it came: the peer had paused, or caught up.
    private static let tolerance = 1600
    /// How long the promptest frame is looked for: 5 s, longer than what holds a line up.
    private static let look = 40_000
    /// What every frame of a second was late by is no jitter: 100 ms.
    private static let detour = (late: 800, look: 8000)
    /// What two clocks may differ by while the caller is silent, and while they speak: 5 and 40 ms. Clocks that differ by 500
    /// millionths do so after ten seconds and after eighty.
    private static let tolerated = (silent: 40, speaking: 320)

    /// The position of a payload's first sample.
    ///
    /// - Parameters:
    ///   - timestamp: the carrier's, in ms since the stream began; nil counts what has arrived.
    ///   - count: samples in the payload.
    ///   - now: samples on the call's clock.
    ///   - isSpeaking: whether the caller speaks, so that it had better not be moved.
    mutating func place(timestamp: Int?, count: Int, now: Int, isSpeaking: Bool = false) -> Int {
        defer { received += count }
        let arrival = max(now - count, 0)
        guard let base else {
            base = arrival
            firstTimestamp = timestamp ?? 0
            restart(at: now)
            return arrival
        }
        var start = base + (timestamp.map { ($0 - firstTimestamp) * 8 } ?? received)
        if timestamp == nil, abs(arrival - start) > Self.tolerance {
            start = arrival
            self.base = arrival - received
            restart(at: now)
        }
        // A stamp that is seconds away from the clock is nonsense; arrival then says more.
        guard abs(start - now) < 40_000 else { return arrival }
        follow(late: arrival - start, now: now, isSpeaking: isSpeaking)
        return start
    }

    /// Ties the carrier's clock to the call's anew where they have drifted apart.
    private mutating func follow(late: Int, now: Int, isSpeaking: Bool) {
        leastLate = min(leastLate, late)
        if now - looked >= Self.look {
            drift = leastLate
            leastLate = .max
            looked = now
        }
        recent.leastLate = min(recent.leastLate, late)
        if now - recent.since >= Self.detour.look {
            if recent.leastLate >= Self.detour.late { drift = recent.leastLate }
            recent = (.max, now)
        }
        guard abs(drift) >= (isSpeaking ? Self.tolerated.speaking : Self.tolerated.silent) else { return }
        base? += drift
        restart(at: now)
    }

    private mutating func restart(at now: Int) {
        drift = 0
        leastLate = .max
        looked = now
        recent = (.max, now)
    }
}
