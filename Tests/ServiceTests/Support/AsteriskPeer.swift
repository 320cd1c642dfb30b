import Foundation
import Networking

/// Asterisk's end of `chan_websocket`: plays a frame of what has come every 20 ms, makes nothing where nothing has come, says
/// when a mark is reached, and sends a caller's silence.
final class AsteriskPeer: WebSocketHandler, @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.

    /// What the channel speaks.
    struct Format: Sendable {
        var name: String
        /// Of 20 ms, in bytes.
        var frame: Int
        var silence: UInt8
    }

    struct Story: Sendable {
        /// Frames with a voice in them.
        var loudFrames = 0
        /// Frames of silence that were sent to us and played one after the other, at last.
        var silentFrames = 0
        /// Times at which there was nothing to play, once there had been something.
        var gaps = 0
        var reason = ""
    }

    private let format: Format
    private let wanted: Int
    private let patience: Int
    private var story = Story()
    private var queue: [UInt8] = []
    /// In bytes.
    private var taken = 0
    private var played = 0
    /// By how many bytes have to be played before.
    private var marks: [(name: String, at: Int)] = []
    private var beats = 0
    private var isLeaving = false
    private var beat: LoopTimer?
    private let ending: AsyncStream<Story>
    private let sink: AsyncStream<Story>.Continuation

    /// - Parameters:
    ///   - wanted: hangs up after so many frames of silence that follow a voice.
    ///   - patience: or after so many of its own.
    init(_ format: Format, untilSilent wanted: Int, patience: Int = 1500) {
        self.format = format
        self.wanted = wanted
        self.patience = patience
        (ending, sink) = AsyncStream.makeStream(of: Story.self)
    }

    func hold(_ request: WebSocketRequest, on loop: EventLoop) async -> Story {
        loop.connect(request, handler: self)
        var iterator = ending.makeAsyncIterator()
        return await iterator.next() ?? Story()
    }

    func opened(_ socket: WebSocket) {
        let start =
            #"{"event":"MEDIA_START","channel_id":"c","format":"\#(format.name)","optimal_frame_size":\#(format.frame),"ptime":20}"#
        say(start, on: socket)
        beat = socket.loop.scheduleRepeating(every: .milliseconds(20)) { [weak self, weak socket] _ in
            guard let socket else { return }
            self?.tick(socket)
        }
    }

    private func tick(_ socket: WebSocket) {
        guard !isLeaving else { return }
        beats += 1
        let frame = [UInt8](repeating: format.silence, count: format.frame)
        socket.send(binary: frame.span)
        play()
        while let mark = marks.first, mark.at <= played {
            marks.removeFirst()
            say(#"{"event":"MEDIA_MARK_PROCESSED","correlation_id":"\#(mark.name)"}"#, on: socket)
        }
        let isEnough = story.loudFrames > 0 && story.silentFrames >= wanted
        guard isEnough || beats >= patience else { return }
        isLeaving = true
        socket.close(code: 1000, reason: "goodbye")
    }

    private func play() {
        guard queue.count >= format.frame else {
            if taken > 0 { story.gaps += 1 }
            return
        }
        let isSilent = queue[..<format.frame].allSatisfy { $0 == format.silence }
        queue.removeFirst(format.frame)
        played += format.frame
        if isSilent {
            story.silentFrames += 1
        } else {
            story.loudFrames += 1
            story.silentFrames = 0
        }
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        guard kind == .text else {
            taken += message.count
            for index in message.indices { queue.append(message[index]) }
            return
        }
        let text = String(decoding: message.indices.map { message[$0] }, as: UTF8.self)
        if text.contains("MARK_MEDIA"), let name = text.part(between: #""correlation_id":""#, and: "\"") {
            marks.append((name, taken))
        } else if text.contains("FLUSH_MEDIA") {
            queue = []
            marks = []
            taken = played
        }
    }

    private func say(_ text: String, on socket: WebSocket) {
        let bytes = Array(text.utf8)
        socket.send(text: bytes.span)
    }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        beat?.cancel()
        story.reason = "\(reason)"
        sink.yield(story)
        sink.finish()
    }
}
