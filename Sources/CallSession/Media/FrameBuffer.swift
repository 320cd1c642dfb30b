import Codecs

/// Cuts payloads of any length into 20 ms frames of linear samples; nothing is allocated per frame.
struct FrameBuffer: Sendable {
    static let size = 160
    private(set) var samples = [Int16](repeating: 0, count: size)
    private var filled = 0

    /// Decodes µ-law from `index` on, until the frame is full or the codes are used up.
    ///
    /// - Returns: whether the frame is full, and should be used before more is added.
    mutating func fill(from codes: Span<UInt8>, _ index: inout Int) -> Bool {
        let start = filled
        let count = min(Self.size - start, codes.count - index)
        var whole = samples.mutableSpan
        var free = whole._mutatingExtracting(start..<start + count)
        MuLaw.decode(codes.extracting(index..<index + count), into: &free)
        filled += count
        index += count
        guard filled == Self.size else { return false }
        filled = 0
        return true
    }

    /// A whole frame of silence, in the place of what was begun.
    mutating func fillWithSilence() {
        filled = 0
        var whole = samples.mutableSpan
        for index in whole.indices { whole[index] = 0 }
    }
}
