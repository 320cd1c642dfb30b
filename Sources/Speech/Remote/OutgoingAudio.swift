package import AudioCore

/// A leg's audio on its way to a recognizer: what waits, what was sent on the present connection, and what must be sent
/// again on the next one.
///
/// A value without a clock: `now` is time since the session began, positions are bytes since then. Memory grows only while a
/// long utterance may have to be sent again; see ``RecentAudio``.
package struct OutgoingAudio: ~Copyable {
    package enum Step: Sendable, Equatable {
        /// Send the next frame, of so many bytes.
        case send(Int)
        /// Ask again after this long: the vendor takes no more than so much faster than real time.
        case wait(Duration)
        /// Everything before the boundary has been sent.
        case boundary
        /// No whole frame is waiting.
        case idle
    }

    private var recent: RecentAudio
    private var pacer: AudioPacer
    private let bytesPerSecond: Int
    private let frameBytes: Int
    private let restFrameBytes: Int
    private let unknownBytes: Int
    private let pace: Double
    private let cutsFrames: Bool
    /// Nobody waits for words, so that fewer, larger frames do.
    package var isResting = false
    /// What waits is kept for an utterance that may begin.
    private var isHolding = false
    /// The first byte not yet sent.
    package private(set) var position = 0
    /// Bytes the present connection has been given.
    package private(set) var sentOnConnection = 0
    /// Bytes that became too old before any connection could take them.
    package private(set) var lostBytes = 0

    /// The pre-roll of an utterance, and a little.
    private static let unknown = Duration.milliseconds(400)
    /// Kept although nobody is in need of it.
    private static let ordinary = Duration.seconds(5)
    /// Audio that may go at once, so that the lumps in which live audio comes are never held up.
    private static let burst = 0.4

    /// - Parameters:
    ///   - bytesPerSecond: of the leg's format.
    ///   - frame: audio in one message.
    ///   - restFrame: audio in one message while nobody waits for words; nil makes no difference.
    ///   - history: audio kept for a replay.
    ///   - pace: how much faster than real time a backlog is sent.
    ///   - cutsFrames: whether the last frame before a boundary may be shorter; else it goes over the boundary.
    package init(
        bytesPerSecond: Int, frame: Duration, restFrame: Duration? = nil, history: Duration, pace: Double = 1.25,
        cutsFrames: Bool = true
    ) {
        self.pace = pace
        self.cutsFrames = cutsFrames
        let bytes = { (duration: Duration) in Int(duration / .seconds(1) * Double(bytesPerSecond)) }
        self.bytesPerSecond = bytesPerSecond
        frameBytes = max(bytes(frame), 1)
        unknownBytes = bytes(Self.unknown)
        restFrameBytes = max(restFrame.map(bytes) ?? 0, frameBytes)
        let capacity = max(bytes(history), restFrameBytes)
        recent = RecentAudio(
            capacity: capacity, initial: min(capacity, max(bytes(Self.ordinary), restFrameBytes)),
            largestFrame: restFrameBytes)
        pacer = Self.pacer(pace, bytesPerSecond, frameBytes, now: .zero)
    }

    private static func pacer(
        _ pace: Double, _ bytesPerSecond: Int, _ frameBytes: Int, now: Duration
    ) -> AudioPacer {
        AudioPacer(
            bytesPerSecond: pace * Double(bytesPerSecond),
            burst: max(Int(burst * Double(bytesPerSecond)), frameBytes), now: now)
    }

    /// Takes everything that waits in `inlet`.
    ///
    /// - Parameter needed: the oldest byte that may have to be sent again; nil for none.
    package mutating func drain(_ inlet: SampleRing<UInt8>, keeping needed: Int? = nil) {
        recent.drain(inlet, keeping: min(needed ?? position, position))
    }

    /// Up to here audio has been taken in.
    package var end: Int { recent.end }

    /// Whether so many further bytes in the inlet would complete a frame; else they may stay there.
    package func isWorthDraining(_ arrived: Int) -> Bool {
        (isHolding ? arrived : recent.end + arrived - position) >= pieceBytes
    }

    private var pieceBytes: Int { isResting ? restFrameBytes : frameBytes }

    /// Whether less than a frame is waiting.
    package var isDrained: Bool { recent.end - position < pieceBytes }

    /// A new connection: its first byte is the one at ``position``.
    package mutating func connected(now: Duration) {
        sentOnConnection = 0
        pacer = Self.pacer(pace, bytesPerSecond, frameBytes, now: now)
    }

    /// The connection is gone.
    ///
    /// - Parameter resume: where to send from again; nil if nobody waits for what was said. Then so much of the past is sent
    ///   again that a voice which has begun, and is not known yet to have, is whole.
    package mutating func disconnected(resume: Int?) {
        position = resume ?? recent.end - unknownBytes
        position = min(max(position, recent.start), recent.end)
    }

    /// Gives up what is too old to be kept.
    ///
    /// - Returns: whether anything was lost.
    package mutating func skipLost() -> Bool {
        guard position < recent.start else { return false }
        lostBytes += recent.start - position
        position = recent.start
        return true
    }

    /// Leaves a backlog out that nobody waits for: a vendor that takes no more than real time would stay behind for the rest of
    /// the call. A voice which has begun, and is not known yet to have, stays whole.
    ///
    /// - Returns: whether anything was left out.
    package mutating func skipIdle() -> Bool {
        guard isResting, recent.end - position > 2 * unknownBytes else { return false }
        position = recent.end - unknownBytes
        return true
    }

    /// Leaves out what is said to nobody, but for the pre-roll of an utterance that may be about to begin.
    package mutating func skipUnwanted() {
        skip(to: recent.end - unknownBytes)
        isHolding = true
    }

    /// Leaves out what lies before `start`.
    package mutating func skip(to start: Int) {
        position = max(position, min(start, recent.end))
        isHolding = false
    }

    /// What to do next. The pacer is charged for a ``Step/send(_:)``.
    ///
    /// - Parameter boundary: what lies before it goes out although it is no whole frame, where frames may be cut.
    package mutating func next(boundary: Int?, now: Duration) -> Step {
        if let boundary, boundary <= position { return .boundary }
        let boundary = cutsFrames ? boundary : nil
        let waiting = min(boundary ?? .max, recent.end) - position
        guard waiting >= pieceBytes || boundary != nil && waiting > 0 else { return .idle }
        let count = min(waiting, pieceBytes)
        let wait = pacer.take(count, now: now)
        return wait == .zero ? .send(count) : .wait(wait)
    }

    /// Lends the next frame.
    ///
    /// - Parameter send: whether it was taken.
    /// - Returns: what `send` said.
    package mutating func withFrame(_ count: Int, _ send: (Span<UInt8>) -> Bool) -> Bool {
        guard recent.withFrame(at: position, count: count, send) else { return false }
        position += count
        sentOnConnection += count
        return true
    }
}
