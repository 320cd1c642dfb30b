import Glibc
import Networking

/// A TCP server on loopback whose every connection runs a script on a thread of its own: what a peer does is written
/// down byte by byte, also what no proper peer would do.
final class ScriptedServer: Sendable {
    /// One accepted connection, with blocking calls.
    struct Connection: Sendable {
        let descriptor: CInt

        func send(_ text: String) {
            send(Array(text.utf8))
        }

        func send(_ bytes: [UInt8]) {
            var sent = 0
            while sent < bytes.count {
                let count = unsafe bytes.withUnsafeBytes { buffer in
                    unsafe Glibc.send(
                        descriptor, buffer.baseAddress.map { unsafe $0 + sent }, buffer.count - sent,
                        CInt(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                sent += count
            }
        }

        /// What has arrived; empty at the end of the stream.
        func receive() -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: 65536)
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
            return Array(bytes.prefix(max(count, 0)))
        }

        /// Reads until an empty line.
        @discardableResult
        func receiveHead() -> String {
            var bytes: [UInt8] = []
            while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
                let more = receive()
                if more.isEmpty { break }
                bytes += more
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        /// Reads one request, whose body has a stated length; nil at the end of the stream.
        func receiveRequest() -> (path: String, body: [UInt8])? {
            var bytes: [UInt8] = []
            let end = Array("\r\n\r\n".utf8)
            while true {
                if let head = bytes.firstRange(of: end) {
                    let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self).split(separator: "\r\n")
                    let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
                        .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) }
                    if bytes.count >= head.upperBound + (length ?? 0) {
                        let path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
                        return (path, Array(bytes[head.upperBound...]))
                    }
                }
                let more = receive()
                if more.isEmpty { return nil }
                bytes += more
            }
        }

        func close() {
            Glibc.close(descriptor)
        }

        /// Returns when the peer has closed.
        func waitForEnd() {
            while !receive().isEmpty {}
        }
    }

    let port: Int
    private let listener: CInt

    init(_ script: @escaping @Sendable (Connection) -> Void) {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(listener, address, length)
                listen(listener, 64)
                unsafe getsockname(listener, address, &length)
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        self.listener = listener
        detachThread {
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else {
                    // Closed here, so that its number cannot name something else while `accept` uses it.
                    Glibc.close(listener)
                    return
                }
                detachThread {
                    script(Connection(descriptor: descriptor))
                    Glibc.close(descriptor)
                }
            }
        }
    }

    deinit {
        shutdown(listener, CInt(SHUT_RDWR))
    }
}

/// A client's end of a plain TCP connection.
func connectPlain(port: Int) -> ScriptedServer.Connection {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            _ = unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    return ScriptedServer.Connection(descriptor: descriptor)
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func detachThread(_ run: @escaping @Sendable () -> Void) {
    let body = unsafe Unmanaged.passRetained(ThreadBody(run))
    var thread = pthread_t()
    unsafe pthread_create(
        &thread, nil,
        { context in
            if let context = unsafe context {
                unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
            }
            return nil
        }, body.toOpaque())
    pthread_detach(thread)
}

/// Runs something that blocks on a thread of its own, so that it holds up no task.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { done in detachThread { done.resume(returning: body()) } }
}

/// Counts what a script saw.
final class Counter: Sendable {
    private let value = Lock(0)

    var count: Int { value.withLock { $0 } }

    /// - Returns: the count with this one.
    func add() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}

/// Lets one side wait, without sleeping, until the other says so.
final class Gate: Sendable {
    private let semaphore: UnsafeSemaphore

    @safe private struct UnsafeSemaphore: @unchecked Sendable {
        let pointer: UnsafeMutablePointer<sem_t>
    }

    init() {
        unsafe semaphore = UnsafeSemaphore(pointer: .allocate(capacity: 1))
        unsafe semaphore.pointer.initialize(to: sem_t())
        unsafe sem_init(semaphore.pointer, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore.pointer)
        unsafe semaphore.pointer.deallocate()
    }

    func open() { unsafe sem_post(semaphore.pointer) }
    /// Blocks the thread.
    func wait() { unsafe sem_wait(semaphore.pointer) }
    func opened() async { await onThread { self.wait() } }
}
