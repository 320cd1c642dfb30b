/// Where decoded audio of one message is put; reused from message to message so that nothing is allocated.
package struct MediaPayload: Sendable {
    /// The audio of the last decoded media message, in the stream's encoding.
    package internal(set) var bytes: [UInt8] = []
    /// The most bytes that a message may hold.
    package let limit: Int

    /// - Parameter limit: in bytes; a second of 8 kHz G.711 has 8,000.
    package init(limit: Int = 16_000) {
        self.limit = limit
        bytes.reserveCapacity(min(limit, 2048))
    }

    /// Replaces the audio by that of a binary message.
    ///
    /// - Parameter width: bytes a sample; the audio must be whole samples.
    mutating func replace(with message: Span<UInt8>, width: Int) throws(MediaError) {
        guard message.count <= limit else {
            throw MediaError(
                .tooLarge, subject: "audio", reason: "it has \(message.count) bytes, the limit is \(limit)")
        }
        guard message.count % width == 0 else {
            throw MediaError(.malformedAudio, subject: "audio", reason: "it does not hold whole samples")
        }
        bytes.removeAll(keepingCapacity: true)
        for index in message.indices { bytes.append(message[index]) }
    }
}
