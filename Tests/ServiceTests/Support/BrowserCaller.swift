import Callers
import Codecs
import Foundation
import Networking

/// A page that calls: speaks Parley's own dialect at 8 kHz, or in packets of Opus where its start says so, answers whenever the agent has fallen silent, and hangs up when
/// there is nothing left to say.
final class BrowserCaller: WebSocketHandler, @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.
    struct Story: Sendable {
        /// Control messages in order, as JSON texts.
        var messages: [String] = []
        /// Samples of the agent.
        var heard = 0
        /// Of binary messages of the agent.
        var bytes = 0
        /// The agent's loudest sample, where it came in packets.
        var loudest = 0
        var reason = ""

        func count(of part: String) -> Int { messages.count { $0.contains(part) } }
    }

    private let start: String
    private var lines: [String]
    private let keys: String
    private var clip: [UInt8] = []
    private var spoken = 0
    private var story = Story()
    private var marks: [String] = []
    private var socket: WebSocket?
    private var beat: LoopTimer?
    private var encoder: OpusEncoder?
    private var decoder: OpusDecoder?
    private let ending: AsyncStream<Story>
    private let sink: AsyncStream<Story>.Continuation

    /// - Parameters:
    ///   - start: the first message.
    ///   - lines: said one after the other.
    ///   - keys: pressed after the last line.
    init(start: String, saying lines: [String] = [], pressing keys: String = "") {
        self.start = start
        self.lines = lines
        self.keys = keys
        if start.contains(#""codec":"opus""#) {
            encoder = try? OpusEncoder(OpusFormat())
            decoder = try? OpusDecoder(OpusFormat())
        }
        (ending, sink) = AsyncStream.makeStream(of: Story.self)
    }

    func hold(_ url: String, on loop: EventLoop) async -> Story {
        loop.connect(WebSocketRequest(url: url), handler: self)
        var iterator = ending.makeAsyncIterator()
        return await iterator.next() ?? Story()
    }

    func opened(_ socket: WebSocket) {
        self.socket = socket
        socket.send(text: Array(start.utf8).span)
        beat = socket.loop.scheduleRepeating(every: .milliseconds(20)) { [weak self] _ in self?.tick() }
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        guard kind == .text else {
            story.bytes += message.count
            var room = [Int16](repeating: 0, count: 960)
            var span = room.mutableSpan
            if let count = try? decoder?.decode(message, into: &span) {
                story.heard += count
                story.loudest = max(story.loudest, room.prefix(count).reduce(0) { max($0, Int($1.magnitude)) })
            } else {
                story.heard += message.count / 2
            }
            return
        }
        let text = String(decoding: message.indices.map { message[$0] }, as: UTF8.self)
        story.messages.append(text)
        if text.contains(#""event":"mark""#) {
            // Played at once: this page is in a hurry.
            socket.send(text: Array(text.utf8).span)
        } else if text == #"{"event":"state","agent":"listening"}"# {
            answer()
        }
    }

    private func answer() {
        guard clip.isEmpty else { return }
        if lines.isEmpty {
            for key in keys { socket?.send(text: Array(#"{"event":"key","key":"\#(key)"}"#.utf8).span) }
            socket?.send(text: Array(#"{"event":"hangup"}"#.utf8).span)
        } else {
            clip = SpokenClip.saying(lines.removeFirst()).audio
            spoken = 0
        }
    }

    private func tick() {
        var frame = [UInt8](repeating: 0xFF, count: 160)
        if !clip.isEmpty {
            let count = min(160, clip.count - spoken)
            frame.replaceSubrange(0..<count, with: clip[spoken..<spoken + count])
            spoken += count
            if spoken == clip.count { clip = [] }
        }
        let samples = frame.map(MuLaw.decode)
        var packet = [UInt8](repeating: 0, count: OpusEncoder.packetLimit)
        var span = packet.mutableSpan
        if let count = try? encoder?.encode(samples.span, into: &span) {
            socket?.send(binary: packet.span.extracting(0..<count))
            return
        }
        let bytes = samples.flatMap { sample in
            let bits = UInt16(bitPattern: sample)
            return [UInt8(truncatingIfNeeded: bits), UInt8(bits >> 8)]
        }
        socket?.send(binary: bytes.span)
    }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        beat?.cancel()
        self.socket = nil
        story.reason = "\(reason)"
        sink.yield(story)
        sink.finish()
    }
}
