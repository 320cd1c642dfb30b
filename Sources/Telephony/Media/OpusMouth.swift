import Codecs

/// Makes packets of samples, which may come in any number. Nothing is allocated per packet.
///
/// Confined to its line's thread.
final class OpusMouth {
    private var encoder: OpusEncoder
    private var waiting: [Int16] = []
    private var packet = [UInt8](repeating: 0, count: OpusEncoder.packetLimit)

    /// - Throws: ``CodecError`` when libopus has no memory for it.
    init() throws(CodecError) {
        var configuration = OpusEncoder.Configuration()
        configuration.bitrate = OpusPackets.bitrate
        encoder = try OpusEncoder(OpusFormat(sampleRate: 8000), configuration)
        waiting.reserveCapacity(8 * OpusPackets.size)
    }

    /// Lends `send` each packet that is whole; what is left waits for more.
    func encode(_ samples: Span<Int16>, _ send: (Span<UInt8>) -> Void) {
        for index in samples.indices { waiting.append(samples[index]) }
        var start = 0
        while start + OpusPackets.size <= waiting.count {
            var span = packet.mutableSpan
            let frame = waiting.span.extracting(start..<start + OpusPackets.size)
            // It fails only for arguments that these are not.
            if let count = try? encoder.encode(frame, into: &span) { send(packet.span.extracting(0..<count)) }
            start += OpusPackets.size
        }
        waiting.removeFirst(start)
    }

    /// Sends what waits, with silence behind it.
    func flush(_ send: (Span<UInt8>) -> Void) {
        guard !waiting.isEmpty else { return }
        let silence = [Int16](repeating: 0, count: OpusPackets.size - waiting.count)
        encode(silence.span, send)
    }

    /// Forgets what waits.
    func reset() { waiting.removeAll(keepingCapacity: true) }
}
