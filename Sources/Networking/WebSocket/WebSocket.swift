import CWebSockets
import DequeModule

/// One open WebSocket. All members are for its loop's thread; the state-changing ones trap elsewhere.
@safe package final class WebSocket: @unchecked Sendable {
    // @unchecked: handed about freely, but used on the loop's thread only, which `send`, `close` and the counters check.
    private struct Waiting {
        var buffer: BufferPool.Buffer
        var count: Int
        var kind: WebSocketMessageKind
    }

    private enum Stage {
        case open
        /// We want to close; the code goes out when the queue is empty.
        case closing(code: UInt16, reason: String)
        /// Our close frame is with libwebsockets.
        case closeSent(code: UInt16, reason: String)
        case closedByPeer(code: UInt16, reason: String)
        case ended
    }

    /// Unique within its loop.
    package let id: UInt64
    /// The peer's numeric address, without port.
    package let remoteAddress: String
    /// The loop it lives on.
    package let loop: EventLoop
    let limits: WebSocketLimits
    private unowned let connection: WebSocketConnection
    private let handle: OpaquePointer
    private let handler: any WebSocketHandler
    private let pool: BufferPool
    private let counters: EventLoopMetrics

    private var stage = Stage.open
    private var queue = Deque<Waiting>()
    private var waitingBytes = 0
    /// Of a message the kernel took in part; libwebsockets keeps the rest.
    private var partialBytes = 0
    private var assembly: MessageAssembly
    private var isDiscarding = false
    /// The handler knows that it is over.
    private var hasTold = false
    /// [ms on uv's clock]
    private var lastReceived: UInt64
    private var lastPing: UInt64
    private var isPingDue = false
    private var closeDeadline: UInt64 = 0

    init(connection: WebSocketConnection, handle: OpaquePointer, handler: any WebSocketHandler, limits: WebSocketLimits)
    {
        self.connection = connection
        unsafe self.handle = handle
        self.handler = handler
        self.limits = limits
        id = connection.id
        remoteAddress = connection.remoteAddress
        loop = connection.core.owner
        pool = connection.core.pool
        counters = connection.core.owner.counters
        assembly = MessageAssembly(pool: connection.core.pool)
        lastReceived = connection.core.now
        lastPing = connection.core.now
    }

    deinit {
        for waiting in queue { pool.put(waiting.buffer) }
    }

    /// Announces it. Once.
    func begin() {
        counters.webSockets.add()
        handler.opened(self)
    }

    // MARK: Sending

    /// Bytes of messages the kernel has not taken.
    package var queuedBytes: Int { waitingBytes + partialBytes }

    /// Whether messages are still taken.
    package var isOpen: Bool { if case .open = stage { true } else { false } }

    /// Sends a text message; `text` must be UTF-8. Copied if it cannot be written at once.
    @discardableResult
    package func send(text: Span<UInt8>) -> SendOutcome {
        send(text, as: .text)
    }

    /// Sends a binary message. Copied if it cannot be written at once.
    @discardableResult
    package func send(binary: Span<UInt8>) -> SendOutcome {
        send(binary, as: .binary)
    }

    private func send(_ message: Span<UInt8>, as kind: WebSocketMessageKind) -> SendOutcome {
        loop.preconditionCurrent()
        guard case .open = stage else { return .closed }
        guard queuedBytes + message.count <= limits.sendQueueBytes else { return overflow() }
        let buffer = pool.take(lws_headroom + message.count)
        unsafe message.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            // SAFETY: taken large enough just above.
            unsafe (buffer.bytes + lws_headroom).update(from: start, count: source.count)
        }
        let waiting = Waiting(buffer: buffer, count: message.count, kind: kind)
        if queue.isEmpty && !isPartWaiting {
            // libwebsockets keeps what the kernel does not take, so writing outside its callback is safe, and saves
            // asking the kernel twice whether the socket is writable.
            if !write(waiting) { connection.cut() }
        } else {
            queue.append(waiting)
            waitingBytes += message.count
            unsafe lws_callback_on_writable(handle)
        }
        return .queued
    }

    private func overflow() -> SendOutcome {
        counters.queueOverflows.add()
        if case .close(let code) = limits.overflow {
            // The peer is not reading, so what waits would only delay the close.
            discardQueue()
            close(code: code, reason: "too slow")
        }
        return .overflow
    }

    /// Whether libwebsockets holds the rest of a message the kernel took in part.
    private var isPartWaiting: Bool { unsafe lws_partial_buffered(handle) != 0 }

    /// - Returns: whether the connection still works.
    private func write(_ waiting: Waiting) -> Bool {
        defer { pool.put(waiting.buffer) }
        let written = unsafe lws_write(
            handle, waiting.buffer.bytes + lws_headroom, waiting.count,
            waiting.kind == .text ? LWS_WRITE_TEXT : LWS_WRITE_BINARY)
        guard written >= 0 else { return false }
        partialBytes = isPartWaiting ? waiting.count : 0
        counters.messagesSent.add()
        counters.bytesSent.add(waiting.count)
        return true
    }

    /// Most bytes written before other sockets get their turn.
    private static let burstBytes = 256 * 1024

    /// `LWS_CALLBACK_SERVER_WRITEABLE` and its client twin.
    ///
    /// - Returns: -1 to let libwebsockets close.
    func writable() -> CInt {
        if !isPartWaiting { partialBytes = 0 }
        if isPingDue && isOpen {
            isPingDue = false
            guard sendPing() else { return -1 }
        }
        var written = 0
        while written < Self.burstBytes, !isPartWaiting, let next = queue.popFirst() {
            waitingBytes -= next.count
            written += next.count
            guard write(next) else { return -1 }
        }
        if !queue.isEmpty {
            unsafe lws_callback_on_writable(handle)
        } else if case .closing(let code, let reason) = stage, !isPartWaiting {
            stage = .closeSent(code: code, reason: reason)
            prepareCloseFrame(code: code, reason: reason)
            // Begins the closing handshake. Returning -1 from here would not: on libuv Debian's build then closes a
            // second time at once, before the frame is written.
            unsafe lws_set_timeout(handle, PENDING_TIMEOUT_USER_OK, CInt(lws_kill_now))
        }
        return 0
    }

    private func sendPing() -> Bool {
        let buffer = pool.take(lws_headroom + 8)
        defer { pool.put(buffer) }
        let payload = unsafe buffer.bytes + lws_headroom
        // Not empty, because libwebsockets does not report an empty pong.
        unsafe payload.initialize(repeating: 0x70, count: 4)
        return unsafe lws_write(handle, payload, 4, LWS_WRITE_PING) >= 0
    }

    // MARK: Closing

    /// Closes once everything queued is written. `reason` up to 123 bytes of UTF-8 (RFC 6455 §5.5); more is cut.
    package func close(code: UInt16 = 1000, reason: String = "") {
        loop.preconditionCurrent()
        guard case .open = stage else { return }
        stage = .closing(code: code, reason: reason)
        closeDeadline = connection.core.now + limits.closeTimeout.wholeMilliseconds
        unsafe lws_callback_on_writable(handle)
    }

    /// `reason` cut to what a close frame holds, never inside a character: a peer would have to fail the connection for it.
    static func closeReason(_ reason: String) -> [UInt8] {
        guard reason.utf8.count > 123 else { return Array(reason.utf8) }
        var bytes: [UInt8] = []
        for scalar in reason.unicodeScalars {
            let next = Array(String(scalar).utf8)
            guard bytes.count + next.count <= 123 else { break }
            bytes += next
        }
        return bytes
    }

    /// Gives libwebsockets the close frame to send when it closes.
    private func prepareCloseFrame(code: UInt16, reason: String) {
        var text = Self.closeReason(reason)
        unsafe text.withUnsafeMutableBufferPointer { text in
            unsafe lws_close_reason(handle, lws_close_status(UInt32(code)), text.baseAddress, text.count)
        }
    }

    /// The peer's close frame came; libwebsockets answers it.
    func peerClosed(_ payload: UnsafeBufferPointer<UInt8>) {
        switch stage {
        case .ended, .closedByPeer, .closeSent: return
        case .open, .closing: break
        }
        let code: UInt16
        if payload.count >= 2 {
            code = unsafe UInt16(payload[0]) << 8 | UInt16(payload[1])
        } else {
            code = 1005
        }
        stage = .closedByPeer(code: code, reason: unsafe String(decoding: payload.dropFirst(2), as: UTF8.self))
        closeDeadline = connection.core.now + limits.closeTimeout.wholeMilliseconds
        discardQueue()
    }

    private func discardQueue() {
        while let waiting = queue.popFirst() { pool.put(waiting.buffer) }
        waitingBytes = 0
    }

    /// It is over for its handler. `fallback` says why if nobody closed it.
    ///
    /// - Parameter isGone: whether the connection is, too; else what is being sent of a close goes on.
    func ended(_ fallback: WebSocketCloseReason, isGone: Bool = true) {
        let reason: WebSocketCloseReason
        switch stage {
        case .ended: return
        case .open: reason = fallback
        case .closing(let code, let text), .closeSent(let code, let text): reason = .local(code: code, reason: text)
        case .closedByPeer(let code, let text): reason = .peer(code: code, reason: text)
        }
        if isGone {
            stage = .ended
            discardQueue()
            assembly.reset()
            counters.webSockets.add(-1)
        }
        guard !hasTold else { return }
        hasTold = true
        handler.closed(self, reason: reason)
    }

    // MARK: Receiving

    /// A piece of a message.
    func received(_ piece: UnsafeBufferPointer<UInt8>) {
        lastReceived = connection.core.now
        guard !isDiscarding else { return }
        switch stage {
        case .open, .closing: break
        case .closeSent, .closedByPeer, .ended: return
        }
        guard assembly.count + piece.count <= limits.maximumMessageBytes else {
            counters.oversizedMessages.add()
            isDiscarding = true
            assembly.reset()
            discardQueue()
            // Not by returning -1: libwebsockets then frees a client's connection while it still reads what has come.
            close(code: 1009, reason: "message too large")
            // The handler need not wait until the peer has sent the rest of it.
            return ended(.local(code: 1009, reason: "message too large"), isGone: false)
        }
        let isFinal = unsafe lws_is_final_fragment(handle) != 0
        let kind: WebSocketMessageKind = unsafe lws_frame_is_binary(handle) != 0 ? .binary : .text
        if isFinal && assembly.count == 0 {
            count(piece.count)
            unsafe handler.received(piece.span, kind: kind, on: self)
        } else {
            unsafe assembly.append(piece)
            if isFinal {
                count(assembly.count)
                assembly.finish { handler.received($0, kind: kind, on: self) }
            }
        }
    }

    func pongReceived() {
        lastReceived = connection.core.now
    }

    private func count(_ bytes: Int) {
        counters.messagesReceived.add()
        counters.bytesReceived.add(bytes)
    }

    // MARK: Deadlines

    func checkDeadlines(now: UInt64) {
        if closeDeadline != 0 {
            guard now >= closeDeadline else { return }
            counters.timeouts.add()
            closeDeadline = 0
            return connection.cut()
        }
        guard case .open = stage else { return }
        let quiet = now - min(now, lastReceived)
        if let limit = limits.idleTimeout, quiet >= limit.wholeMilliseconds {
            counters.timeouts.add()
            return close(code: 1001, reason: "idle")
        }
        if let interval = limits.pingInterval?.wholeMilliseconds, quiet >= interval, now - lastPing >= interval {
            lastPing = now
            isPingDue = true
            unsafe lws_callback_on_writable(handle)
        }
    }
}
