import CUV
import Glibc

/// Numeric socket addresses.
@safe enum SocketAddress {
    /// The numeric form of the host part, e.g. `127.0.0.1` or `::1`.
    static func numericHost(_ address: UnsafePointer<sockaddr>?, length: socklen_t) -> String? {
        guard let address = unsafe address else { return nil }
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { text in
            let status = unsafe getnameinfo(
                address, length, text.baseAddress, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            return unsafe status == 0 ? text.baseAddress.map { unsafe String(cString: $0) } : nil
        }
    }

    static func isNumeric(_ host: String) -> Bool {
        var storage = sockaddr_storage()
        return unsafe inet_pton(AF_INET, host, &storage) == 1 || inet_pton(AF_INET6, host, &storage) == 1
    }

    /// Calls `body` with the socket address of a numeric host; nil if it is not one.
    static func withAddress<Result>(
        host: String, port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t, _ family: CInt) -> Result
    ) -> Result? {
        var four = sockaddr_in()
        if unsafe inet_pton(AF_INET, host, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = in_port_t(UInt16(port).bigEndian)
            return unsafe withUnsafePointer(to: &four) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    unsafe body(address, socklen_t(MemoryLayout<sockaddr_in>.size), AF_INET)
                }
            }
        }
        var six = sockaddr_in6()
        if unsafe inet_pton(AF_INET6, host, &six.sin6_addr) == 1 {
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = in_port_t(UInt16(port).bigEndian)
            return unsafe withUnsafePointer(to: &six) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    unsafe body(address, socklen_t(MemoryLayout<sockaddr_in6>.size), AF_INET6)
                }
            }
        }
        return nil
    }

    /// The port a socket is bound to; 0 if it is not.
    static func boundPort(of descriptor: CInt) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard unsafe getsockname(descriptor, address, &length) == 0 else { return 0 }
                // SAFETY: both families keep the port right after the family.
                return unsafe UnsafeRawPointer(address).loadUnaligned(fromByteOffset: 2, as: UInt16.self).byteSwapped
                    .asPort
            }
        }
    }

    /// The words for an `errno`.
    static func message(_ code: CInt) -> String {
        unsafe String(cString: strerror(code))
    }
}

extension UInt16 {
    fileprivate var asPort: Int { Int(self) }
}
