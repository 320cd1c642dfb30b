/// How much of a session's audio has been played, as far as the one who passes it on can tell: it is played in the order in
/// which it comes, at the pace of time, from the moment it is there.
///
/// What a caller really heard is known to the playout alone. This is for vendors that want a position when they are
/// interrupted, and are better off with one that is some tenths of a second away than with none.
struct PlayedEstimate: Sendable, Equatable {
    /// Passed on since the session began.
    private var delivered = Duration.zero
    private var played = Duration.zero
    private var lastLook = Duration.zero

    init() {}

    /// So much audio has come.
    mutating func add(_ length: Duration, now: Duration) {
        look(now)
        delivered += length
    }

    /// What is not yet played will not be.
    ///
    /// - Returns: how much has been.
    mutating func cut(now: Duration) -> Duration {
        look(now)
        delivered = played
        return played
    }

    private mutating func look(_ now: Duration) {
        played = min(delivered, played + (now - lastLook))
        lastLook = now
    }
}
