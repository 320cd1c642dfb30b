import Networking

/// A peer that speaks some dialect: says its opening, then silence fifty times a second, and goodbye once it has heard the
/// agent.
final class DialectCaller: WebSocketHandler, @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.
    typealias Message = StrangeSocket.Message

    struct Script: Sendable {
        var opening: [Message]
        /// Frame number by number; nil pauses.
        var frame: @Sendable (Int) -> Message?
        /// Whether a message of the service is audio.
        var isAudio: @Sendable (String?) -> Bool
        var goodbye: [Message] = []
        /// Frames are sent once the service has sent a text with this in it; at once when nil.
        var waitsFor: String?
    }

    struct Story: Sendable {
        var texts: [String] = []
        var audioMessages = 0
        /// Bytes of each binary message.
        var sizes: [Int] = []
        var reason = ""
    }

    private let script: Script
    private var story = Story()
    private var socket: WebSocket?
    private var beat: LoopTimer?
    private var frames = 0
    private var isSending = false
    private var isLeaving = false
    private let ending: AsyncStream<Story>
    private let sink: AsyncStream<Story>.Continuation

    init(_ script: Script) {
        self.script = script
        (ending, sink) = AsyncStream.makeStream(of: Story.self)
    }

    func hold(_ request: WebSocketRequest, on loop: EventLoop) async -> Story {
        loop.connect(request, handler: self)
        var iterator = ending.makeAsyncIterator()
        return await iterator.next() ?? Story()
    }

    func opened(_ socket: WebSocket) {
        self.socket = socket
        for message in script.opening { send(message) }
        beat = socket.loop.scheduleRepeating(every: .milliseconds(20)) { [weak self] _ in self?.tick() }
    }

    private func tick() {
        if script.waitsFor == nil || isSending {
            if let message = script.frame(frames) { send(message) }
            frames += 1
        }
        guard story.audioMessages >= 3, !isLeaving else { return }
        isLeaving = true
        for message in script.goodbye { send(message) }
        if script.goodbye.isEmpty { socket?.close(code: 1000, reason: "goodbye") }
    }

    private func send(_ message: Message) {
        switch message {
        case .text(let bytes): socket?.send(text: bytes.span)
        case .binary(let bytes): socket?.send(binary: bytes.span)
        }
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        var text: String?
        if kind == .text {
            text = String(decoding: message.indices.map { message[$0] }, as: UTF8.self)
            story.texts.append(text ?? "")
            if let awaited = script.waitsFor, text?.contains(awaited) == true { isSending = true }
        } else {
            story.sizes.append(message.count)
        }
        if script.isAudio(text) { story.audioMessages += 1 }
    }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        beat?.cancel()
        self.socket = nil
        story.reason = "\(reason)"
        sink.yield(story)
        sink.finish()
    }
}
