import Foundation
import Glibc

/// Asterisk's end of an AudioSocket: says its UUID, sends a frame every 20 ms, and takes nothing but what Asterisk takes.
///
/// It has a thread and a socket of its own, so that it owes nothing to the code it tries.
struct AudioSocketPeer: Sendable {
    struct Story: Sendable {
        /// Messages of audio, and those of them that are not silent.
        var frames = 0
        var loudFrames = 0
        /// A message of hang-up came, and nothing after it.
        var wasHungUp = false
        /// The other side has closed.
        var isClosed = false
        /// What Asterisk would have ended the call for.
        var fault: String?
        /// The longest time between two messages, and the most that came early, in ms.
        var longestGap = 0
        var earliest = 0
    }

    let port: Int
    /// Sent at once.
    var opening: [UInt8]
    /// Frames go out in pieces of so many bytes, and the opening too.
    var piece = 100_000
    /// Sent before frame number so and so.
    var keys: [Int: Character] = [:]
    /// Sends no audio.
    var isMute = false

    static func opening(_ id: String) -> [UInt8] {
        [1, 0, 16] + (UUID(uuidString: id).map { id in unsafe withUnsafeBytes(of: id.uuid) { unsafe Array($0) } } ?? [])
    }

    /// Holds the call until `isEnough`, the other side closes, or `limit` has passed.
    func hold(
        atMost limit: Duration = .seconds(20), until isEnough: @escaping @Sendable (Story) -> Bool = { _ in false }
    ) async -> Story {
        await withCheckedContinuation { done in
            Thread.detachNewThread { done.resume(returning: run(limit, isEnough)) }
        }
    }

    private func run(_ limit: Duration, _ isEnough: (Story) -> Bool) -> Story {
        var story = Story()
        let descriptor = Self.connect(port)
        defer { close(descriptor) }
        let clock = ContinuousClock()
        let start = clock.now
        var (held, number, last): ([UInt8], Int, ContinuousClock.Instant?) = ([], 0, nil)
        var begin: ContinuousClock.Instant?
        send(opening, descriptor)
        while clock.now - start < limit, !isEnough(story), !story.isClosed, story.fault == nil {
            if !isMute, clock.now - start >= .milliseconds(20 * number) {
                if let key = keys[number]?.asciiValue { send([3, 0, 1, key], descriptor) }
                send([0x10, 1, 64] + [UInt8](repeating: 0, count: 320), descriptor)
                number += 1
            }
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&wait, 1, 5) > 0 else { continue }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else {
                story.isClosed = true
                break
            }
            held += buffer[..<count]
            while held.count >= 3, case let size = 3 + (Int(held[1]) << 8 | Int(held[2])), held.count >= size {
                let now = clock.now
                read(Array(held[..<size]), &story)
                held.removeFirst(size)
                if let last { story.longestGap = max(story.longestGap, Self.milliseconds(now - last)) }
                last = now
                begin = begin ?? now
                if let begin {
                    story.earliest = max(story.earliest, story.frames * 20 - Self.milliseconds(now - begin))
                }
            }
        }
        return story
    }

    private func read(_ message: [UInt8], _ story: inout Story) {
        switch message[0] {
        case _ where story.wasHungUp: story.fault = "something after the hang-up"
        case 0 where message.count == 3: story.wasHungUp = true
        case 0x10 where message.count == 323:
            story.frames += 1
            if message[3...].contains(where: { $0 != 0 }) { story.loudFrames += 1 }
        default: story.fault = "kind \(message[0]) with \(message.count - 3) bytes"
        }
    }

    private func send(_ bytes: [UInt8], _ descriptor: CInt) {
        for start in stride(from: 0, to: bytes.count, by: piece) {
            let part = Array(bytes[start..<min(start + piece, bytes.count)])
            _ = unsafe Glibc.send(descriptor, part, part.count, CInt(MSG_NOSIGNAL))
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int { Int(duration / .milliseconds(1)) }

    private static func connect(_ port: Int) -> CInt {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var on: CInt = 1
        unsafe setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = unsafe Glibc.connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return descriptor
    }
}
