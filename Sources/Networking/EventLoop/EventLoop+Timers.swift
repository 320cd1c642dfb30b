extension EventLoop {
    /// Runs `body` once, no earlier than `delay` from now and usually within a millisecond after. Loop's thread only. Never runs if the
    /// loop ends first.
    @discardableResult
    package func schedule(after delay: Duration, _ body: @escaping () -> Void) -> LoopTimer {
        guard let core = currentCore else { return LoopTimer() }
        return LoopTimer(core: core, delay: delay.wholeNanoseconds, schedule: .once(body))
    }

    /// Runs `body` at every multiple of `period` from now. Loop's thread only.
    ///
    /// The grid does not drift: a late run does not move the next ones. Grid points that pass without a run are counted
    /// (``EventLoopMetrics/Snapshot/missedTicks``) and made good by one run.
    ///
    /// - Parameters:
    ///   - phase: where the grid lies: timers of one period run that far apart from each other. Nil begins it now.
    ///   - body: is given how long after its grid point it runs.
    @discardableResult
    package func scheduleRepeating(
        every period: Duration, phase: Duration? = nil, _ body: @escaping (_ late: Duration) -> Void
    ) -> LoopTimer {
        guard let core = currentCore else { return LoopTimer() }
        let nanoseconds = period.wholeNanoseconds
        precondition(nanoseconds >= 1_000_000, "a repeating timer needs a period of at least a millisecond")
        // On the loops' clock, so that the grid is the same whenever the timer is asked for.
        let passed = phase.map { (Self.nanoseconds &- $0.wholeNanoseconds) % nanoseconds } ?? 0
        return LoopTimer(core: core, delay: nanoseconds - passed, schedule: .repeating(every: nanoseconds, body))
    }
}

extension Duration {
    /// Never negative.
    var wholeNanoseconds: UInt64 {
        let parts = components
        guard parts.seconds >= 0 && parts.attoseconds >= 0 else { return 0 }
        return UInt64(parts.seconds) * 1_000_000_000 + UInt64(parts.attoseconds / 1_000_000_000)
    }

    /// At least one, so that no limit becomes "none".
    var wholeMilliseconds: UInt64 { max(1, wholeNanoseconds / 1_000_000) }

    /// Rounded up, at least one.
    var wholeSeconds: UInt64 { max(1, (wholeNanoseconds + 999_999_999) / 1_000_000_000) }
}
