package import Networking
package import Telephony

/// A media connection that comes as a stream of bytes: cuts it into the messages of its dialect.
///
/// Confined to its loop's thread.
package final class MediaStreamConnection: StreamHandler {
    private let connection: MediaConnection
    private var frames: StreamFrames

    /// - Parameter framing: the dialect's (``MediaCapabilities/framing``).
    package init(_ connection: MediaConnection, framing: StreamFraming) {
        self.connection = connection
        frames = StreamFrames(framing)
    }

    package func opened(_ socket: StreamSocket) { connection.opened(on: socket) }

    package func received(_ bytes: Span<UInt8>, on socket: StreamSocket) {
        guard !frames.isStrange else { return }
        let isOurs = frames.push(bytes) { connection.received($0, .binary, on: socket) }
        if !isOurs {
            connection.refuse(MediaRefusal(code: 1002, reason: "the stream does not begin as it should"), socket)
        }
    }

    package func closed(_ socket: StreamSocket, reason: WebSocketCloseReason) { connection.closed(reason) }
}
