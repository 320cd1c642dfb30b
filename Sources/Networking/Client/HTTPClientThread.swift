import CCurl
import CUV
import DequeModule
import Glibc
import Logging
import Synchronization

/// The thread that owns a client's curl multi handle, and the queue by which others reach it.
@safe final class HTTPClientThread: Sendable {
    enum Command: Sendable {
        case start(HTTPExchange)
        case cancel(UInt64)
        /// The reader has made room: the sender may go on.
        case resume(UInt64)
    }

    private enum Phase { case new, running, stopping, stopped }

    private struct State {
        var phase = Phase.new
        var commands = Deque<Command>()
        /// Requests accepted and not yet over.
        var load = 0
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
    }

    let configuration: HTTPClientConfiguration
    let logger: Logger
    let metrics = HTTPClientMetrics()
    private let state = Lock(State())
    private let lastID = Atomic<UInt64>(0)
    /// Made once; freed by the thread when it ends. Others use it for `curl_multi_wakeup` alone, under the lock while
    /// the phase is `running` or `stopping`.
    private let multi: OpaqueHandle

    /// A `CURLM *`, which curl imports as a raw pointer.
    @safe struct OpaqueHandle: @unchecked Sendable {
        // @unchecked: an address; who may use what it points to, and when, is what ``multi`` says.
        let pointer: UnsafeMutableRawPointer
    }

    /// Serializes curl's process-wide start.
    static let isCurlReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(configuration: HTTPClientConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        precondition(Self.isCurlReady, "libcurl could not start")
        guard let pointer = unsafe curl_multi_init() else { preconditionFailure("libcurl is out of memory") }
        unsafe multi = OpaqueHandle(pointer: pointer)
    }

    // MARK: Any thread

    func makeExchange(_ request: HTTPClientRequest) -> HTTPExchange {
        HTTPExchange(
            id: lastID.wrappingAdd(1, ordering: .relaxed).newValue, request: request,
            bufferBytes: configuration.bodyBufferBytes, client: self)
    }

    func start(_ exchange: HTTPExchange) throws(NetworkError) {
        try state.withLock { state throws(NetworkError) in
            switch state.phase {
            case .new:
                try spawn()
                state.phase = .running
            case .running: break
            case .stopping, .stopped: throw exchange.error(.cancelled, "the client is shut down")
            }
            guard state.load < configuration.maximumRequests else {
                throw exchange.error(.limitExceeded, "\(state.load) requests are under way already")
            }
            state.load += 1
            state.commands.append(.start(exchange))
            unsafe curl_multi_wakeup(multi.pointer)
        }
    }

    func submit(_ command: Command) {
        state.withLock { state in
            guard state.phase == .running else { return }
            state.commands.append(command)
            unsafe curl_multi_wakeup(multi.pointer)
        }
    }

    func shutdown() async {
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            let isOver = state.withLock { state in
                guard beginStop(&state) else { return true }
                state.stopWaiters.append(done)
                return false
            }
            if isOver { done.resume() }
        }
    }

    /// Without waiting.
    func stop() {
        state.withLock { state in _ = beginStop(&state) }
    }

    /// - Returns: whether the thread has yet to end.
    private func beginStop(_ state: inout State) -> Bool {
        switch state.phase {
        case .new:
            state.phase = .stopped
            unsafe curl_multi_cleanup(multi.pointer)
            return false
        case .running:
            state.phase = .stopping
            unsafe curl_multi_wakeup(multi.pointer)
            return true
        case .stopping: return true
        case .stopped: return false
        }
    }

    // MARK: The thread

    private func spawn() throws(NetworkError) {
        let context = unsafe Unmanaged.passRetained(self)
        var identity = uv_thread_t()
        let status = unsafe uv_thread_create(
            &identity,
            { context in
                guard let context = unsafe context else { return }
                // SAFETY: retained below for this thread.
                unsafe Unmanaged<HTTPClientThread>.fromOpaque(context).takeRetainedValue().run()
            }, context.toOpaque())
        guard status == 0 else {
            unsafe context.release()
            throw NetworkError(.unavailable, operation: "start", subject: "HTTP client", detail: uvMessage(status))
        }
    }

    private func run() {
        unsafe pthread_setname_np(pthread_self(), "http-client")
        let engine = unsafe TransferEngine(multi: multi.pointer, configuration: configuration, metrics: metrics)
        var commands = Deque<Command>()
        var finished = 0
        while true {
            let stops = state.withLock { state in
                swap(&commands, &state.commands)
                state.load -= finished
                return state.phase != .running
            }
            finished = 0
            if stops { break }
            for command in commands { finished += engine.execute(command) }
            commands.removeAll(keepingCapacity: true)
            finished += engine.turn()
        }
        engine.abandonAll()
        for command in commands {
            if case .start(let exchange) = command {
                exchange.fail(exchange.error(.cancelled, "the client is shut down"))
            }
        }
        let (waiters, leftover) = state.withLock { state in
            state.phase = .stopped
            unsafe curl_multi_cleanup(multi.pointer)
            defer {
                state.stopWaiters = []
                state.commands = []
            }
            return (state.stopWaiters, state.commands)
        }
        for command in leftover {
            if case .start(let exchange) = command {
                exchange.fail(exchange.error(.cancelled, "the client is shut down"))
            }
        }
        ThreadReaper.join(uv_thread_self()) { for waiter in waiters { waiter.resume() } }
    }
}
