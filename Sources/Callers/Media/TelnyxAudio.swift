import Codecs
import Telephony

/// What Telnyx does to audio between a telephone line and a media stream, in each of the codecs that a stream may have.
///
/// Confined to its line's thread.
final class TelnyxAudio {
    private let hears: TelnyxCodec
    private let speaks: TelnyxCodec
    private var opusEncoder: OpusEncoder?
    private var opusDecoder: OpusDecoder?
    private var encoder: G722Encoder?
    private var decoder: G722Decoder?
    private var last: Int16 = 0

    /// - Parameters:
    ///   - hears: of the caller's voice on its way to the service.
    ///   - speaks: of the agent's voice on its way here.
    init(hears: TelnyxCodec, speaks: TelnyxCodec) {
        self.hears = hears
        self.speaks = speaks
        switch hears {
        case .opus: opusEncoder = try? OpusEncoder(OpusFormat())
        case .g722: encoder = try? G722Encoder()
        case .pcmu, .pcma: break
        }
        switch speaks {
        case .opus: opusDecoder = try? OpusDecoder(OpusFormat())
        case .g722: decoder = try? G722Decoder()
        case .pcmu, .pcma: break
        }
    }

    /// Of a payload that holds 20 ms.
    var leastBytes: Int { speaks == .opus ? 1 : 160 }

    /// 20 ms of the caller, from µ-law, as one payload.
    func payload(of frame: Span<UInt8>) -> [UInt8] {
        let codes = frame.indices.map { frame[$0] }
        let samples = codes.map(MuLaw.decode)
        switch hears {
        case .pcmu: return codes
        case .pcma: return samples.map(ALaw.encode)
        case .g722:
            // Between two samples the mean: enough for the band of a telephone.
            var wide: [Int16] = []
            for sample in samples {
                let sum = Int(last) + Int(sample)
                wide.append(Int16(sum / 2))
                wide.append(sample)
                last = sample
            }
            var payload: [UInt8] = []
            encoder?.encode(wide.span, appendingTo: &payload)
            return payload
        case .opus:
            var packet = [UInt8](repeating: 0, count: OpusEncoder.packetLimit)
            var span = packet.mutableSpan
            let count = try? opusEncoder?.encode(samples.span, into: &span)
            return Array(packet.prefix(count ?? 0))
        }
    }

    /// The agent's audio of one payload, as µ-law.
    func telephone(_ payload: [UInt8]) throws -> [UInt8] {
        switch speaks {
        case .pcmu: return payload
        case .pcma: return payload.map { MuLaw.encode(ALaw.decode($0)) }
        case .g722:
            var wide: [Int16] = []
            decoder?.decode(payload.span, appendingTo: &wide)
            var codes: [UInt8] = []
            for index in 0..<wide.count / 2 {
                let sum = Int(wide[index * 2]) + Int(wide[index * 2 + 1])
                codes.append(MuLaw.encode(Int16(sum / 2)))
            }
            return codes
        case .opus:
            var room = [Int16](repeating: 0, count: 960)
            var span = room.mutableSpan
            guard let count = try? opusDecoder?.decode(payload.span, into: &span), count >= 160 else {
                throw CarrierMediaFault("a payload is no Opus packet of 20 ms or more")
            }
            return room.prefix(count).map(MuLaw.encode)
        }
    }
}
