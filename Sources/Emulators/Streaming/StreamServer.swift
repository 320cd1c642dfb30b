import Glibc
import Networking
import Synchronization

/// An HTTP/1.1 server whose answers are streams with a timing of their own, on one thread.
///
/// It decides itself where packets and chunks end and where a connection breaks, which is what an emulator of a
/// misbehaving vendor is for and what a proper server does not let one do.
@safe final class StreamServer: @unchecked Sendable {
    // @unchecked: `connections` belongs to the thread; the rest is constant after `start`, or atomic.
    private let respond: @Sendable (HTTPRequest) -> StreamedResponse
    /// Connections that clients closed before their answer ended.
    let abandoned = Tally()
    private var listener: CInt = -1
    /// Reading and writing end of a pipe that wakes the thread.
    private var waker: (read: CInt, write: CInt) = (-1, -1)
    private let isStopping = Atomic<Bool>(false)
    private var thread: pthread_t = 0
    private var connections: [StreamConnection] = []

    init(respond: @escaping @Sendable (HTTPRequest) -> StreamedResponse) {
        self.respond = respond
    }

    /// Listens on 127.0.0.1.
    ///
    /// - Parameter port: 0 takes any free one.
    /// - Returns: the port.
    func start(port: Int) throws(NetworkError) -> Int {
        listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var ends: [CInt] = [-1, -1]
        guard listener >= 0, unsafe pipe(&ends) == 0 else { throw failure("socket") }
        waker = (ends[0], ends[1])
        var on: CInt = 1
        unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<CInt>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> CInt in
                guard unsafe bind(listener, address, length) == 0, listen(listener, 1024) == 0 else { return -1 }
                return unsafe getsockname(listener, address, &length)
            }
        }
        guard status == 0 else { throw failure("listen") }
        // SAFETY: retained for the thread, which releases it.
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        guard unsafe pthread_create(&thread, nil, runStreamServer, context) == 0 else {
            unsafe Unmanaged<StreamServer>.fromOpaque(context).release()
            throw failure("pthread_create")
        }
        return Int(in_port_t(bigEndian: address.sin_port))
    }

    /// Cuts every connection and joins the thread. Once, after ``start(port:)``.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        var one: UInt8 = 1
        _ = unsafe write(waker.write, &one, 1)
        pthread_join(thread, nil)
        closeDescriptors()
    }

    private func failure(_ operation: String) -> NetworkError {
        let words = unsafe String(cString: strerror(errno))
        closeDescriptors()
        return NetworkError(.unavailable, operation: operation, subject: "127.0.0.1", detail: words)
    }

    private func closeDescriptors() {
        for descriptor in [listener, waker.read, waker.write] where descriptor >= 0 { close(descriptor) }
    }

    fileprivate func run() {
        var polled: [pollfd] = []
        while !isStopping.load(ordering: .acquiring) {
            polled.removeAll(keepingCapacity: true)
            polled.append(pollfd(fd: waker.read, events: Int16(POLLIN), revents: 0))
            polled.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
            let now = ContinuousClock.now
            var wait = Duration.seconds(1)
            for connection in connections {
                polled.append(pollfd(fd: connection.descriptor, events: connection.interest, revents: 0))
                if let resume = connection.resumesAt { wait = min(wait, max(resume - now, .zero)) }
            }
            // Rounded up, else the last fraction of a millisecond would be spent turning round and round.
            unsafe poll(&polled, nfds_t(polled.count), CInt((wait / .milliseconds(1)).rounded(.up)))
            serve(polled)
            if polled[1].revents != 0 { accept() }
        }
        for connection in connections { close(connection.descriptor) }
        connections = []
    }

    private func serve(_ polled: [pollfd]) {
        let now = ContinuousClock.now
        var isAnyClosed = false
        for (index, connection) in connections.enumerated() {
            let events = CInt(polled[index + 2].revents)
            if events & (POLLIN | POLLHUP | POLLERR) != 0 { connection.read(respond) }
            connection.advance(now: now)
            guard connection.isClosed else { continue }
            if connection.isAnswering { abandoned.add() }
            close(connection.descriptor)
            isAnyClosed = true
        }
        if isAnyClosed { connections.removeAll(where: \.isClosed) }
    }

    private func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            var on: CInt = 1
            unsafe setsockopt(
                descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
            connections.append(StreamConnection(descriptor))
        }
    }
}

private func runStreamServer(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    // SAFETY: retained for this thread in `start`.
    unsafe Unmanaged<StreamServer>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
