import Codecs

/// Makes samples of packets, and of packets that are lost or damaged what might have been in them. Nothing is
/// allocated per packet.
///
/// Confined to its line's thread.
final class OpusEar {
    /// What is made up at most for what was lost in one place: 100 ms. Longer, it is no more like speech.
    private static let patience = 5

    private var decoder: OpusDecoder
    private var room: [Int16]
    private var made = [Int16](repeating: 0, count: OpusPackets.size)
    private(set) var damagedCount = 0
    /// Packets that something was made up for: those that are lost, and those that are damaged.
    private(set) var concealedCount = 0

    /// - Throws: ``CodecError`` when libopus has no memory for it.
    init() throws(CodecError) {
        let format = OpusFormat(sampleRate: 8000)
        decoder = try OpusDecoder(format)
        room = [Int16](repeating: 0, count: format.largestFrameSize)
    }

    /// Decodes a packet.
    ///
    /// - Parameters:
    ///   - missing: packets of 20 ms lost before it.
    ///   - samples: at 8 kHz; appended to.
    /// - Returns: samples among them that were made up for `missing`.
    func decode(_ packet: Span<UInt8>, missing: Int, into samples: inout [Int16]) -> Int {
        let lost = min(max(missing, 0), Self.patience)
        for index in 0..<lost {
            // The last of them may be repeated in the packet that came.
            conceal(from: index == lost - 1 ? packet : Span(), into: &samples)
        }
        concealedCount += lost
        var span = room.mutableSpan
        do throws(CodecError) {
            let count = try decoder.decode(packet, into: &span)
            for index in 0..<count { samples.append(room[index]) }
        } catch {
            damagedCount += 1
            concealedCount += 1
            conceal(from: Span(), into: &samples)
        }
        return lost * OpusPackets.size
    }

    private func conceal(from packet: Span<UInt8>, into samples: inout [Int16]) {
        var span = made.mutableSpan
        var count = packet.isEmpty ? nil : try? decoder.recover(from: packet, into: &span)
        if count == nil { count = try? decoder.conceal(into: &span) }
        for index in 0..<OpusPackets.size { samples.append(index < count ?? 0 ? made[index] : 0) }
    }
}
