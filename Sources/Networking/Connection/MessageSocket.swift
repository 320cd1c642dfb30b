/// What a session sends its messages to and closes: a WebSocket, or a plain stream whose messages carry their own framing.
package protocol MessageSocket: AnyObject, Sendable {
    /// The loop it lives on.
    var loop: EventLoop { get }

    /// Sends a text message. Copied if it cannot be written at once.
    @discardableResult
    func send(text: Span<UInt8>) -> SendOutcome

    /// Sends a binary message. Copied if it cannot be written at once.
    @discardableResult
    func send(binary: Span<UInt8>) -> SendOutcome

    /// Closes once everything queued is written.
    ///
    /// - Parameter code: of RFC 6455; a plain stream closes without one.
    func close(code: UInt16, reason: String)
}

extension WebSocket: MessageSocket {}
