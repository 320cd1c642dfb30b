import CUV
import CWebSockets
import Glibc
import Logging

/// The only owner of a listening socket: accepts connections and hands them to libwebsockets.
///
/// libwebsockets' own listener cannot share a port between contexts (Debian builds it for one thread), so this is ours.
@safe final class Acceptor {
    /// What connections are for.
    enum Purpose {
        case requests(any ListenerService)
        case streams(any StreamService, StreamLimits)
    }

    let port: Int
    let configuration: ListenerConfiguration
    private let purpose: Purpose
    private unowned let core: LoopCore
    private let host: OpaquePointer
    private let descriptor: CInt
    private var poll: UnsafeMutablePointer<uv_poll_t>?
    private var pause: LoopTimer?

    /// Binds and listens.
    init(core: LoopCore, configuration: ListenerConfiguration, purpose: Purpose) throws(NetworkError) {
        let host = try unsafe core.hosts.server(configuration.tls, owner: core.owner)
        let descriptor = try Self.listeningSocket(configuration)
        self.core = core
        self.configuration = configuration
        self.purpose = purpose
        unsafe self.host = host
        self.descriptor = descriptor
        port = SocketAddress.boundPort(of: descriptor)
        // SAFETY: unretained; `core.acceptors` holds self until `close`, after which uv makes no callback.
        guard
            let poll = unsafe makePollHandle(core.loop, descriptor, context: Unmanaged.passUnretained(self).toOpaque())
        else {
            Glibc.close(descriptor)
            throw NetworkError(
                .unavailable, operation: "listen", subject: "\(configuration.host):\(port)",
                detail: "the event loop cannot watch the socket")
        }
        unsafe self.poll = poll
        unsafe uv_poll_start(poll, CInt(UV_READABLE.rawValue), acceptorReadable)
    }

    /// Stops accepting. Connections already accepted stay.
    func close() {
        guard let poll = unsafe poll else { return }
        unsafe self.poll = nil
        pause?.cancel()
        unsafe uv_poll_stop(poll)
        unsafe closeAndFree(poll)
        Glibc.close(descriptor)
    }

    private static func listeningSocket(_ configuration: ListenerConfiguration) throws(NetworkError) -> CInt {
        let subject = "\(configuration.host):\(configuration.port)"
        guard (0...65_535).contains(configuration.port) else {
            throw NetworkError(.invalidArgument, operation: "listen", subject: subject, detail: "a port is 0 to 65535")
        }
        let made = unsafe SocketAddress.withAddress(host: configuration.host, port: configuration.port) {
            address, length, family -> (descriptor: CInt, error: CInt) in
            let descriptor = socket(
                family, SocketKind.stream | SocketKind.own, 0)
            guard descriptor >= 0 else { return (-1, errno) }
            setFlag(descriptor, SOL_SOCKET, SO_REUSEADDR)
            if configuration.sharesPort { setFlag(descriptor, SOL_SOCKET, SO_REUSEPORT) }
            if unsafe bind(descriptor, address, length) != 0 || listen(descriptor, CInt(configuration.backlog)) != 0 {
                let error = errno
                Glibc.close(descriptor)
                return (-1, error)
            }
            return (descriptor, 0)
        }
        guard let made else {
            throw NetworkError(
                .invalidArgument, operation: "listen", subject: subject, detail: "the host must be a numeric address")
        }
        guard made.descriptor >= 0 else {
            throw NetworkError(
                .unavailable, operation: "listen", subject: subject, detail: SocketAddress.message(made.error))
        }
        return made.descriptor
    }

    private static func setFlag(_ descriptor: CInt, _ level: CInt, _ option: CInt) {
        var on: CInt = 1
        unsafe setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<CInt>.size))
    }

    /// Connections taken per turn, so that a flood does not hold up the sockets already open.
    private static let burst = 32

    fileprivate func acceptWaiting() {
        for _ in 0..<Self.burst where unsafe poll != nil {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let accepted = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    address -> (descriptor: CInt, error: CInt, remote: String) in
                    let descriptor = unsafe accept4(
                        self.descriptor, address, &length, SocketKind.own)
                    guard descriptor >= 0 else { return (-1, errno, "") }
                    return (descriptor, 0, unsafe SocketAddress.numericHost(address, length: length) ?? "")
                }
            }
            if accepted.descriptor >= 0 {
                take(accepted.descriptor, from: accepted.remote)
            } else if accepted.error == EINTR || accepted.error == ECONNABORTED {
                continue
            } else {
                if accepted.error == EMFILE || accepted.error == ENFILE || accepted.error == ENOMEM { rest() }
                return
            }
        }
    }

    /// Out of descriptors: the socket stays readable, so polling on would spin. Look again a little later.
    private func rest() {
        guard let poll = unsafe poll, pause == nil else { return }
        core.owner.counters.refused.add()
        core.owner.logger.warning("No descriptor or memory for a new connection; accepting pauses for 100 ms")
        unsafe uv_poll_stop(poll)
        pause = core.owner.schedule(after: .milliseconds(100)) { [weak self] in
            guard let self, let poll = unsafe self.poll else { return }
            pause = nil
            unsafe uv_poll_start(poll, CInt(UV_READABLE.rawValue), acceptorReadable)
        }
    }

    private func take(_ descriptor: CInt, from remote: String) {
        let counters = core.owner.counters
        guard core.acceptedCount < core.owner.configuration.maximumConnections || core.makeRoom() else {
            counters.refused.add()
            if case .requests = purpose, configuration.tls == nil { Self.sendBusy(descriptor) }
            Glibc.close(descriptor)
            return
        }
        counters.accepted.add()
        Self.setFlag(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY)
        Self.setFlag(descriptor, SOL_SOCKET, SO_KEEPALIVE)
        switch purpose {
        case .streams(let service, let limits):
            StreamSocket.begin(descriptor, from: remote, service: service, limits: limits, core: core)
        case .requests(let service):
            guard configuration.tls != nil else {
                return HTTPConnection.begin(descriptor, from: remote, of: self, service: service, core: core)
            }
            guard let plainEnd = unsafe TLSRelay.begin(descriptor, host: host, core: core) else {
                counters.refused.add()
                return
            }
            HTTPConnection.begin(plainEnd, from: remote, of: self, service: service, core: core)
        }
    }

    /// Best effort: the peer may see the reset instead.
    private static func sendBusy(_ descriptor: CInt) {
        let bytes = HTTPResponse.status(503).serialized(keepsAlive: false, isHead: false)
        unsafe bytes.withUnsafeBytes { bytes in
            _ = unsafe send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
        }
    }
}

/// uv's callback for every ``Acceptor``.
private func acceptorReadable(_ handle: UnsafeMutablePointer<uv_poll_t>?, _ status: CInt, _ events: CInt) {
    guard let data = unsafe handle?.pointee.data, status == 0 else { return }
    // SAFETY: set in `Acceptor.init`; the acceptor outlives its handle's callbacks.
    unsafe Unmanaged<Acceptor>.fromOpaque(data).takeUnretainedValue().acceptWaiting()
}
