import Glibc

/// Connections to this machine that say nothing.
struct SilentSockets: Sendable {
    private let descriptors: [CInt]

    var count: Int { descriptors.count }

    /// Opens so many, each once the one before it is there. Fewer where the system gives no more descriptors.
    init(_ count: Int, to port: Int) {
        var descriptors: [CInt] = []
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        for _ in 0..<count {
            let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { break }
            let status = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard status == 0 else {
                Glibc.close(descriptor)
                break
            }
            descriptors.append(descriptor)
        }
        self.descriptors = descriptors
    }

    func close() { for descriptor in descriptors { Glibc.close(descriptor) } }

    /// Lets this process have as many descriptors as it may, for there are two ends of each connection in it.
    ///
    /// - Returns: how many those are.
    static func allowMany() -> Int {
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        unsafe getrlimit(kind, &limit)
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = min(limit.rlim_max, 65_536)
            unsafe setrlimit(kind, &limit)
        }
        return Int(clamping: limit.rlim_cur)
    }
}
