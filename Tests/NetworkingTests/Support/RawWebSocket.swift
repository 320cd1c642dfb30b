import Glibc

/// A WebSocket client that writes its frames byte by byte, to send what no proper client would.
struct RawWebSocket: Sendable {
    struct Frame: Sendable, Equatable {
        var opcode: UInt8
        var isFinal = true
        var payload: [UInt8]

        static func text(_ text: String) -> Frame { Frame(opcode: 1, payload: Array(text.utf8)) }
        static func close(_ code: UInt16, _ reason: String = "") -> Frame {
            Frame(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 255)] + Array(reason.utf8))
        }

        /// Masked, as a client must send it (RFC 6455 §5.2).
        var bytes: [UInt8] {
            let mask: [UInt8] = [0x12, 0x34, 0x56, 0x78]
            var bytes: [UInt8] = [opcode | (isFinal ? 0x80 : 0)]
            switch payload.count {
            case ..<126: bytes.append(0x80 | UInt8(payload.count))
            case ..<65_536: bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
            default:
                bytes.append(0x80 | 127)
                for shift in stride(from: 56, through: 0, by: -8) {
                    bytes.append(UInt8(truncatingIfNeeded: payload.count >> shift))
                }
            }
            bytes += mask
            bytes += payload.enumerated().map { $0.element ^ mask[$0.offset & 3] }
            return bytes
        }
    }

    let connection: ScriptedServer.Connection
    /// The answer to the handshake, up to its empty line.
    let answer: String
    private var received: [UInt8] = []

    static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    static func open(port: Int, path: String = "/", headers: [String] = []) async -> RawWebSocket {
        await onThread { RawWebSocket(port: port, path: path, headers: headers) }
    }

    private init(port: Int, path: String, headers: [String]) {
        connection = connectPlain(port: port)
        let extra = headers.map { $0 + "\r\n" }.joined()
        connection.send(
            "GET \(path) HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(Self.key)\r\n\(extra)\r\n")
        var bytes: [UInt8] = []
        var end: Int?
        while end == nil {
            let more = connection.receive()
            if more.isEmpty { break }
            bytes += more
            end = (3..<max(bytes.count, 3)).first { bytes[($0 - 3)...$0].elementsEqual([13, 10, 13, 10]) }
        }
        answer = String(decoding: bytes[..<(end.map { $0 + 1 } ?? bytes.count)], as: UTF8.self)
        received = Array(bytes[(end.map { $0 + 1 } ?? bytes.count)...])
    }

    func send(_ frames: Frame...) {
        connection.send(frames.flatMap(\.bytes))
    }

    /// The next frame from the server; nil at the end of the stream.
    mutating func next() async -> Frame? {
        while true {
            if let frame = takeFrame() { return frame }
            let connection = connection
            let more = await onThread { connection.receive() }
            if more.isEmpty { return nil }
            received += more
        }
    }

    private mutating func takeFrame() -> Frame? {
        guard received.count >= 2 else { return nil }
        var length = Int(received[1] & 0x7F)
        var start = 2
        if length == 126 || length == 127 {
            let size = length == 126 ? 2 : 8
            guard received.count >= 2 + size else { return nil }
            length = received[2..<2 + size].reduce(0) { $0 << 8 | Int($1) }
            start += size
        }
        guard received.count >= start + length else { return nil }
        let frame = Frame(
            opcode: received[0] & 0x0F, isFinal: received[0] & 0x80 != 0,
            payload: Array(received[start..<start + length]))
        received.removeFirst(start + length)
        return frame
    }

    func close() {
        Glibc.close(connection.descriptor)
    }
}
