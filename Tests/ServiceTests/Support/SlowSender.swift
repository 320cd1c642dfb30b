import Glibc

/// A client that begins a request, of whose body then little or nothing comes.
enum SlowSender {
    /// Blocks until the other side has closed the connection.
    ///
    /// - Parameters:
    ///   - begin: what is sent at once.
    ///   - pause: from one further byte to the next; nil for none.
    /// - Returns: how long it was open; nil where it still is when the patience is over.
    static func timeUntilClosed(
        _ begin: String, byteEvery pause: Duration?, to port: Int, patience: Duration
    ) -> Duration? {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { _ = Glibc.close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        precondition(status == 0, "nobody listens on port \(port)")
        let began = ContinuousClock.now
        guard send(Array(begin.utf8), to: descriptor) else { return ContinuousClock.now - began }
        var next = pause.map { began + $0 }
        while ContinuousClock.now - began < patience {
            if let due = next, let pause, ContinuousClock.now >= due {
                guard send([0x20], to: descriptor) else { return ContinuousClock.now - began }
                next = ContinuousClock.now + pause
            }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&waiting, 1, 50) > 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { return ContinuousClock.now - began }
        }
        return nil
    }

    /// - Returns: false where the other side has closed it.
    private static func send(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) == $0.count
        }
    }
}
