import Glibc
import Networking

/// One client of a ``StreamServer``. Its thread only.
final class StreamConnection {
    let descriptor: CInt
    private(set) var isClosed = false
    /// Whether an answer has begun and not ended.
    private(set) var isAnswering = false
    private(set) var resumesAt: ContinuousClock.Instant?
    private var input: [UInt8] = []
    private var output: [UInt8] = []
    private var written = 0
    private var steps: ArraySlice<StreamedResponse.Step> = []
    private var packetSize: Int?
    private var isCutting = false

    /// Bytes of a request that are read at most.
    private static let largestRequest = 4 << 20

    init(_ descriptor: CInt) {
        self.descriptor = descriptor
    }

    var interest: Int16 {
        Int16(POLLIN | (written < output.count ? POLLOUT : 0))
    }

    /// Takes what the client sent, and begins the answer once a request is whole.
    func read(_ respond: (HTTPRequest) -> StreamedResponse) {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16_384) { buffer in
            while !isClosed {
                let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
                if count > 0 {
                    unsafe input.append(contentsOf: buffer.prefix(count))
                    if input.count > Self.largestRequest { isClosed = true }
                } else {
                    if count == 0 || errno != EAGAIN && errno != EINTR { isClosed = true }
                    return
                }
            }
        }
        guard !isClosed, !isAnswering else { return }
        beginAnswer(respond)
    }

    private func beginAnswer(_ respond: (HTTPRequest) -> StreamedResponse) {
        switch StreamRequest.parse(&input) {
        case .incomplete: return
        case .malformed:
            start(.json(Array(#"{"error":{"message":"malformed request"}}"#.utf8), status: 400))
            isCutting = true
        case .request(let request): start(respond(request))
        }
        advance(now: ContinuousClock.now)
        // The next request may have come together with this one.
        if !isAnswering, !isClosed, !input.isEmpty { beginAnswer(respond) }
    }

    private func start(_ response: StreamedResponse) {
        isAnswering = true
        packetSize = response.packetSize
        steps = response.steps[...]
        var head = "HTTP/1.1 \(response.status) \(response.status < 400 ? "OK" : "Error")\r\n"
        for (name, value) in response.headers { head += "\(name): \(value)\r\n" }
        head += "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"
        output = Array(head.utf8)
        written = 0
    }

    /// Does what is due.
    func advance(now: ContinuousClock.Instant) {
        if let resumesAt, now < resumesAt { return flush() }
        resumesAt = nil
        while isAnswering, !isClosed {
            guard let step = steps.popFirst() else {
                output += Array("0\r\n\r\n".utf8)
                flush()
                isAnswering = false
                if isCutting { isClosed = true }
                return
            }
            switch step {
            case .chunk(let bytes):
                output += Array((String(bytes.count, radix: 16) + "\r\n").utf8)
                output += bytes
                output += [13, 10]
            case .wait(let duration):
                flush()
                resumesAt = now + duration
                return
            case .stall:
                flush()
                resumesAt = now + .seconds(3600)
                return
            case .cut:
                flush()
                isAnswering = false
                isClosed = true
            }
        }
        flush()
    }

    private func flush() {
        while !isClosed, written < output.count {
            let count = min(output.count - written, packetSize ?? .max)
            let sent = unsafe output.withUnsafeBufferPointer { bytes -> Int in
                guard let base = bytes.baseAddress else { return 0 }
                // SAFETY: `written + count` is at most `output.count`.
                return unsafe send(descriptor, base + written, count, CInt(MSG_NOSIGNAL))
            }
            if sent < 0 {
                if errno != EAGAIN && errno != EINTR { isClosed = true }
                return
            }
            written += sent
        }
        output.removeAll(keepingCapacity: true)
        written = 0
    }
}
