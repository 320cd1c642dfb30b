/// Messages on their way to a peer, in one buffer that is reused: nothing is allocated once it is large enough.
package struct MediaOutbox: Sendable {
    private struct Message {
        var end: Int
        var kind: MediaMessageKind
    }

    private var bytes: [UInt8] = []
    private var messages: [Message] = []

    package init() {}

    package var isEmpty: Bool { messages.isEmpty }

    /// Appends one message that `write` appends to the buffer.
    mutating func append(_ kind: MediaMessageKind, _ write: (inout [UInt8]) -> Void) {
        write(&bytes)
        messages.append(Message(end: bytes.count, kind: kind))
    }

    /// Appends a fixed text message.
    mutating func append(text: StaticString) { append(.text) { $0.append(text) } }

    /// Appends a binary message of these bytes.
    mutating func append(binary: Span<UInt8>) {
        append(.binary) { buffer in
            for index in binary.indices { buffer.append(binary[index]) }
        }
    }

    /// Lends every message in order, then forgets them.
    package mutating func drain(_ body: (Span<UInt8>, MediaMessageKind) -> Void) {
        var start = 0
        for message in messages {
            body(bytes.span.extracting(start..<message.end), message.kind)
            start = message.end
        }
        bytes.removeAll(keepingCapacity: true)
        messages.removeAll(keepingCapacity: true)
    }
}
