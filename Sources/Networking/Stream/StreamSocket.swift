import CUV
import Glibc

/// One accepted connection that carries plain bytes, and the only owner of its descriptor. All members are for its loop's
/// thread; the state-changing ones trap elsewhere.
@safe package final class StreamSocket: MessageSocket, @unchecked Sendable {
    // @unchecked: handed about freely, but used on the loop's thread only, which `send` and `close` check.
    private enum Stage {
        case open
        /// We have closed; what is queued is still written, and what comes is dropped.
        case closing(WebSocketCloseReason)
        case ended
    }

    package let loop: EventLoop
    /// The peer's numeric address, without port.
    package let remoteAddress: String
    private let id: UInt64
    private unowned let core: LoopCore
    private let handler: any StreamHandler
    private let limits: StreamLimits
    private let descriptor: CInt
    private var poll: UnsafeMutablePointer<uv_poll_t>?
    private var stage = Stage.open
    /// What the kernel has not taken, from `written` on.
    private var output: [UInt8] = []
    private var written = 0
    /// Whether our side of the connection is shut: the peer knows that nothing more comes.
    private var isShut = false
    /// [ms on uv's clock]
    private var lastReceived: UInt64
    private var closeDeadline: UInt64 = 0

    /// Takes over an accepted descriptor, or closes it if nobody wants it.
    static func begin(
        _ descriptor: CInt, from remote: String, service: any StreamService, limits: StreamLimits, core: LoopCore
    ) {
        guard !core.isShuttingDown, let handler = service.accept(from: remote, on: core.owner) else {
            core.owner.counters.refused.add()
            Glibc.close(descriptor)
            return
        }
        let socket = StreamSocket(descriptor, from: remote, handler: handler, limits: limits, core: core)
        guard unsafe socket.poll != nil else {
            core.owner.counters.refused.add()
            Glibc.close(descriptor)
            return
        }
        core.add(socket, id: socket.id, isAccepted: true)
        socket.watch()
        handler.opened(socket)
    }

    private init(
        _ descriptor: CInt, from remote: String, handler: any StreamHandler, limits: StreamLimits, core: LoopCore
    ) {
        self.descriptor = descriptor
        self.handler = handler
        self.limits = limits
        self.core = core
        loop = core.owner
        remoteAddress = remote
        id = core.nextConnectionID()
        lastReceived = core.now
        // SAFETY: unretained; `core` holds self until `letGo`, after which uv makes no callback.
        unsafe poll = makePollHandle(core.loop, descriptor, context: Unmanaged.passUnretained(self).toOpaque())
    }

    private var isWaiting: Bool { written < output.count }

    /// Tells uv what this stage waits for.
    private func watch() {
        guard let poll = unsafe poll else { return }
        let events = UV_READABLE.rawValue | (isWaiting ? UV_WRITABLE.rawValue : 0)
        unsafe uv_poll_start(poll, CInt(events), streamReady)
    }

    fileprivate func ready(failed: Bool, events: CInt) {
        if failed { return lost("the connection broke") }
        if UInt32(events) & UV_WRITABLE.rawValue != 0 { flush() }
        if UInt32(events) & UV_READABLE.rawValue != 0 { read() }
    }

    // MARK: Receiving

    private static let readBytes = 16384

    private func read() {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.readBytes) { buffer in
            guard unsafe poll != nil else { return }
            let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            guard count > 0 else {
                if count == 0 {
                    end(.peer(code: 1005, reason: ""))
                } else if errno != EAGAIN && errno != EINTR {
                    lost(SocketAddress.message(errno))
                }
                return
            }
            lastReceived = core.now
            core.owner.counters.bytesReceived.add(count)
            guard case .open = stage else { return }
            unsafe handler.received(UnsafeBufferPointer(rebasing: buffer[..<count]).span, on: self)
        }
    }

    // MARK: Sending

    @discardableResult
    package func send(text: Span<UInt8>) -> SendOutcome { send(binary: text) }

    @discardableResult
    package func send(binary message: Span<UInt8>) -> SendOutcome {
        loop.preconditionCurrent()
        guard case .open = stage else { return .closed }
        guard output.count - written + message.count <= limits.sendQueueBytes else {
            core.owner.counters.queueOverflows.add()
            // The peer is not reading, so what waits would only delay the end.
            output = []
            written = 0
            close(code: 1013, reason: "too slow")
            return .overflow
        }
        for index in message.indices { output.append(message[index]) }
        core.owner.counters.bytesSent.add(message.count)
        flush()
        return .queued
    }

    private func flush() {
        let hadToWait = isWaiting
        while isWaiting, unsafe poll != nil {
            let count = unsafe output.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    descriptor, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written,
                    CInt(MSG_NOSIGNAL))
            }
            if count > 0 {
                written += count
            } else if errno == EAGAIN {
                break
            } else if errno != EINTR {
                // The loop tells of it: whoever sends need not expect its own end.
                shutdown(descriptor, SocketKind.bothWays)
                output.removeAll(keepingCapacity: true)
                written = 0
            }
        }
        if !isWaiting {
            output.removeAll(keepingCapacity: true)
            written = 0
            shutIfClosing()
        } else if written >= Self.readBytes {
            output.removeFirst(written)
            written = 0
        }
        if hadToWait || isWaiting { watch() }
    }

    // MARK: Ending

    package func close(code: UInt16, reason: String) {
        loop.preconditionCurrent()
        guard case .open = stage else { return }
        stage = .closing(.local(code: code, reason: reason))
        closeDeadline = core.now + limits.closeTimeout.wholeMilliseconds
        if !isWaiting { shutIfClosing() }
    }

    /// A close with unread bytes would reset the connection and could destroy what was sent last, so only our side is shut
    /// until the peer closes too.
    private func shutIfClosing() {
        guard case .closing = stage, !isShut else { return }
        isShut = true
        shutdown(descriptor, SocketKind.sending)
    }

    private func lost(_ detail: String) {
        end(
            .failure(
                NetworkError(.connectionLost, operation: "stream", subject: remoteAddress, detail: detail)))
    }

    /// Ends it at once, whatever the peer does.
    func cut() { end(.local(code: 1001, reason: "shutting down")) }

    /// Lets go of the descriptor and tells the handler. Once.
    ///
    /// - Parameter fallback: why, if we have not closed it.
    private func end(_ fallback: WebSocketCloseReason) {
        let reason: WebSocketCloseReason
        switch stage {
        case .ended: return
        case .open: reason = fallback
        case .closing(let ours): reason = ours
        }
        stage = .ended
        output = []
        written = 0
        if let poll = unsafe poll {
            unsafe self.poll = nil
            unsafe uv_poll_stop(poll)
            unsafe closeAndFree(poll)
            Glibc.close(descriptor)
        }
        handler.closed(self, reason: reason)
        core.remove(id)
    }
}

extension StreamSocket: LoopConnection {
    func checkDeadlines(now: UInt64) {
        if closeDeadline != 0 {
            guard now >= closeDeadline else { return }
            // A peer that has closed as well is gone already.
            core.owner.counters.timeouts.add()
            return end(.local(code: 1001, reason: "timeout"))
        }
        guard now - min(now, lastReceived) >= limits.idleTimeout.wholeMilliseconds else { return }
        core.owner.counters.timeouts.add()
        close(code: 1001, reason: "idle")
    }

    func beginShutdown() { close(code: 1001, reason: "shutting down") }
}

/// uv's callback for every ``StreamSocket``.
private func streamReady(_ handle: UnsafeMutablePointer<uv_poll_t>?, _ status: CInt, _ events: CInt) {
    guard let data = unsafe handle?.pointee.data else { return }
    // SAFETY: set in `StreamSocket.init`; retained here because the handler may let the socket go while it is called.
    let socket = unsafe Unmanaged<StreamSocket>.fromOpaque(data).takeUnretainedValue()
    withExtendedLifetime(socket) { socket.ready(failed: status != 0, events: events) }
}
