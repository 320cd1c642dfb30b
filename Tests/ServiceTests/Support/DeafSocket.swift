import Glibc
import Telephony

/// A media socket that opens a call and never reads a byte of what is said to it.
@safe final class DeafSocket: Sendable {
    private let descriptor: Int32

    /// Blocks for a moment, until the requests are with the kernel.
    init(port: Int, callID: String, parameters: [String: String]) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // Little room in the kernel, so that what is not read is soon the service's to hold. Before connecting.
        var room: Int32 = 2048
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        precondition(connected == 0, "nobody listens on port \(port)")
        write(
            Array(
                ("GET /twilio/media HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").utf8))
        // The first bytes of the answer, for frames must not come before the handshake is done. Nothing after them.
        var first: [UInt8] = [0]
        _ = unsafe first.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, 1, 0) }
        for case .text(let bytes) in StrangeSocket.Message.opening(callID: callID, parameters: parameters) {
            write(frame(bytes))
        }
    }

    func close() { _ = Glibc.close(descriptor) }

    /// A text message of 126 to 65,535 bytes, masked with zeros, or of fewer than 126.
    private func frame(_ text: [UInt8]) -> [UInt8] {
        let length: [UInt8] =
            text.count < 126
            ? [0x80 | UInt8(text.count)] : [0x80 | 126, UInt8(text.count >> 8), UInt8(text.count & 0xFF)]
        return [0x81] + length + [0, 0, 0, 0] + text
    }

    private func write(_ bytes: [UInt8]) {
        let sent = unsafe bytes.withUnsafeBytes {
            unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        precondition(sent == bytes.count, "the request did not fit")
    }
}
