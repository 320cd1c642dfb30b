import Foundation
import Glibc

/// A large body, sent as quickly as it is taken by a peer that looks for an answer meanwhile.
struct LargeUpload: Sendable {
    enum Framing: Sendable, CaseIterable {
        /// Nobody says how long it is.
        case chunked
        case length
        /// With its length, and nothing of it before the answer (`Expect: 100-continue`).
        case asksFirst
    }

    struct Outcome: Sendable {
        /// Of the answer; nil where the line was cut before one could be read.
        var status: Int?
        /// Bytes of the body that were taken, by the kernels at least.
        var sent = 0
    }

    private static let pieceSize = 65_536

    /// Bytes of the body: a multiple of 64 KiB.
    var size: Int
    var path: String
    var type: String
    /// On loopback.
    var port: Int
    var framing = Framing.chunked
    /// Whether it stops at the answer; otherwise it goes on for as long as anything is taken.
    var heeds = true

    /// Sends it, on a thread of its own.
    func send() async -> Outcome {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: run()) }
        }
    }

    private func run() -> Outcome {
        let line = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard line >= 0 else { return Outcome() }
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
        var outcome = Outcome()
        let head = Array(head.utf8)
        guard connected == 0, Self.write(head[...], to: line) == head.count else { return outcome }
        if framing != .asksFirst, !sendBody(to: line, &outcome) { return outcome }
        if outcome.status == nil { outcome.status = Self.status(on: line) }
        return outcome
    }

    private var head: String {
        let length = framing == .chunked ? "Transfer-Encoding: chunked" : "Content-Length: \(size)"
        let expects = framing == .asksFirst ? "Expect: 100-continue\r\n" : ""
        return
            "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: \(type)\r\n\(length)\r\n\(expects)\r\n"
    }

    /// - Returns: false where there is nothing more to wait for.
    private func sendBody(to line: CInt, _ outcome: inout Outcome) -> Bool {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: Self.pieceSize)
        let piece = framing == .chunked ? Array("10000\r\n".utf8) + bytes + Array("\r\n".utf8) : bytes
        var position = 0
        while outcome.sent < size {
            let looks = outcome.status == nil ? POLLIN : 0
            var ready = pollfd(fd: line, events: Int16(POLLOUT | looks), revents: 0)
            guard unsafe poll(&ready, 1, 20_000) > 0 else { return true }
            if Int32(ready.revents) & looks != 0 {
                outcome.status = Self.status(on: line)
                if heeds || outcome.status == nil { return false }
            }
            guard Int32(ready.revents) & POLLOUT != 0 else {
                // Only an answer was there, or the line is cut.
                if Int32(ready.revents) & (POLLERR | POLLHUP) != 0 { return true }
                continue
            }
            guard let count = Self.write(piece[position...], to: line, flags: CInt(MSG_DONTWAIT)) else {
                return true
            }
            position += count
            if position == piece.count {
                position = 0
                outcome.sent += Self.pieceSize
            }
        }
        if framing == .chunked { _ = Self.write(Array("0\r\n\r\n".utf8)[...], to: line) }
        return true
    }

    /// - Returns: how many were taken; nil where the line is cut.
    private static func write(_ bytes: ArraySlice<UInt8>, to line: CInt, flags: CInt = 0) -> Int? {
        let count = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(line, $0.baseAddress, $0.count, flags | CInt(MSG_NOSIGNAL))
        }
        if count < 0 { return errno == EAGAIN || errno == EINTR ? 0 : nil }
        return count
    }

    /// Of what comes; nil where the line is cut.
    private static func status(on line: CInt) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(line, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: " ").dropFirst().first.flatMap {
            Int($0)
        }
    }
}
