import CWebSockets

extension WebSocketConnection {
    /// `LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER`: `position` points to where in the handshake to write. TLS is up and
    /// nothing has been sent through it.
    func appendHeaders(_ handle: OpaquePointer, at position: UnsafeMutableRawPointer?, capacity: Int) -> CInt {
        guard case .connecting(let attempt) = phase, let position = unsafe position else { return -1 }
        let host = attempt.target.host
        if core.hosts.verifiesAddress(of: attempt.target), unsafe lws_peer_certificate_is_for_address(handle, host) == 0
        {
            attempt.failure = attempt.error(.tlsFailed, "the certificate is not for the address \(host)")
            return -1
        }
        var text = ""
        for (name, value) in attempt.request.headers { text += "\(name): \(value)\r\n" }
        guard !text.isEmpty else { return 0 }
        // libwebsockets goes on after what we add; keep room for it.
        guard text.utf8.count < capacity - 256 else {
            attempt.failure = attempt.error(.limitExceeded, "the handshake's headers are too large")
            return -1
        }
        // SAFETY: libwebsockets passes `unsigned char **`.
        let cursor = unsafe position.assumingMemoryBound(to: UnsafeMutablePointer<UInt8>.self)
        for byte in text.utf8 {
            unsafe cursor.pointee.pointee = byte
            unsafe cursor.pointee += 1
        }
        return 0
    }

    /// `LWS_CALLBACK_CLIENT_ESTABLISHED`.
    func clientEstablished(_ handle: OpaquePointer) -> CInt {
        guard case .connecting(let attempt) = phase else { return -1 }
        unsafe self.handle = handle
        open(
            unsafe WebSocket(
                connection: self, handle: handle, handler: attempt.handler, limits: attempt.request.limits))
        return 0
    }

    /// `LWS_CALLBACK_CLIENT_CONNECTION_ERROR`.
    func clientFailed(_ handle: OpaquePointer, detail: String) {
        guard case .connecting(let attempt) = phase else { return lost() }
        if attempt.failure == nil {
            let status = unsafe Int(lws_http_client_http_response(handle))
            attempt.failure =
                status > 0 && status != 101
                ? attempt.error(.refused, detail, status: status) : attempt.error(Self.code(for: detail), detail)
        }
        lost()
    }

    /// libwebsockets has words only.
    private static func code(for detail: String) -> NetworkError.Code {
        let detail = detail.lowercased()
        if detail.contains("tls") || detail.contains("ssl") || detail.contains("cert") || detail.contains("verif") {
            return .tlsFailed
        }
        if detail.hasPrefix("hs:") || detail.contains("protocol") { return .protocolViolation }
        return .connectFailed
    }
}
