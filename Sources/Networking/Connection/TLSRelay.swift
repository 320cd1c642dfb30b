import CUV
import CWebSockets
import Glibc

/// Takes TLS off an accepted connection: libwebsockets speaks TLS with the peer, and what is inside passes to and from
/// one end of a local socket pair, so that everything behind it handles plain sockets only.
///
/// Both directions hold at most one piece back; then the faster side is not read. Loop's thread only.
@safe final class TLSRelay: LibraryConnection {
    /// Our end of the pair.
    private let descriptor: CInt
    private var poll: UnsafeMutablePointer<uv_poll_t>?
    /// From the peer, not yet taken by the pair.
    private var inbound: [UInt8] = []
    /// From the pair, not yet written to the peer.
    private var outbound: BufferPool.Buffer
    private var outboundCount = 0
    private var isPlainSideDone = false
    /// Whether anything passed, in either direction.
    private var isUsed = false

    private static let pieceBytes = 16384

    /// - Returns: the end that carries the plain text, or nil if there are no descriptors left; `accepted` is taken in
    ///   any case.
    static func begin(_ accepted: CInt, host: OpaquePointer, core: LoopCore) -> CInt? {
        var pair: (CInt, CInt) = (-1, -1)
        let status = unsafe withUnsafeMutableBytes(of: &pair) { bytes in
            unsafe socketpair(
                AF_UNIX, SocketKind.stream | SocketKind.own, 0,
                bytes.baseAddress?.assumingMemoryBound(to: CInt.self))
        }
        guard status == 0 else {
            close(accepted)
            return nil
        }
        let relay = TLSRelay(core: core, descriptor: pair.0)
        guard unsafe relay.poll != nil else {
            for descriptor in [accepted, pair.0, pair.1] { close(descriptor) }
            return nil
        }
        core.add(relay, id: relay.id, isAccepted: false)
        relay.watch()
        var info = unsafe lws_adopt_desc_t()
        unsafe info.vh = host
        unsafe info.type = lws_adoption_type(LWS_ADOPT_SOCKET.rawValue | LWS_ADOPT_ALLOW_SSL.rawValue)
        unsafe info.fd.sockfd = accepted
        unsafe info.opaque = relay.opaque
        unsafe relay.handle = lws_adopt_descriptor_vhost_via_info(&info)
        return pair.1
    }

    private init(core: LoopCore, descriptor: CInt) {
        self.descriptor = descriptor
        outbound = core.pool.take(lws_headroom + Self.pieceBytes)
        super.init(core: core)
        // SAFETY: unretained; `core` holds self until `destroyed`, which closes the handle.
        unsafe poll = makePollHandle(core.loop, descriptor, context: opaque)
    }

    override func destroyed() {
        if let poll = unsafe poll {
            unsafe self.poll = nil
            unsafe uv_poll_stop(poll)
            unsafe closeAndFree(poll)
            close(descriptor)
            core.pool.put(outbound)
        }
        super.destroyed()
    }

    private func watch() {
        guard let poll = unsafe poll else { return }
        var events: UInt32 = 0
        if outboundCount == 0 && !isPlainSideDone { events |= UV_READABLE.rawValue }
        if !inbound.isEmpty { events |= UV_WRITABLE.rawValue }
        if events == 0 {
            unsafe uv_poll_stop(poll)
        } else {
            unsafe uv_poll_start(poll, CInt(events), tlsRelayReady)
        }
    }

    // MARK: The peer's side

    override func called(
        _ handle: OpaquePointer, _ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ length: Int
    ) -> CInt {
        switch reason {
        case LWS_CALLBACK_RAW_RX:
            isUsed = true
            unsafe inbound += callbackBytes(input, length)
            flushInbound()
            // What libwebsockets reads ahead nonetheless is one piece of TLS, 16 KB.
            if !inbound.isEmpty { unsafe lws_rx_flow_control(handle, 0) }
        case LWS_CALLBACK_RAW_WRITEABLE: return unsafe writeOutbound(handle)
        case LWS_CALLBACK_RAW_CLOSE: shutdown(descriptor, SocketKind.bothWays)
        default: break
        }
        return 0
    }

    private func writeOutbound(_ handle: OpaquePointer) -> CInt {
        if outboundCount > 0 {
            let count = outboundCount
            outboundCount = 0
            // What the kernel does not take, libwebsockets keeps, and calls here again when it is gone.
            guard unsafe lws_write(handle, outbound.bytes + lws_headroom, count, LWS_WRITE_HTTP) >= 0 else { return -1 }
        }
        if unsafe lws_partial_buffered(handle) != 0 { return 0 }
        if isPlainSideDone { return -1 }
        watch()
        return 0
    }

    // MARK: The plain side

    fileprivate func ready(failed: Bool) {
        flushInbound()
        if outboundCount == 0 && !isPlainSideDone { readPlain(failed: failed) }
        watch()
    }

    private func flushInbound() {
        guard !inbound.isEmpty else { return }
        let count = unsafe inbound.withUnsafeBytes { bytes in
            unsafe send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
        }
        if count > 0 {
            inbound.removeFirst(count)
        } else if errno != EAGAIN && errno != EINTR {
            // The plain side is gone; the read that tells so ends the connection.
            inbound = []
        }
        if inbound.isEmpty, let handle = unsafe handle { unsafe lws_rx_flow_control(handle, 1) }
        watch()
    }

    private func readPlain(failed: Bool) {
        let count = unsafe recv(descriptor, outbound.bytes + lws_headroom, Self.pieceBytes, 0)
        if count > 0 {
            isUsed = true
            outboundCount = count
        } else if count == 0 || failed || (errno != EAGAIN && errno != EINTR) {
            isPlainSideDone = true
            // One that made room for another: with TLS not agreed, libwebsockets would keep it until its own deadline, and
            // however many come there would be no bound to those.
            if !isUsed { cut() }
        } else {
            return
        }
        guard let handle = unsafe handle else { return }
        unsafe lws_rx_flow_control(handle, 1)
        unsafe lws_callback_on_writable(handle)
    }
}

/// uv's callback for every ``TLSRelay``.
private func tlsRelayReady(_ handle: UnsafeMutablePointer<uv_poll_t>?, _ status: CInt, _ events: CInt) {
    guard let data = unsafe handle?.pointee.data else { return }
    // SAFETY: set in `TLSRelay.init`; the relay outlives its handle's callbacks.
    let connection = unsafe Unmanaged<LibraryConnection>.fromOpaque(data).takeUnretainedValue()
    (connection as? TLSRelay)?.ready(failed: status != 0)
}
