import Glibc
import Logging
import Networking

/// Measures what an echoed message costs the serving loop, and how late a 20 ms tick comes. The clients run in a child
/// process, so that the figures are the server's alone.
///
///     echo-bench [sockets] [active] [seconds]
@main
struct Tool {
    static func main() async throws {
        let words = CommandLine.arguments
        if words.count > 1, words[1] == "client" { return try await client(words.dropFirst(2).compactMap { Int($0) }) }
        let numbers = words.dropFirst().compactMap { Int($0) }
        let sockets = numbers.first ?? 901
        let active = numbers.dropFirst().first ?? 1
        let seconds = numbers.dropFirst(2).first ?? 5
        let loop = EventLoop(name: "server", logger: Logger(label: "bench"))
        try loop.start()
        let port = try await loop.listen(ListenerConfiguration(), service: Service())
        var child: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe []
        for word in [words[0], "client", "\(port)", "\(sockets)", "\(active)", "\(seconds + 2)"] {
            unsafe arguments.append(strdup(word))
        }
        unsafe arguments.append(nil)
        unsafe posix_spawn(&child, "/proc/self/exe", nil, nil, arguments, environ)
        while loop.metrics.webSockets < sockets { try await Task.sleep(for: .milliseconds(20)) }
        try await Task.sleep(for: .seconds(1))
        let lateness = Lateness()
        loop.post {
            loop.scheduleRepeating(every: .milliseconds(20)) { late in lateness.values.append(late) }
        }
        let before = (loop.metrics.messagesReceived, processorTime())
        try await Task.sleep(for: .seconds(seconds))
        let after = (loop.metrics.messagesReceived, processorTime())
        let messages = after.0 - before.0
        let micro = (after.1 - before.1) / .microseconds(1)
        let sorted = await withCheckedContinuation { done in
            loop.post { done.resume(returning: lateness.values.sorted()) }
        }
        print(
            "\(sockets) sockets, \(active) active: \(messages) echoes in \(seconds) s, "
                + "\((micro / Double(messages) * 100).rounded() / 100) us CPU each, \(Int(micro / Double(seconds) / 10_000)) % of a core; "
                + "20 ms tick late p50 \(sorted[sorted.count / 2]), p99 \(sorted[sorted.count * 99 / 100]), max \(sorted[sorted.count - 1])"
        )
        var status: CInt = 0
        unsafe waitpid(child, &status, 0)
        await loop.shutdown()
    }

    static func client(_ numbers: [Int]) async throws {
        let loop = EventLoop(name: "client", logger: Logger(label: "bench"))
        try loop.start()
        for index in 0..<numbers[1] {
            loop.connect(
                WebSocketRequest(url: "ws://127.0.0.1:\(numbers[0])/", openTimeout: .seconds(20)),
                handler: Pinger(isActive: index < numbers[2]))
        }
        try await Task.sleep(for: .seconds(numbers[3] + 1))
        await loop.shutdown()
    }

    static func processorTime() -> Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

final class Lateness: @unchecked Sendable {
    var values: [Duration] = []
}

struct Service: ListenerService {
    func respond(to request: HTTPRequest) async -> HTTPResponse { .status(404) }
    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade { .accept(Echo(), subprotocol: nil) }
}

final class Echo: WebSocketHandler {
    func opened(_ socket: WebSocket) {}
    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        socket.send(text: message)
    }
    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {}
}

/// Keeps one 250-byte message on its way.
final class Pinger: WebSocketHandler, Sendable {
    let isActive: Bool
    init(isActive: Bool) { self.isActive = isActive }
    func opened(_ socket: WebSocket) {
        if isActive { socket.send(text: [UInt8](repeating: 0x61, count: 250).span) }
    }
    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        socket.send(text: message)
    }
    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {}
}
