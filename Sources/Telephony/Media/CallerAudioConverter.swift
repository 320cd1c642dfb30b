import AudioCore
import Codecs

/// Makes telephone audio of what a stream carries.
struct CallerAudioConverter: ~Copyable {
    private let format: MediaFormat
    private var resampler: Resampler?
    private var opus: OpusEar?
    private var g722: G722Decoder?
    private var samples: [Int16] = []
    private var resampled: [Int16] = []
    /// µ-law at 8 kHz of what was converted last.
    private(set) var telephone: [UInt8] = []

    var damagedCount: Int { opus?.damagedCount ?? 0 }
    var concealedCount: Int { opus?.concealedCount ?? 0 }

    init(from format: MediaFormat) {
        self.format = format
        switch format {
        // Rates are checked where the start is read, so the converter exists for every one that comes here.
        case .samples(let samples):
            resampler = samples.sampleRate == 8000 ? nil : try? Resampler(from: samples.sampleRate, to: 8000)
        case .opus: opus = try? OpusEar()
        case .g722:
            g722 = try? G722Decoder()
            resampler = try? Resampler(from: G722.sampleRate, to: 8000)
        }
    }

    /// - Parameters:
    ///   - wire: exchanged for another buffer where nothing has to be converted.
    ///   - missing: packets that were lost before it.
    /// - Returns: samples at the beginning of ``telephone`` that were made up for them.
    @discardableResult mutating func convert(_ wire: inout [UInt8], missing: Int) -> Int {
        guard format != .telephone else {
            swap(&wire, &telephone)
            return 0
        }
        var madeUp = 0
        samples.removeAll(keepingCapacity: true)
        switch format {
        case .samples(let format): PCM.append(wire.span, format.encoding, to: &samples)
        case .opus: madeUp = opus?.decode(wire.span, missing: missing, into: &samples) ?? 0
        case .g722: g722?.decode(wire.span, appendingTo: &samples)
        }
        telephone.removeAll(keepingCapacity: true)
        guard resampler != nil else {
            for sample in samples { telephone.append(MuLaw.encode(sample)) }
            return madeUp
        }
        // Copies of the references only: neither array is changed while it is lent.
        let input = samples
        resampled.removeAll(keepingCapacity: true)
        resampler?.process(input.span, appendingTo: &resampled)
        for sample in resampled { telephone.append(MuLaw.encode(sample)) }
        return madeUp
    }
}

/// Makes a stream's audio of telephone audio.
struct AgentAudioConverter: ~Copyable {
    private let format: MediaFormat
    private var resampler: Resampler?
    private var opus: OpusMouth?
    private var g722: G722Mouth?
    private var samples: [Int16] = []
    private var resampled: [Int16] = []
    private var wire: [UInt8] = []

    init(to format: MediaFormat) {
        self.format = format
        switch format {
        case .samples(let samples):
            resampler = samples.sampleRate == 8000 ? nil : try? Resampler(from: 8000, to: samples.sampleRate)
        case .opus: opus = try? OpusMouth()
        case .g722: g722 = try? G722Mouth()
        }
    }

    /// Whether the stream carries telephone audio as it is.
    var isIdle: Bool { format == .telephone }

    /// Forgets what the filter, or a packet that is not full, still holds of earlier audio.
    mutating func reset() {
        resampled.removeAll(keepingCapacity: true)
        resampler?.flush(appendingTo: &resampled)
        opus?.reset()
        g722?.reset()
    }

    /// Sends what waits for a packet to be full.
    mutating func flush(_ send: (Span<UInt8>) -> Void) {
        opus?.flush(send)
        g722?.flush(send)
    }

    /// - Parameter send: is lent what is to be sent, a message at a time.
    mutating func convert(_ telephone: Span<UInt8>, _ send: (Span<UInt8>) -> Void) {
        samples.removeAll(keepingCapacity: true)
        PCM.append(telephone, .mulaw, to: &samples)
        // Copies of the references only: no array is changed while it is lent.
        let input = samples
        switch format {
        case .opus: opus?.encode(input.span, send)
        case .g722: g722?.encode(input.span, send)
        case .samples(let format):
            wire.removeAll(keepingCapacity: true)
            if resampler == nil {
                PCM.append(input.span, format.encoding, to: &wire)
            } else {
                resampled.removeAll(keepingCapacity: true)
                resampler?.process(input.span, appendingTo: &resampled)
                let output = resampled
                PCM.append(output.span, format.encoding, to: &wire)
            }
            send(wire.span)
        }
    }
}

/// Between linear samples and a wire's encoding.
enum PCM {
    static func append(_ wire: Span<UInt8>, _ encoding: AudioFormat.Encoding, to samples: inout [Int16]) {
        switch encoding {
        case .mulaw: for index in wire.indices { samples.append(MuLaw.decode(wire[index])) }
        case .alaw: for index in wire.indices { samples.append(ALaw.decode(wire[index])) }
        case .linear16:
            for index in 0..<wire.count / 2 {
                samples.append(Int16(bitPattern: UInt16(wire[index * 2]) | UInt16(wire[index * 2 + 1]) << 8))
            }
        }
    }

    static func append(_ samples: Span<Int16>, _ encoding: AudioFormat.Encoding, to wire: inout [UInt8]) {
        switch encoding {
        case .mulaw: for index in samples.indices { wire.append(MuLaw.encode(samples[index])) }
        case .alaw: for index in samples.indices { wire.append(ALaw.encode(samples[index])) }
        case .linear16:
            for index in samples.indices {
                let bits = UInt16(bitPattern: samples[index])
                wire.append(UInt8(truncatingIfNeeded: bits))
                wire.append(UInt8(truncatingIfNeeded: bits >> 8))
            }
        }
    }
}
