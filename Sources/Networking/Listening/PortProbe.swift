import CUV
import CWebSockets
import Glibc

/// Whether an address could be listened on now. Binds it and lets it go again: nothing is accepted.
package enum PortProbe {
    /// What came of it.
    package enum Outcome: Sendable, Equatable {
        case free
        /// Something else listens there.
        case taken
        /// Ports below 1024 are for those who may.
        case forbidden
        /// No interface of this machine has the address.
        case notOurs
        /// In the system's words.
        case failed(String)
    }

    /// - Parameter host: a numeric address, see ``ListenerConfiguration/numericHost(_:)``.
    package static func look(host: String, port: Int) -> Outcome {
        guard (0...65_535).contains(port) else { return .failed("a port is 0 to 65535") }
        let fault = unsafe SocketAddress.withAddress(host: host, port: port) { address, length, family -> CInt in
            let descriptor = socket(family, SocketKind.stream | SocketKind.own, 0)
            guard descriptor >= 0 else { return errno }
            defer { _ = Glibc.close(descriptor) }
            var on: CInt = 1
            // As the listeners do it: connections that are only lingering are no obstacle.
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<CInt>.size))
            return unsafe bind(descriptor, address, length) == 0 && listen(descriptor, 1) == 0 ? 0 : errno
        }
        guard let fault else { return .failed("the host must be a numeric address") }
        return switch fault {
        case 0: .free
        case EADDRINUSE: .taken
        case EACCES, EPERM: .forbidden
        case EADDRNOTAVAIL: .notOurs
        default: .failed(SocketAddress.message(fault))
        }
    }
}
