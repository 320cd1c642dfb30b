import Foundation

/// Decides what becomes of a program under way: what is kept of what it writes, when it is killed, and how long its end
/// is waited for. A value; times are arguments.
struct ProcessWatch {
    enum Stream: Int { case output, errors }

    private let limits: ProcessLimits
    private let grace: Duration
    private let patience: Duration
    private var texts: [Stream: Data] = [:]
    private var open: Set<Stream> = [.output, .errors]
    /// When nothing more is waited for, or the next thing is done about it.
    private var until: ContinuousClock.Instant
    private(set) var isGone = false
    /// Why it is killed.
    private(set) var reason: ProcessResult.End?

    /// - Parameters:
    ///   - grace: how long the pipes' ends are waited for when the program is gone.
    ///   - patience: how long the end of one that was killed is waited for.
    init(limits: ProcessLimits, start: ContinuousClock.Instant, grace: Duration, patience: Duration) {
        self.limits = limits
        self.grace = grace
        self.patience = patience
        until = start + limits.time
    }

    func isOpen(_ stream: Stream) -> Bool { open.contains(stream) }

    /// How long something may be waited for now; nil when it is over.
    func pause(at now: ContinuousClock.Instant) -> Duration? {
        if isGone, open.isEmpty { return nil }
        if now < until { return until - now }
        return isGone || reason != nil ? nil : .zero
    }

    /// Whether it is to be killed now.
    mutating func isOverTime(at now: ContinuousClock.Instant) -> Bool {
        guard now >= until, reason == nil, !isGone else { return false }
        return stop(because: .time, at: now)
    }

    /// Ends it early, unless it is over.
    ///
    /// - Returns: whether it is to be killed now.
    mutating func stop(because why: ProcessResult.End, at now: ContinuousClock.Instant) -> Bool {
        // What was too much stays so, although the program has ended meanwhile: its output was cut.
        guard reason == nil, !isGone || why == .output else { return false }
        reason = why
        if !isGone { until = now + patience }
        return true
    }

    /// - Parameter bytes: none at the end of a stream.
    /// - Returns: whether it is to be killed now.
    mutating func received(_ bytes: Data, from stream: Stream, at now: ContinuousClock.Instant) -> Bool {
        guard !bytes.isEmpty else {
            open.remove(stream)
            return false
        }
        let room = limits.output - (texts[stream]?.count ?? 0)
        texts[stream, default: Data()] += bytes.prefix(max(room, 0))
        guard bytes.count > room else { return false }
        // Nobody wants to know what else it has to say.
        open.remove(stream)
        return stop(because: .output, at: now)
    }

    mutating func ended(at now: ContinuousClock.Instant) {
        guard !isGone else { return }
        isGone = true
        until = now + grace
    }

    /// - Parameter status: how it ended by itself.
    func result(_ status: ProcessResult.End) -> ProcessResult {
        ProcessResult(
            end: reason ?? status, output: texts[.output] ?? Data(), errors: texts[.errors] ?? Data(),
            isCut: reason == nil && !open.isEmpty)
    }
}
