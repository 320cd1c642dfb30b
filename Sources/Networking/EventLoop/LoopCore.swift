import CUV
import CWebSockets
import DequeModule
import Glibc
import Logging

/// What an event loop's thread owns: the uv loop, the libwebsockets context and everything registered with them.
///
/// Made by ``EventLoop/start()`` on the caller's thread and handed to the new one; from then on loop's thread only,
/// except ``wake()``.
@safe final class LoopCore {
    unowned let owner: EventLoop
    let loop: UnsafeMutablePointer<uv_loop_t>
    let hosts: VirtualHosts
    let resolver = NameResolver()
    let pool = BufferPool()
    var threadIdentity = uv_thread_t()

    /// Keeps active timers.
    var timers: [ObjectIdentifier: LoopTimer] = [:]
    var acceptors: [Acceptor] = []
    /// Keeps every connection while anything may call it back.
    private var connections: [UInt64: any LoopConnection] = [:]
    private var acceptedIDs: Set<UInt64> = []
    /// Those of them on which no request is under way.
    var silent = SilentConnections<UInt64>()
    /// The connection that libwebsockets is just taking over.
    var adopting: WebSocketConnection?
    /// Outgoing connections whose host name is being looked up.
    var pendingLookups: [UInt64: ConnectAttempt] = [:]
    private(set) var isShuttingDown = false
    /// False while the loop is taken down, when nothing may stop it before its handles are closed.
    private var isRunning = false

    /// Nil only before the end of `init`, and after `tearDown`.
    private var waker: LoopWaker?
    private let preparer: UnsafeMutablePointer<uv_prepare_t>
    /// Active while posted work is left over, so that the loop polls without waiting.
    private let hurry: UnsafeMutablePointer<uv_idle_t>
    private var descriptorGuard = EventDescriptorGuard()
    private var spareWork = Deque<LoopWork>()
    private var lastConnectionID: UInt64 = 0
    /// [ns on uv's clock] When the loop last began to wait, and how much it had waited until then.
    private var lastWait: UInt64 = 0
    private var waitedBefore: UInt64 = 0
    private var gathering: GatherPause
    /// [ns] Of all pauses so far.
    private var paused: UInt64 = 0
    /// [ns on uv's clock]
    private var shutdownDeadline: UInt64 = 0

    init(owner: EventLoop) throws(NetworkError) {
        self.owner = owner
        gathering = GatherPause(span: owner.configuration.gather.wholeNanoseconds)
        let loop = UnsafeMutablePointer<uv_loop_t>.allocate(capacity: 1)
        let status = unsafe uv_loop_init(loop)
        guard status == 0 else {
            unsafe loop.deallocate()
            throw NetworkError(.unavailable, operation: "uv_loop_init", subject: owner.name, detail: uvMessage(status))
        }
        // Has uv count the time it waits, from which `noteBusyTime` knows the time it does not.
        unsafe parley_uv_measure_idle_time(loop)
        unsafe self.loop = loop
        unsafe preparer = .allocate(capacity: 1)
        unsafe hurry = .allocate(capacity: 1)
        do throws(NetworkError) {
            hosts = unsafe try VirtualHosts(owner: owner, loop: loop)
        } catch {
            unsafe uv_loop_close(loop)
            unsafe loop.deallocate()
            unsafe preparer.deallocate()
            unsafe hurry.deallocate()
            throw error
        }
        unsafe uv_prepare_init(loop, preparer)
        unsafe uv_idle_init(loop, hurry)
        // SAFETY: unretained; the owner's `core` holds self until `tearDown` has closed these handles.
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe preparer.pointee.data = context
        unsafe hurry.pointee.data = context
        unsafe uv_prepare_start(preparer, loopAboutToWait)
        do throws(NetworkError) {
            waker = unsafe try LoopWaker(loop, name: owner.name, context: context, woken: loopWoken)
        } catch {
            tearDown()
            throw error
        }
    }

    /// Any thread, while the core lives.
    func wake() { waker?.wake() }

    /// Milliseconds on uv's clock, as of the current turn.
    var now: UInt64 { unsafe uv_now(loop) }

    func nextConnectionID() -> UInt64 {
        lastConnectionID += 1
        return lastConnectionID
    }

    // MARK: Connections

    /// Accepted connections that are open.
    var acceptedCount: Int { acceptedIDs.count }

    func add(_ connection: any LoopConnection, id: UInt64, isAccepted: Bool) {
        connections[id] = connection
        if isAccepted { acceptedIDs.insert(id) }
        owner.counters.connections.add()
    }

    func httpConnection(_ id: UInt64) -> HTTPConnection? { connections[id] as? HTTPConnection }

    func remove(_ id: UInt64) {
        guard connections.removeValue(forKey: id) != nil else { return }
        acceptedIDs.remove(id)
        silent.isBusy(id)
        owner.counters.connections.add(-1)
        finishShutdownIfReady()
    }

    /// Closes one on which no request is under way, for a new one.
    ///
    /// - Returns: false where there is none.
    func makeRoom() -> Bool {
        guard let id = silent.makeRoom(), let connection = httpConnection(id) else { return false }
        owner.counters.displaced.add()
        connection.makeRoom()
        return true
    }

    // MARK: Running

