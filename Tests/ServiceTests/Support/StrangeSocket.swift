import Networking
import Telephony

/// A media socket of somebody who does not keep to the dialect: sends what it is given, in order, once it is open.
final class StrangeSocket: WebSocketHandler, @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.
    enum Message: Sendable {
        case text([UInt8])
        case binary([UInt8])

        static func text(_ text: String) -> Message { .text(Array(text.utf8)) }

        /// `connected` and `start` as a carrier sends them.
        static func opening(callID: String, parameters: [String: String]) -> [Message] {
            var encoder = TwilioCarrierEncoder(
                MediaStart(streamID: "MZ1", callID: callID, accountID: "AC1", parameters: parameters))
            var (connected, start): ([UInt8], [UInt8]) = ([], [])
            encoder.connected(into: &connected)
            encoder.start(into: &start)
            return [.text(connected), .text(start)]
        }

        static let media = text(
            #"{"event":"media","sequenceNumber":"2","streamSid":"MZ1","media":{"track":"inbound","chunk":"1","timestamp":"0","payload":"////"}}"#
        )
    }

    private let messages: [Message]
    private let ending: AsyncStream<WebSocketCloseReason>
    private let sink: AsyncStream<WebSocketCloseReason>.Continuation

    init(sending messages: [Message]) {
        self.messages = messages
        (ending, sink) = AsyncStream.makeStream(of: WebSocketCloseReason.self)
    }

    /// Connects, and returns how it ended.
    static func fate(of messages: [Message], at port: Int, on loop: EventLoop) async -> WebSocketCloseReason? {
        let socket = StrangeSocket(sending: messages)
        let limits = WebSocketLimits(sendQueueBytes: 8 << 20)
        loop.connect(WebSocketRequest(url: "ws://127.0.0.1:\(port)/twilio/media", limits: limits), handler: socket)
        var iterator = socket.ending.makeAsyncIterator()
        return await iterator.next()
    }

    func opened(_ socket: WebSocket) {
        for message in messages {
            switch message {
            case .text(let bytes): socket.send(text: bytes.span)
            case .binary(let bytes): socket.send(binary: bytes.span)
            }
        }
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {}

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        sink.yield(reason)
        sink.finish()
    }
}
