import CUV

/// A timer of one loop; on the loop's thread only. It runs whether or not anybody keeps it.
@safe package final class LoopTimer: @unchecked Sendable {
    // @unchecked: every member checks or is called on the loop's thread.
    enum Schedule {
        case once(() -> Void)
        case repeating(every: UInt64, (Duration) -> Void)
        case done
    }

    /// Nil for a timer asked for after the loop's end, which never runs.
    private let core: LoopCore?
    private var schedule: Schedule
    /// [ns on uv's clock] When it runs next; for a repeating timer a point of its grid.
    private var due: UInt64 = 0
    /// Owned by this object until `uv_close`, then by uv, whose close callback frees it.
    private var handle: UnsafeMutablePointer<uv_timer_t>?

    /// Starts the timer. `core` keeps it until it is done.
    init(core: LoopCore, delay: UInt64, schedule: Schedule) {
        self.core = core
        self.schedule = schedule
        let handle = UnsafeMutablePointer<uv_timer_t>.allocate(capacity: 1)
        unsafe uv_timer_init(core.loop, handle)
        // SAFETY: unretained; `core.timers` holds self until `finish`, after which uv makes no timer callback.
        unsafe handle.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        unsafe self.handle = handle
        core.timers[ObjectIdentifier(self)] = self
        due = uv_hrtime() + delay
        unsafe uv_update_time(core.loop)
        arm(delay: delay)
    }

    /// A timer that never runs.
    init() {
        core = nil
        schedule = .done
    }

    /// Stops it; it will not run again. Harmless if it already ran.
    package func cancel() {
        core?.owner.preconditionCurrent()
        finish()
    }

    /// Whether it will still run.
    package var isActive: Bool {
        if case .done = schedule { false } else { true }
    }

    /// uv's timers count whole milliseconds of a clock read at the start of the turn: round up, and let `fire` wait out
    /// what is left when the rounding was not enough.
    private func arm(delay: UInt64) {
        guard let handle = unsafe handle else { return }
        unsafe uv_timer_start(handle, loopTimerFired, (delay + 999_999) / 1_000_000, 0)
    }

    fileprivate func fire() {
        let time = uv_hrtime()
        guard time >= due else { return arm(delay: due - time) }
        switch schedule {
        case .done: return
        case .once(let body):
            finish()
            body()
        case .repeating(let period, let body):
            let late = time - due
            let missed = late / period
            due += (missed + 1) * period
            guard let core else { return }
            unsafe uv_update_time(core.loop)
            arm(delay: due - time)
            let metrics = core.owner.counters
            metrics.ticks.add()
            metrics.missedTicks.add(Int(missed))
            metrics.worstTickNanoseconds.raise(to: Int(late))
            metrics.tickLateness.record(nanoseconds: Int(late))
            metrics.recentLateness.record(nanoseconds: Int(late), at: Int(time))
            body(.nanoseconds(Int64(late)))
        }
    }

    func finish() {
        guard let handle = unsafe handle else { return }
        unsafe self.handle = nil
        schedule = .done
        unsafe closeAndFree(handle)
        core?.timers[ObjectIdentifier(self)] = nil
    }
}

/// uv's callback for every ``LoopTimer``.
private func loopTimerFired(_ handle: UnsafeMutablePointer<uv_timer_t>?) {
    guard let data = unsafe handle?.pointee.data else { return }
    // SAFETY: set in `LoopTimer.init`; the timer outlives its handle's callbacks.
    let timer = unsafe Unmanaged<LoopTimer>.fromOpaque(data).takeUnretainedValue()
    timer.fire()
}
