import AudioCore
import Speech

/// What is made of a caller's line as it arrives: where audio belongs on the call's clock, and when a voice begins and ends.
///
/// A value with time as an argument, so that whatever lines do is tried without one: frames that come late, early, twice,
/// in a lump or not at all. Nothing is allocated per frame. Positions are samples at 8 kHz on the call's clock.
///
/// Where a line sends nothing (its other end suppresses silence, or the network stands still), the detector is given
/// silence, so that a voice ends in time. A stop in the middle of a sound is more likely the network's, and is waited for
/// longer: what comes late is put where it belongs.
struct CallerEar {
    /// How long nothing may come before it counts as silence, after silence and after sound.
    private static let patience = (silent: 1600, sounding: 8000)

    private var clock = CallerClock()
    private var detector: CallerVoiceDetector
    /// What makes a position of the detector one of the call's clock.
    private var offset = 0
    /// Of the payload that is being cut into frames.
    private var start = 0
    /// Where the newest frame ends, and whether it sounded like speech; nil before the first.
    private var newest: (end: Int, isSounding: Bool)?
    /// When audio last came, wherever it belonged: a line that is late is not a silent one.
    private var arrived = 0
    private(set) var isSpeaking = false
    /// Tells what the agent says from what the caller says.
    var echo = EchoGuard()

    init(_ detector: CallerVoiceDetector) { self.detector = detector }

    /// The frame that was filled last.
    private(set) var frame = FrameBuffer()
    /// Where it ends.
    private(set) var frameEnd = 0

    /// Finds the place of a payload that has arrived; to be cut with ``fill(from:_:)``.
    ///
    /// - Parameters:
    ///   - timestamp: the carrier's, in ms since the stream began; nil if it gives none.
    ///   - count: samples in the payload.
    /// - Returns: where its first sample belongs.
    mutating func place(timestamp: Int?, count: Int, now: Int) -> Int {
        arrived = now
        start = clock.place(timestamp: timestamp, count: count, now: now, isSpeaking: isSpeaking)
        return start
    }

    /// Fills the next frame with the payload from `index` on.
    ///
    /// - Returns: whether it is full, and wants ``listen()``.
    mutating func fill(from codes: Span<UInt8>, _ index: inout Int) -> Bool {
        guard frame.fill(from: codes, &index) else { return false }
        frameEnd = start + index
        return true
    }

    /// Fills the next frame with silence, where the line owes audio for too long. To be asked at every beat, until it is false.
    mutating func fillMissing(now: Int) -> Bool {
        guard let newest else { return false }
        let patience = newest.isSounding ? Self.patience.sounding : Self.patience.silent
        guard now - arrived >= patience, now - newest.end >= patience else { return false }
        frame.fillWithSilence()
        frameEnd = newest.end + FrameBuffer.size
        return true
    }

    /// What the frame tells of the caller's voice.
    mutating func listen() -> ConversationEvent? {
        let samples = frame.samples
        let activity = detector.process(samples.span)
        isSpeaking = activity.isSpeaking
        newest = (max(frameEnd, newest?.end ?? 0), activity.probability >= 0.5)
        // The detector counts the samples it was given; the call's clock counts time.
        offset = frameEnd - activity.position
        echo.heard(samples.span, endingAt: frameEnd)
        return passed(activity.transition, at: frameEnd)
    }

    /// What has become known of the caller's voice without a further frame. To be asked at every beat.
    mutating func poll(now: Int) -> ConversationEvent? {
        guard let activity = detector.poll(), let transition = activity.transition else { return nil }
        isSpeaking = activity.isSpeaking
        return passed(transition, at: now)
    }

    private mutating func passed(_ transition: VoiceActivity.Transition?, at position: Int) -> ConversationEvent? {
        let onCallClock: VoiceActivity.Transition? =
            switch transition {
            case nil: nil
            case .started(let sample): .started(at: max(sample + offset, 0))
            case .stopped(let sample): .stopped(at: max(sample + offset, 0))
            }
        return switch echo.pass(onCallClock, at: position) {
        case nil: nil
        case .started(let sample): .voiceStarted(onset: sample)
        case .stopped(let sample): .voiceStopped(lastVoiced: sample)
        }
    }
}
