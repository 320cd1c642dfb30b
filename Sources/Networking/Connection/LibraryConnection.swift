import CWebSockets
import Glibc

/// One connection inside libwebsockets, from its adoption or start to libwebsockets' last callback for it.
///
/// Its address is the `opaque_user_data` of the `lws`: unretained, because `LoopCore.connections` holds it until
/// `LWS_CALLBACK_WSI_DESTROY`, after which libwebsockets does not use it. Loop's thread only.
@safe class LibraryConnection: LoopConnection {
    let id: UInt64
    unowned let core: LoopCore
    final var handle: OpaquePointer?

    init(core: LoopCore) {
        self.core = core
        id = core.nextConnectionID()
    }

    final var opaque: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

    /// - Returns: 0 to go on, -1 to let libwebsockets close the connection.
    func called(
        _ handle: OpaquePointer, _ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ length: Int
    ) -> CInt {
        0
    }

    /// Libwebsockets' last word on this connection.
    func destroyed() {
        unsafe handle = nil
        core.remove(id)
    }

    func checkDeadlines(now: UInt64) {}
    func beginShutdown() {}

    /// Ends the connection by shutting the socket down beneath libwebsockets, which then notices as it would notice a
    /// peer's reset: that works in each of its states, also with unsent bytes.
    final func cut() {
        guard let handle = unsafe handle else { return }
        shutdown(unsafe lws_get_socket_fd(handle), SocketKind.bothWays)
    }
}
