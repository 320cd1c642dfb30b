import CWebSockets

/// A WebSocket inside libwebsockets: accepted and upgraded, or on its way to a server.
@safe final class WebSocketConnection: LibraryConnection {
    enum Phase {
        /// The service accepted; libwebsockets is finishing the handshake.
        case upgrading(any WebSocketHandler, WebSocketLimits)
        /// Ours, on its way.
        case connecting(ConnectAttempt)
        case open(WebSocket)
        case finished
    }

    let remoteAddress: String
    var phase: Phase
    /// [ms on uv's clock] When an outgoing connection must be open.
    private var deadline: UInt64 = 0

    /// A connection whose request a service accepted.
    init(core: LoopCore, handler: any WebSocketHandler, limits: WebSocketLimits, remoteAddress: String) {
        self.remoteAddress = remoteAddress
        phase = .upgrading(handler, limits)
        super.init(core: core)
    }

    init(core: LoopCore, attempt: ConnectAttempt, remoteAddress: String) {
        self.remoteAddress = remoteAddress
        phase = .connecting(attempt)
        deadline = attempt.deadline
        super.init(core: core)
    }

    /// Hands an accepted descriptor to libwebsockets, which owns it from here on, together with `opening`: what the
    /// peer would have sent if it spoke to libwebsockets alone.
    func adopt(_ descriptor: CInt, opening: [UInt8]) {
        core.add(self, id: id, isAccepted: true)
        core.adopting = self
        let adopted = unsafe opening.withUnsafeBytes { bytes in
            unsafe lws_adopt_socket_vhost_readbuf(
                core.hosts.plain, descriptor, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        core.adopting = nil
        // Nothing if libwebsockets refused so early that it will make no callback.
        if unsafe adopted == nil && handle == nil { destroyed() }
    }

    override func called(
        _ handle: OpaquePointer, _ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ length: Int
    ) -> CInt {
        switch reason {
        case LWS_CALLBACK_RECEIVE, LWS_CALLBACK_CLIENT_RECEIVE:
            guard case .open(let socket) = phase else { return -1 }
            unsafe socket.received(callbackBytes(input, length))
        case LWS_CALLBACK_SERVER_WRITEABLE, LWS_CALLBACK_CLIENT_WRITEABLE:
            guard case .open(let socket) = phase else { return -1 }
            return socket.writable()
        case LWS_CALLBACK_RECEIVE_PONG, LWS_CALLBACK_CLIENT_RECEIVE_PONG:
            if case .open(let socket) = phase { socket.pongReceived() }
        case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
            if case .open(let socket) = phase { unsafe socket.peerClosed(callbackBytes(input, length)) }
        case LWS_CALLBACK_ESTABLISHED: return unsafe established(handle)
        case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
            return unsafe appendHeaders(handle, at: input, capacity: length)
        case LWS_CALLBACK_CLIENT_ESTABLISHED: return unsafe clientEstablished(handle)
        case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
            unsafe clientFailed(
                handle, detail: String(decoding: callbackBytes(input, length).prefix { $0 != 0 }, as: UTF8.self))
        // An accepted connection is an upgrade or nothing.
        case LWS_CALLBACK_HTTP: return -1
        case LWS_CALLBACK_CLOSED, LWS_CALLBACK_CLIENT_CLOSED, LWS_CALLBACK_CLOSED_HTTP: lost()
        default: break
        }
        return 0
    }

    private func established(_ handle: OpaquePointer) -> CInt {
        guard case .upgrading(let handler, let limits) = phase else { return -1 }
        unsafe open(WebSocket(connection: self, handle: unsafe handle, handler: handler, limits: limits))
        return 0
    }

    func open(_ socket: WebSocket) {
        phase = .open(socket)
        deadline = 0
        socket.begin()
    }

    override func destroyed() {
        lost()
        super.destroyed()
    }

    /// The connection is gone, though libwebsockets may still hold it.
    func lost() {
        end(
            .failure(
                NetworkError(
                    .connectionLost, operation: "WebSocket", subject: remoteAddress,
                    detail: "the connection broke without a closing handshake")))
    }

    /// Tells whoever is concerned that it is over. Once.
    private func end(_ reason: WebSocketCloseReason) {
        let last = phase
        phase = .finished
        deadline = 0
        switch last {
        case .upgrading(let handler, _): handler.closed(nil, reason: reason)
        case .connecting(let attempt): attempt.failed(reason, core: core)
        case .open(let socket): socket.ended(reason)
        case .finished: break
        }
    }

    override func checkDeadlines(now: UInt64) {
        switch phase {
        case .open(let socket): socket.checkDeadlines(now: now)
        case .connecting(let attempt) where now >= deadline:
            core.owner.counters.timeouts.add()
            attempt.isLate = true
            abandon()
        case .connecting, .upgrading, .finished: break
        }
    }

    override func beginShutdown() {
        switch phase {
        case .open(let socket): socket.close(code: 1001, reason: "shutting down")
        case .connecting: abandon()
        case .upgrading: cut()
        case .finished: break
        }
    }

    /// Ends a connection that is still being made.
    private func abandon() {
        guard let handle = unsafe handle else { return }
        unsafe lws_set_timeout(handle, PENDING_TIMEOUT_USER_OK, CInt(lws_kill_now))
        // libwebsockets looks at its timers only after network events.
        unsafe lws_cancel_service(core.hosts.contextPointer)
    }
}
