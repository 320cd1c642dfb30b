/// Where in its file a chunk stands: the last byte of its nonce.
enum ChunkPlace: UInt8, Sendable, Equatable {
    /// Others follow it.
    case inner = 0
    /// The end of what was recorded.
    case last = 1
    /// The end of what has reached the disk, written after a fault. The end proper may have been tried before with the same
    /// number, and a nonce must not serve twice.
    case cut = 2
}