    /// Serves until ``beginShutdown()`` has run its course.
    func run() {
        _ = LoopTimer(
            core: self, delay: Self.sweepPeriod,
            schedule: .repeating(every: Self.sweepPeriod) { [unowned self] _ in
                sweep()
            })
        isRunning = true
        unsafe uv_run(loop, UV_RUN_DEFAULT)
        isRunning = false
    }

    /// Once a turn, when the loop is about to wait.
    fileprivate func noteBusyTime() {
        let now = uv_hrtime()
        let waited = unsafe uv_metrics_idle_time(loop) + paused
        if lastWait > 0 {
            owner.counters.busyTime.record(nanoseconds: max(Int(now - lastWait) - Int(waited - waitedBefore), 0))
        }
        lastWait = now
        waitedBefore = waited
    }

    /// Lets messages gather, where many come and nothing is due.
    fileprivate func gather() {
        // As uv sees it: -1 for no timer, 0 when it is not going to wait.
        let timeout = unsafe uv_backend_timeout(loop)
        let pause = gathering.pause(
            at: uv_hrtime(), limit: timeout < 0 ? nil : UInt64(timeout) * 1_000_000)
        guard pause > 0 else { return }
        var time = timespec(tv_sec: Int(pause / 1_000_000_000), tv_nsec: Int(pause % 1_000_000_000))
        unsafe nanosleep(&time, nil)
        paused += pause
    }

    fileprivate func runPosted() {
        if owner.runPosted(using: &spareWork) {
            unsafe uv_idle_start(hurry, loopHurries)
        } else {
            unsafe uv_idle_stop(hurry)
        }
    }

    /// [ns] How often deadlines of connections are looked at.
    private static let sweepPeriod: UInt64 = 250_000_000

    private func sweep() {
        let time = now
        for connection in connections.values { connection.checkDeadlines(now: time) }
        checkLookups(now: time)
    }

    // MARK: Ending

    /// Asks every peer to close; the loop stops when they have, or when the grace is over.
    func beginShutdown() {
        guard !isShuttingDown else { return }
        isShuttingDown = true
        let grace = owner.configuration.shutdownGrace.wholeNanoseconds
        shutdownDeadline = uv_hrtime() + grace
        _ = LoopTimer(core: self, delay: grace, schedule: .once { [unowned self] in finishShutdownIfReady() })
        for acceptor in acceptors { acceptor.close() }
        acceptors = []
        resolver.stop()
        checkLookups(now: now)
        for connection in connections.values { connection.beginShutdown() }
        finishShutdownIfReady()
    }

    func finishShutdownIfReady() {
        guard isRunning, isShuttingDown, connections.isEmpty || uv_hrtime() >= shutdownDeadline else { return }
        unsafe uv_stop(loop)
    }

    /// Frees everything. After `uv_run` has returned, or instead of it.
    ///
    /// libwebsockets on a foreign loop is destroyed in two steps: the first call closes its sockets and asks uv to close
    /// their handles, uv must run until it has, and only a second call frees the context.
    func tearDown() {
        for timer in timers.values { timer.finish() }
        for acceptor in acceptors { acceptor.close() }
        acceptors = []
        waker.take()?.finish()
        unsafe closeAndFree(preparer)
        unsafe closeAndFree(hurry)
        cutConnections()
        guard unsafe descriptorGuard.protect(loop, during: { hosts.beginDestroy() }) else {
            owner.logger.debug("A libwebsockets context could not be destroyed safely and is left behind")
            return
        }
        // Ends when no handle is left, so nothing can keep a reference into the loop's memory.
        unsafe uv_run(loop, UV_RUN_DEFAULT)
        hosts.finishDestroy()
        unsafe uv_run(loop, UV_RUN_DEFAULT)
        connections = [:]
        let status = unsafe uv_loop_close(loop)
        precondition(status == 0, "the event loop still has open handles: \(uvMessage(status))")
        unsafe loop.deallocate()
    }

    /// Ends the connections whose peers did not take part in closing, so that nothing is left to call back.
    private func cutConnections() {
        for connection in connections.values {
            (connection as? LibraryConnection)?.cut()
            (connection as? StreamSocket)?.cut()
        }
        for _ in 0..<1000 where !connections.isEmpty { unsafe uv_run(loop, UV_RUN_NOWAIT) }
        for connection in connections.values { (connection as? LibraryConnection)?.destroyed() }
    }
}

private func core(of data: UnsafeMutableRawPointer?) -> LoopCore? {
    // SAFETY: set in `LoopCore.init`; the core outlives its handles.
    unsafe data.map { unsafe Unmanaged<LoopCore>.fromOpaque($0).takeUnretainedValue() }
}

/// Only ends uv's wait; the work itself is done before the next one.
private func loopWoken(_ handle: UnsafeMutablePointer<uv_poll_t>?, _ status: CInt, _ events: CInt) {
    guard let handle = unsafe handle else { return }
    unsafe LoopWaker.drain(handle)
    unsafe core(of: handle.pointee.data)?.runPosted()
}

private func loopAboutToWait(_ handle: UnsafeMutablePointer<uv_prepare_t>?) {
    guard let core = unsafe core(of: handle?.pointee.data) else { return }
    core.runPosted()
    core.noteBusyTime()
    core.gather()
}

private func loopHurries(_ handle: UnsafeMutablePointer<uv_idle_t>?) {}
