import CUV
import DequeModule
import Glibc
package import Logging
import Synchronization

/// One thread that owns one uv loop, one libwebsockets context, its sockets and its timers; also the executor of the
/// actors pinned to it.
///
/// Nothing that runs on it may block. Members say which thread they are for; those that say nothing are for any.
@safe package final class EventLoop: Sendable {
    package let name: String
    package let configuration: EventLoopConfiguration
    let logger: Logger
    let counters = EventLoopMetrics()

    /// While `ending` the thread frees what the loop is made of, and nobody may wake it.
    private enum Phase { case new, running, stopping, ending, stopped }

    private struct State {
        var phase = Phase.new
        var work = Deque<LoopWork>()
        /// Whether the loop was woken for `work` and has not yet come to take it.
        var isWoken = false
        /// Whether a thread runs late work after the loop's own is gone.
        var isDrainingLate = false
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Lock(State())
    /// `pthread_self()` of whoever runs this loop's work; 0 for nobody.
    private let thread = Atomic<UInt>(0)
    // SAFETY: written once, in `start`, before the thread exists and under the lock that publishes `.running`; read on
    // the loop's thread, or under that lock while running.
    nonisolated(unsafe) private var core: LoopCore?

    package init(name: String, configuration: EventLoopConfiguration = EventLoopConfiguration(), logger: Logger) {
        self.name = name
        self.configuration = configuration
        var logger = logger
        logger[metadataKey: "loop"] = "\(name)"
        self.logger = logger
    }

    /// Spawns the thread. At most once.
    package func start() throws(NetworkError) {
        try state.withLock { state throws(NetworkError) in
            guard state.phase == .new else {
                throw NetworkError(.invalidArgument, operation: "start", subject: name, detail: "started before")
            }
            let core = try LoopCore(owner: self)
            unsafe self.core = core
            // The thread keeps the loop alive until it ends; `runLoopThread` takes this reference over.
            let context = unsafe Unmanaged.passRetained(self)
            var identity = uv_thread_t()
            let status = unsafe uv_thread_create(&identity, runLoopThread, context.toOpaque())
            guard status == 0 else {
                unsafe context.release()
                core.tearDown()
                unsafe self.core = nil
                throw NetworkError(.unavailable, operation: "start", subject: name, detail: uvMessage(status))
            }
            core.threadIdentity = identity
            state.phase = .running
        }
    }

    /// Refuses what is new, closes sockets with 1001, ends timers and joins the thread. May be called again, and before
    /// ``start()``. Work that arrives later still runs, one piece at a time, so that nobody waits for ever.
    package func shutdown() async {
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            let next = state.withLock { state -> (finished: Bool, begins: Bool) in
                switch state.phase {
                case .new:
                    state.phase = .stopped
                    return (true, false)
                case .stopped: return (true, false)
                case .running:
                    state.phase = .stopping
                    state.stopWaiters.append(done)
                    return (false, true)
                case .stopping, .ending:
                    state.stopWaiters.append(done)
                    return (false, false)
                }
            }
            if next.finished { done.resume() }
            if next.begins { post { self.currentCore?.beginShutdown() } }
        }
    }

    /// The counters now.
    package var metrics: EventLoopMetrics.Snapshot { counters.snapshot }

    /// How late the beats of the last half second were, on average. Any thread.
    package var recentLateness: Duration {
        .nanoseconds(Int64(counters.recentLateness.value(at: Int(uv_hrtime()))))
    }

    /// Nanoseconds on the clock of all loops, which never goes back. Any thread; asked several times a frame, so it is a
    /// plain number and no `Duration`, whose 128 bits cost more than reading the clock.
    package static var nanoseconds: UInt64 { uv_hrtime() }

    /// Whether the caller is on the loop's thread.
    package var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Runs `work` on the loop's thread, in the order of the calls.
    package func post(_ work: @escaping @Sendable () -> Void) {
        submit(.closure(work))
    }

    func preconditionCurrent() {
        precondition(isCurrent, "this must be called on the thread of its event loop")
    }

    /// The loop's inside; nil once it is gone. Loop's thread only.
    var currentCore: LoopCore? {
        preconditionCurrent()
        return unsafe core
    }

    // MARK: Work

    func submit(_ work: LoopWork) {
        let onLoop = isCurrent
        state.withLock { state in
            state.work.append(work)
            switch state.phase {
            case .new, .ending: break
            case .running, .stopping:
                // On the loop's own thread the work is taken before it next waits.
                guard !onLoop && !state.isWoken else { return }
                state.isWoken = true
                // Under the lock, because the handle lives only while the phase is one of these two.
                unsafe core?.wake()
            case .stopped:
                guard !state.isDrainingLate else { return }
                state.isDrainingLate = true
                spawnLateThread()
            }
        }
    }

    /// Does what has been posted, including what that posts, up to a bound so that sockets get their turn.
    ///
    /// - Returns: whether something is left.
    func runPosted(using spare: inout Deque<LoopWork>) -> Bool {
        for _ in 0..<8 {
            state.withLock { state in
                swap(&state.work, &spare)
                state.isWoken = false
            }
            guard !spare.isEmpty else { return false }
            for work in spare { run(work) }
            spare.removeAll(keepingCapacity: true)
        }
        return state.withLock { !$0.work.isEmpty }
    }

    private func run(_ work: LoopWork) {
        switch work {
        case .closure(let body): body()
        case .job(let job): unsafe job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }

    // MARK: Thread

    fileprivate func runThread() {
        unsafe pthread_setname_np(pthread_self(), String(name.prefix(15)))
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        guard let core = unsafe core else { return }
        if configuration.wantsRealTime { askForRealTime() }
        core.run()
        state.withLock { $0.phase = .ending }
        core.tearDown()
        thread.store(0, ordering: .relaxed)
        let waiters = state.withLock { state in
            unsafe self.core = nil
            state.phase = .stopped
            if !state.work.isEmpty && !state.isDrainingLate {
                state.isDrainingLate = true
                spawnLateThread()
            }
            let waiters = state.stopWaiters
            state.stopWaiters = []
            return (waiters, core.threadIdentity)
        }
        ThreadReaper.join(waiters.1) { for waiter in waiters.0 { waiter.resume() } }
    }

    /// The lowest real-time priority is enough: it comes before every ordinary thread, and the kernel keeps a share of each
    /// second for those (sched(7), RLIMIT_RTTIME and sched_rt_runtime_us).
    private func askForRealTime() {
        var parameters = sched_param()
        parameters.sched_priority = sched_get_priority_min(SCHED_RR)
        let status = unsafe pthread_setschedparam(pthread_self(), SCHED_RR, &parameters)
        counters.isRealTime.store(status == 0, ordering: .relaxed)
        guard status != 0 else { return }
        logger.notice(
            "real-time scheduling refused; audio may come late when the machine is busy",
            metadata: ["reason": "\(unsafe String(cString: strerror(status)))"])
    }

    private func spawnLateThread() {
        let status = DetachedThread.start { [self] in runLate() }
        precondition(status == 0, "no thread could be made for work left on a stopped loop")
    }

    private func runLate() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        var spare = Deque<LoopWork>()
        while true {
            _ = runPosted(using: &spare)
            let isDone = state.withLock { state in
                guard state.work.isEmpty else { return false }
                state.isDrainingLate = false
                thread.store(0, ordering: .relaxed)
                return true
            }
            if isDone { return }
        }
    }
}

private func runLoopThread(_ context: UnsafeMutableRawPointer?) {
    guard let context = unsafe context else { return }
    // SAFETY: retained for us in `start`.
    unsafe Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().runThread()
}

/// uv's words for one of its error numbers.
func uvMessage(_ status: CInt) -> String {
    unsafe String(cString: uv_strerror(status))
}
