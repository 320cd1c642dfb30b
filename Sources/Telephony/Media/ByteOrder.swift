/// Finds out in which order a peer sends the two bytes of a sample, where its documentation does not say.
///
/// Speech changes little from one sample to the next; read in the wrong order it jumps. Until a frame that is not silent
/// has come, network order is taken, which is what RFC 3551 gives L16.
struct ByteOrder: Sendable {
    private var bigRoughness = 0
    private var littleRoughness = 0
    private var seen = 0
    /// Samples that decide.
    private static let enough = 1600

    var isLittle: Bool { littleRoughness < bigRoughness }

    /// Makes the samples little endian, whatever they are.
    mutating func makeLittle(_ bytes: inout [UInt8]) {
        if seen < Self.enough { learn(bytes) }
        guard !isLittle else { return }
        for index in stride(from: 0, to: bytes.count - 1, by: 2) { bytes.swapAt(index, index + 1) }
    }

    private mutating func learn(_ bytes: [UInt8]) {
        var (lastBig, lastLittle) = (0, 0)
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            let big = Int(Int16(bitPattern: UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])))
            let little = Int(Int16(bitPattern: UInt16(bytes[index + 1]) << 8 | UInt16(bytes[index])))
            bigRoughness += abs(big - lastBig)
            littleRoughness += abs(little - lastLittle)
            (lastBig, lastLittle) = (big, little)
        }
        // Silence reads the same either way and decides nothing.
        if bigRoughness != littleRoughness { seen += bytes.count / 2 }
    }
}
