import Foundation
import Glibc
import Networking

/// A server on a free port of 127.0.0.1 that answers each connection with written-down bytes, in pieces.
final class ScriptedServer: Sendable {
    struct Answer: Sendable {
        var pieces: [[UInt8]]
        /// Keeps the connection open after the last piece until the client closes it.
        var staysOpen = false

        /// A whole answer with headers; the pieces of the body are sent one by one.
        static func http(_ status: String = "200 OK", headers: [String] = [], body: [[UInt8]], staysOpen: Bool = false)
            -> Answer
        {
            let head =
                (["HTTP/1.1 \(status)", "Content-Type: text/event-stream", "Connection: close"] + headers)
                .joined(separator: "\r\n") + "\r\n\r\n"
            return Answer(pieces: [Array(head.utf8)] + body, staysOpen: staysOpen)
        }
    }

    let port: UInt16
    private let listener: Int32
    private let state: Lock<(answers: [Answer], requests: [String], closedByClient: Int)>

    var url: String { "http://127.0.0.1:\(port)/v1" }
    var requests: [String] { state.withLock { $0.requests } }
    var closedByClient: Int { state.withLock { $0.closedByClient } }

    init(_ answers: [Answer]) {
        state = Lock((answers, [], 0))
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x0100_007F)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: the address is passed with its own size.
        unsafe withUnsafeMutableBytes(of: &address) { bytes in
            let pointer = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            unsafe bind(listener, pointer, length)
            unsafe getsockname(listener, pointer, &length)
        }
        listen(listener, 8)
        port = UInt16(bigEndian: address.sin_port)
        let thread = Thread { [listener, weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0, let self else { return }
                self.serve(connection)
                close(connection)
            }
        }
        thread.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ connection: Int32) {
        guard let request = receive(connection) else { return }
        let answer = state.withLock { state -> Answer? in
            state.requests.append(request)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        guard let answer else { return }
        for piece in answer.pieces {
            let sent = unsafe piece.withUnsafeBytes {
                unsafe send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent == piece.count else { break }
        }
        if answer.staysOpen {
            _ = receive(connection)
            state.withLock { $0.closedByClient += 1 }
        }
    }

    /// A whole request, or nil when the client closes the connection.
    private func receive(_ connection: Int32) -> String? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(connection, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let length =
                text[..<end.lowerBound].lowercased().split(separator: "\r\n")
                .first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) } ?? 0
            if text[end.upperBound...].utf8.count >= length { return text }
        }
    }
}
