/// Where decoded audio of one message is put; reused from message to message so that nothing is allocated.
package struct MediaPayload: Sendable {
    /// The audio of the last decoded media message, in the stream's encoding.
    package internal(set) var bytes: [UInt8] = []
    /// The most bytes that a message may hold.
    package let limit: Int

    /// - Parameter limit: in bytes; a second of 8 kHz G.711 has 8,000.
    package init(limit: Int = 16_000) {
        self.limit = limit
        bytes.reserveCapacity(limit)
    }
}
