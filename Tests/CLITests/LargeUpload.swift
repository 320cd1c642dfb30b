import Foundation
import Glibc

/// A body of many chunks whose length nobody says, sent as quickly as it is taken by a peer that looks for an answer
/// meanwhile.
enum ChunkedUpload {
    struct Outcome: Sendable {
        /// Of the answer; nil where the line was cut before one could be read.
        var status: Int?
        /// Bytes of the body that were taken, by the kernels at least.
        var sent: Int
    }

    /// Sends up to `size` bytes to loopback; on a thread of its own.
    static func send(_ size: Int, to path: String, type: String, port: Int) async -> Outcome {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: run(size, path, type, port)) }
        }
    }

    private static func run(_ size: Int, _ path: String, _ type: String, _ port: Int) -> Outcome {
        let line = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard line >= 0 else { return Outcome(status: nil, sent: 0) }
        defer { _ = Glibc.close(line) }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        for option in [SO_SNDTIMEO, SO_RCVTIMEO] {
            unsafe setsockopt(line, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(line, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return Outcome(status: nil, sent: 0) }
        let head =
            "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: \(type)\r\n"
            + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        let piece = Array("10000\r\n".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 65_536) + Array("\r\n".utf8)
        var outcome = Outcome(status: nil, sent: 0)
        guard write(Array(head.utf8), to: line) else { return outcome }
        while outcome.sent < size {
            outcome.status = status(on: line, flags: CInt(MSG_DONTWAIT))
            if outcome.status != nil { return outcome }
            guard write(piece, to: line) else { break }
            outcome.sent += 65_536
        }
        if outcome.sent >= size { _ = write(Array("0\r\n\r\n".utf8), to: line) }
        outcome.status = status(on: line, flags: 0)
        return outcome
    }

    private static func write(_ bytes: [UInt8], to line: CInt) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    line, buffer.baseAddress.map { unsafe $0 + sent }, buffer.count - sent, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Of what has come; nil where nothing has, or the line is cut.
    private static func status(on line: CInt, flags: CInt) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(line, $0.baseAddress, $0.count, flags) }
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: " ").dropFirst().first.flatMap {
            Int($0)
        }
    }
}
