import CUV
import Glibc

/// The only owner of an accepted plain-text socket while it speaks HTTP: reads requests, has the service answer them,
/// and hands the socket to libwebsockets when a WebSocket opens.
///
/// HTTP is not left to libwebsockets because its 4.1 loops for ever on a pipelined request with a body, hides headers
/// it does not know, and gives the query decoded, which no signature survives. Loop's thread only.
@safe final class HTTPConnection: LoopConnection {
    private enum Phase {
        case reading
        /// The service is at work; nothing is read meanwhile, so a pipelined request waits in the kernel.
        case responding(Task<Void, Never>, keepsAlive: Bool, isHead: Bool)
        case writing(keepsAlive: Bool)
        /// All is sent. What still comes is dropped until the peer closes too, for a close with unread bytes would
        /// reset the connection and could destroy the answer.
        case lingering
        case finished
    }

    private let id: UInt64
    private unowned let core: LoopCore
    private let listener: Acceptor
    private let service: any ListenerService
    private let remoteAddress: String
    private let descriptor: CInt
    private var poll: UnsafeMutablePointer<uv_poll_t>?
    private var parser: HTTPRequestParser
    private var phase = Phase.reading
    private var output: [UInt8] = []
    private var written = 0
    /// Counts requests, so that a late answer is not taken for the next request's.
    private var exchange = 0
    /// Whether a request has begun to arrive.
    private var isInsideRequest = true
    private var wasInsideBody = false
    /// [ms on uv's clock]
    private var deadline: UInt64

    /// Takes over an accepted descriptor.
    static func begin(
        _ descriptor: CInt, from remote: String, of listener: Acceptor, service: any ListenerService, core: LoopCore
    ) {
        let connection = HTTPConnection(descriptor, from: remote, of: listener, service: service, core: core)
        guard unsafe connection.poll != nil else {
            core.owner.counters.refused.add()
            Glibc.close(descriptor)
            return
        }
        core.add(connection, id: connection.id, isAccepted: true)
        core.silent.waits(connection.id, hasAsked: false)
        connection.watch()
    }

    private init(
        _ descriptor: CInt, from remote: String, of listener: Acceptor, service: any ListenerService, core: LoopCore
    ) {
        self.descriptor = descriptor
        self.service = service
        self.core = core
        self.listener = listener
        remoteAddress = remote
        id = core.nextConnectionID()
        parser = HTTPRequestParser(
            maximumHeaderBytes: core.owner.configuration.maximumHeaderBytes,
            maximumBodyBytes: listener.configuration.maximumBodyBytes)
        deadline = core.now + core.owner.configuration.handshakeTimeout.wholeMilliseconds
        // SAFETY: unretained; `core` holds self until `letGo`, after which uv makes no callback.
        unsafe poll = makePollHandle(core.loop, descriptor, context: Unmanaged.passUnretained(self).toOpaque())
    }

    /// Tells uv what this phase waits for.
    private func watch() {
        guard let poll = unsafe poll else { return }
        switch phase {
        case .reading, .lingering: unsafe uv_poll_start(poll, CInt(UV_READABLE.rawValue), httpConnectionReady)
        case .writing: unsafe uv_poll_start(poll, CInt(UV_WRITABLE.rawValue), httpConnectionReady)
        case .responding, .finished: unsafe uv_poll_stop(poll)
        }
    }

    /// Ends our part in the connection.
    ///
    /// - Parameter closes: false if somebody else takes the descriptor.
    private func letGo(closes: Bool = true) {
        if case .responding(let task, _, _) = phase { task.cancel() }
        phase = .finished
        guard let poll = unsafe poll else { return }
        unsafe self.poll = nil
        unsafe uv_poll_stop(poll)
        unsafe closeAndFree(poll)
        if closes { close(descriptor) }
        core.remove(id)
    }

    fileprivate func ready(failed: Bool) {
        if failed { return letGo() }
        switch phase {
        case .reading: read()
        case .writing: write()
        case .lingering: drain()
        case .responding, .finished: break
        }
    }

    // MARK: Reading

    private static let readBytes = 16384

