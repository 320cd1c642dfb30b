/// The vendor's turn: it has no name, begins by itself when something was asked, and ends in several steps.
struct GeminiLiveTurn: Sendable, Equatable {
    enum Phase: Sendable, Equatable {
        case idle
        /// An answer was asked for, and nothing of it has come.
        case asked
        case speaking
        /// All of its sound has come; what it cost, and the last of its words, may come until then.
        case spoken(until: Duration)
    }

    /// The end of the turn before, which the vendor has not told yet.
    enum Owed: Sendable, Equatable {
        case nothing
        /// The vendor waits until the last sound would have been played.
        case afterItsSound
        /// What still comes is of the turn that was interrupted.
        case afterInterruption
    }

    private(set) var phase = Phase.idle
    private(set) var owed = Owed.nothing

    mutating func ask() { phase = .asked }

    /// A piece of an answer has come.
    ///
    /// - Returns: whether it is of the answer that is wanted, and whether it is the first of it.
    mutating func piece() -> (isWanted: Bool, isFirst: Bool) {
        guard owed != .afterInterruption else { return (false, false) }
        switch phase {
        case .idle: return (false, false)
        case .speaking, .spoken: return (true, false)
        case .asked:
            (phase, owed) = (.speaking, .nothing)
            return (true, true)
        }
    }

    /// - Returns: whether that is the end of this answer's sound.
    mutating func generated(until deadline: Duration) -> Bool {
        guard phase == .speaking || phase == .asked && owed == .nothing else { return false }
        phase = .spoken(until: deadline)
        return true
    }

    /// - Returns: whether this answer ends by it.
    mutating func interrupted() -> Bool {
        switch phase {
        case .speaking,
            .asked where owed == .nothing:
            (phase, owed) = (.idle, .afterInterruption)
            return true
        case .spoken:
            (phase, owed) = (.idle, .afterItsSound)
            return true
        case .idle, .asked: return false
        }
    }

    /// - Returns: whether this answer ends by it.
    mutating func completed() -> Bool {
        guard owed == .nothing else {
            owed = .nothing
            return false
        }
        defer { phase = .idle }
        return phase != .idle
    }

    /// The answer calls tools, or its end need not be waited for any longer.
    ///
    /// - Returns: whether there was an answer.
    mutating func end() -> Bool {
        guard phase != .idle else { return false }
        (phase, owed) = (.idle, .afterItsSound)
        return true
    }

    /// Nobody waits for what an answer that is spoken has cost.
    mutating func hurry(now: Duration) {
        if case .spoken = phase { phase = .spoken(until: now) }
    }

    var deadline: Duration? {
        if case .spoken(let until) = phase { until } else { nil }
    }
}
