/// How messages are told apart in a stream of bytes: each begins with a header, of which two bytes say how many follow it.
package struct StreamFraming: Sendable, Equatable {
    /// Bytes of a header.
    package var headerSize: Int
    /// Where in it the length stands, most significant byte first.
    package var lengthOffset: Int
    /// The header that a stream has to begin with. Whoever begins otherwise is a stranger, and nothing is kept for them.
    package var opening: [UInt8]

    package init(headerSize: Int, lengthOffset: Int, opening: [UInt8]) {
        precondition(lengthOffset + 2 <= headerSize && opening.count == headerSize)
        self.headerSize = headerSize
        self.lengthOffset = lengthOffset
        self.opening = opening
    }
}

/// Cuts a stream of bytes into messages, however they arrive. What a message holds is for its dialect to say.
///
/// Holds one message at most, and nothing is allocated once the buffer is large enough.
package struct StreamFrames: Sendable {
    private let framing: StreamFraming
    private var held: [UInt8] = []
    /// Whether the opening has come.
    private var hasBegun = false
    /// Whether the stream began otherwise; then nothing is read any more.
    package private(set) var isStrange = false

    package init(_ framing: StreamFraming) { self.framing = framing }

    /// Bytes that wait for the rest of their message.
    package var heldCount: Int { held.count }

    /// Lends every message that is whole now, its header included.
    ///
    /// - Returns: false once the stream has turned out to be somebody else's.
    package mutating func push(_ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Void) -> Bool {
        var start = 0
        while start < bytes.count, !isStrange {
            if held.isEmpty {
                switch Self.size(of: bytes.extracting(start..<bytes.count), framing, hasBegun: hasBegun) {
                case .strange:
                    isStrange = true
                    continue
                case .known(let size) where start + size <= bytes.count:
                    // Most messages lie whole in what has been read.
                    hasBegun = true
                    body(bytes.extracting(start..<start + size))
                    start += size
                    continue
                case .known, .unknown: break
                }
            }
            held.append(bytes[start])
            start += 1
            switch Self.size(of: held.span, framing, hasBegun: hasBegun) {
            case .strange: isStrange = true
            case .known(held.count):
                hasBegun = true
                // Taken out while it is lent, and put back for its room.
                var message: [UInt8] = []
                swap(&message, &held)
                body(message.span)
                message.removeAll(keepingCapacity: true)
                swap(&message, &held)
            case .known, .unknown: break
            }
        }
        return !isStrange
    }

    private enum Size {
        case unknown, strange
        case known(Int)
    }

    /// Of the message that begins here, header included.
    private static func size(of bytes: Span<UInt8>, _ framing: StreamFraming, hasBegun: Bool) -> Size {
        if !hasBegun {
            for index in 0..<min(bytes.count, framing.headerSize) where bytes[index] != framing.opening[index] {
                return .strange
            }
        }
        guard bytes.count >= framing.headerSize else { return .unknown }
        return .known(
            framing.headerSize + (Int(bytes[framing.lengthOffset]) << 8 | Int(bytes[framing.lengthOffset + 1])))
    }
}
