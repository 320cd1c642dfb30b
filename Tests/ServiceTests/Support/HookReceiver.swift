import Foundation
import Glibc
import Networking

/// A receiver of events on loopback that answers as a script says, byte by byte, also as no proper one would.
final class HookReceiver: Sendable {
    struct Request: Sendable {
        let path: String
        /// Names in lower case.
        let headers: [String: String]
        let body: String

        var id: String { headers["webhook-id"] ?? "" }
        var object: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]) ?? [:]
        }
        var type: String { object["type"] as? String ?? "" }
    }

    enum Action: Sendable {
        case answer(Int, headers: [String: String] = [:], body: String = "")
        /// Closes without an answer.
        case cut
        /// Closes in the middle of an answer's body.
        case half(Int)
        /// Says nothing for as long as the other side waits.
        case silence
        /// A success whose body has no end.
        case flood
    }

    let port: Int
    private let listener: CInt
    private let taken = Lock<[Request]>([])
    private let sent = Lock(0)

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - script: what is answered to the request and how many came before it.
    init(port: Int = 0, _ script: @escaping @Sendable (Request, Int) -> Action = { _, _ in .answer(204) }) throws {
        listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var (address, yes) = (sockaddr_in(), CInt(1))
        unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let bound = unsafe bind(descriptor, address, length)
                listen(descriptor, 64)
                unsafe getsockname(descriptor, address, &length)
                return bound
            }
        }
        guard bound == 0 else { throw POSIXError(.EADDRINUSE) }
        self.port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { break }
                Thread.detachNewThread { [weak self] in
                    while let receiver = self, receiver.serve(connection, script) {}
                    Glibc.close(connection)
                }
            }
            // Here, so that its number cannot name something else while `accept` uses it.
            Glibc.close(descriptor)
        }
    }

    deinit { close() }

    /// Takes no more connections.
    func close() { shutdown(listener, CInt(SHUT_RDWR)) }

    var requests: [Request] { taken.withLock { $0 } }
    /// Of the body that has no end.
    var floodedBytes: Int { sent.withLock { $0 } }

    /// - Returns: whether the connection can take another request.
    private func serve(_ connection: CInt, _ script: (Request, Int) -> Action) -> Bool {
        guard let request = Self.read(connection) else { return false }
        let before = taken.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
        switch script(request, before) {
        case .answer(let status, let headers, let body):
            let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
            let length = status == 204 ? "" : "content-length: \(body.utf8.count)\r\n"
            return Self.write(connection, "HTTP/1.1 \(status) Answer\r\n\(length)\(lines)\r\n\(body)")
        case .cut:
            return false
        case .half(let status):
            _ = Self.write(connection, "HTTP/1.1 \(status) Answer\r\ncontent-length: 1000\r\n\r\nhalf an ")
            return false
        case .silence:
            _ = Self.receive(connection)
            return false
        case .flood:
            let chunk = String(repeating: "x", count: 65_536)
            _ = Self.write(connection, "HTTP/1.1 200 OK\r\ncontent-length: 4000000000\r\n\r\n")
            while Self.write(connection, chunk) { sent.withLock { $0 += chunk.utf8.count } }
            return false
        }
    }

    private static func read(_ connection: CInt) -> Request? {
        var bytes: [UInt8] = []
        var head: (size: Int, lines: [Substring])?
        while true {
            if head == nil, let end = String(decoding: bytes, as: UTF8.self).range(of: "\r\n\r\n") {
                let text = String(decoding: bytes, as: UTF8.self)[..<end.lowerBound]
                head = (text.utf8.count + 4, text.split(separator: "\r\n"))
            }
            if let head {
                let headers = Dictionary(head.lines.dropFirst().compactMap(Self.header)) { $1 }
                let length = headers["content-length"].flatMap(Int.init) ?? 0
                if bytes.count >= head.size + length {
                    return Request(
                        path: head.lines.first?.split(separator: " ").dropFirst().first.map(String.init) ?? "",
                        headers: headers, body: String(decoding: bytes.dropFirst(head.size), as: UTF8.self))
                }
            }
            let more = receive(connection)
            if more.isEmpty { return nil }
            bytes += more
        }
    }

    private static func header(_ line: Substring) -> (String, String)? {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces))
    }

    private static func receive(_ connection: CInt) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(connection, $0.baseAddress, $0.count, 0) }
        return Array(bytes.prefix(max(count, 0)))
    }

    private static func write(_ connection: CInt, _ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe send(
                    connection, buffer.baseAddress.map { unsafe $0 + sent }, buffer.count - sent, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