    private func read() {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.readBytes) { buffer in
            let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            guard count > 0 else {
                if count == 0 || (errno != EAGAIN && errno != EINTR) { letGo() }
                return
            }
            if !isInsideRequest {
                isInsideRequest = true
                deadline = core.now + core.owner.configuration.handshakeTimeout.wholeMilliseconds
            }
            unsafe parser.push(UnsafeBufferPointer(rebasing: buffer[..<count]).span)
            advance()
        }
    }

    /// Takes the next request out of what has been read.
    private func advance() {
        switch parser.next() {
        case .needsMore(let continues):
            if parser.isInsideBody && !wasInsideBody {
                deadline = core.now + listener.configuration.bodyTimeout.wholeMilliseconds
                core.silent.isBusy(id)
            }
            wasInsideBody = parser.isInsideBody
            if continues { sendInterim() }
        case .fault(let status):
            exchange += 1
            core.owner.counters.badRequests.add()
            respond(.status(status), keepsAlive: false, isHead: false)
        case .request(var request, let keepsAlive):
            exchange += 1
            core.silent.isBusy(id)
            wasInsideBody = false
            request.remoteAddress = remoteAddress
            if UpgradeRequest.isWanted(by: request) {
                upgrade(request, keepsAlive: keepsAlive)
            } else {
                dispatch(request, keepsAlive: keepsAlive)
            }
        }
    }

    /// Best effort: a client that hears nothing sends its body all the same after a moment.
    private func sendInterim() {
        let bytes = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
    }

    private func dispatch(_ request: HTTPRequest, keepsAlive: Bool) {
        let (loop, service, id, exchange) = (core.owner, service, id, exchange)
        let task = Task {
            let response = await service.respond(to: request)
            loop.post { loop.currentCore?.httpConnection(id)?.answer(response, exchange: exchange) }
        }
        phase = .responding(task, keepsAlive: keepsAlive, isHead: request.method == "HEAD")
        deadline = core.now + listener.configuration.responseTimeout.wholeMilliseconds
        watch()
    }

    private func upgrade(_ request: HTTPRequest, keepsAlive: Bool) {
        let upgrade: UpgradeRequest
        do throws(UpgradeRequest.Refusal) {
            upgrade = try UpgradeRequest(request)
        } catch {
            core.owner.counters.badRequests.add()
            return respond(error.response, keepsAlive: keepsAlive, isHead: false)
        }
        guard !core.isShuttingDown else { return respond(.status(503), keepsAlive: false, isHead: false) }
        switch service.upgrade(request, on: core.owner) {
        case .refuse(let response): respond(response, keepsAlive: keepsAlive, isHead: false)
        case .accept(let handler, let subprotocol):
            guard subprotocol.map({ request.subprotocols.contains($0) && UpgradeRequest.isUsable($0) }) ?? true else {
                core.owner.counters.badRequests.add()
                let error = NetworkError(
                    .protocolViolation, operation: "WebSocket", subject: remoteAddress,
                    detail: "the client did not offer the subprotocol \(subprotocol ?? "")")
                handler.closed(nil, reason: .failure(error))
                let words = HTTPResponse.text("none of the offered subprotocols is spoken here\n", status: 400)
                return respond(words, keepsAlive: keepsAlive, isHead: false)
            }
            let opening = upgrade.opening(subprotocol: subprotocol) + parser.leftover
            let core = core
            if let subprotocol { core.hosts.agree(on: subprotocol) }
            letGo(closes: false)
            WebSocketConnection(
                core: core, handler: handler, limits: listener.configuration.webSocket, remoteAddress: remoteAddress
            ).adopt(descriptor, opening: opening)
        }
    }

    // MARK: Answering

    /// Begins to send what the service said, unless that exchange is over.
    func answer(_ response: HTTPResponse, exchange: Int) {
        guard exchange == self.exchange, case .responding(_, let keepsAlive, let isHead) = phase else { return }
        respond(response, keepsAlive: keepsAlive && !core.isShuttingDown, isHead: isHead)
    }

    private func respond(_ response: HTTPResponse, keepsAlive: Bool, isHead: Bool) {
        core.owner.counters.requests.add()
        core.silent.isBusy(id)
        output = response.serialized(keepsAlive: keepsAlive, isHead: isHead)
        written = 0
        phase = .writing(keepsAlive: keepsAlive)
        deadline = core.now + Self.writeTimeout
        write()
    }

    private func write() {
        while written < output.count {
            let count = unsafe output.withUnsafeBytes { bytes in
                unsafe send(
                    descriptor, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written,
                    CInt(MSG_NOSIGNAL))
            }
            if count > 0 {
                written += count
            } else if errno == EAGAIN {
                return watch()
            } else if errno != EINTR {
                return letGo()
            }
        }
        guard case .writing(let keepsAlive) = phase else { return }
        output = []
        guard keepsAlive else { return linger() }
        phase = .reading
        core.silent.waits(id, hasAsked: true)
        isInsideRequest = !parser.leftover.isEmpty
        deadline =
            core.now
            + (isInsideRequest ? core.owner.configuration.handshakeTimeout : core.owner.configuration.keepAliveTimeout)
            .wholeMilliseconds
        watch()
        if isInsideRequest { advance() }
    }

    private func linger() {
        phase = .lingering
        deadline = core.now + Self.lingerTimeout
        shutdown(descriptor, SocketKind.sending)
        watch()
    }

    private func drain() {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.readBytes) { buffer in
            let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { letGo() }
        }
    }

    /// [ms]
    private static let writeTimeout: UInt64 = 10_000
    private static let lingerTimeout: UInt64 = 1_000

    // MARK: Deadlines

    func checkDeadlines(now: UInt64) {
        guard now >= deadline else { return }
        switch phase {
        case .reading:
            core.owner.counters.timeouts.add()
            guard isInsideRequest else { return letGo() }
            core.owner.counters.badRequests.add()
            respond(.status(408), keepsAlive: false, isHead: false)
        case .responding(let task, _, let isHead):
            core.owner.counters.timeouts.add()
            task.cancel()
            exchange += 1
            respond(.status(503), keepsAlive: false, isHead: isHead)
        case .writing:
            core.owner.counters.timeouts.add()
            letGo()
        case .lingering, .finished: letGo()
        }
    }

    /// A new connection takes this one's place.
    func makeRoom() { letGo() }

    func beginShutdown() {
        switch phase {
        case .reading, .responding, .lingering, .finished: letGo()
        // The answer under way is finished first.
        case .writing: phase = .writing(keepsAlive: false)
        }
    }
}

/// uv's callback for every ``HTTPConnection``.
private func httpConnectionReady(_ handle: UnsafeMutablePointer<uv_poll_t>?, _ status: CInt, _ events: CInt) {
    guard let data = unsafe handle?.pointee.data else { return }
    // SAFETY: set in `HTTPConnection.init`; the connection outlives its handle's callbacks.
    unsafe Unmanaged<HTTPConnection>.fromOpaque(data).takeUnretainedValue().ready(failed: status != 0)
}
