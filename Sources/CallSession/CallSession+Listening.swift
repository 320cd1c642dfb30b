/// People who listen in on the call.
extension CallSession {
    /// Begins to listen; nil when ``CallTap/most`` do already, or the call is over.
    package func listen() -> CallTap? {
        guard taps.count < CallTap.most, !isFinished else { return nil }
        let now = position
        // Without a recording there is nothing to listen to yet.
        if timeline == nil { timeline = StereoTimeline(start: now) }
        if taps.isEmpty { tapped = max(now - CallTap.delay, timeline?.start ?? now) }
        let tap = CallTap()
        taps.append(tap)
        return tap
    }

    package func stopListening(_ tap: CallTap) {
        taps.removeAll { $0 === tap }
        tap.end()
    }

    /// Gives the listeners what has become old enough. Once every beat.
    func feedTaps(now: Int) {
        while !taps.isEmpty, now - tapped >= CallTap.delay + CallTap.pieceSize {
            if let piece = timeline?.copy(CallTap.pieceSize, from: tapped) {
                for tap in taps { tap.give(piece) }
            }
            tapped += CallTap.pieceSize
        }
    }

    func endTaps() {
        for tap in taps { tap.end() }
        taps = []
    }
}
