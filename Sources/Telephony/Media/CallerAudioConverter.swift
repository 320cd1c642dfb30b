import AudioCore
import Codecs

/// Makes telephone audio of what a stream carries.
struct CallerAudioConverter: ~Copyable {
    private let format: AudioFormat
    private var resampler: Resampler?
    private var samples: [Int16] = []
    private var resampled: [Int16] = []
    /// µ-law at 8 kHz of what was converted last.
    private(set) var telephone: [UInt8] = []

    init(from format: AudioFormat) {
        self.format = format
        // Rates are checked where the start is read, so the converter exists for every one that comes here.
        resampler = format.sampleRate == 8000 ? nil : try? Resampler(from: format.sampleRate, to: 8000)
    }

    /// - Parameter wire: exchanged for another buffer where nothing has to be converted.
    mutating func convert(_ wire: inout [UInt8]) {
        guard format != .telephone else { return swap(&wire, &telephone) }
        samples.removeAll(keepingCapacity: true)
        PCM.append(wire.span, format.encoding, to: &samples)
        telephone.removeAll(keepingCapacity: true)
        guard format.sampleRate != 8000 else {
            for sample in samples { telephone.append(MuLaw.encode(sample)) }
            return
        }
        // Copies of the references only: neither array is changed while it is lent.
        let input = samples
        resampled.removeAll(keepingCapacity: true)
        resampler?.process(input.span, appendingTo: &resampled)
        for sample in resampled { telephone.append(MuLaw.encode(sample)) }
    }
}

/// Makes a stream's audio of telephone audio.
struct AgentAudioConverter: ~Copyable {
    private let format: AudioFormat
    private var resampler: Resampler?
    private var samples: [Int16] = []
    private var resampled: [Int16] = []
    /// What was converted last, in the stream's format.
    private(set) var wire: [UInt8] = []

    init(to format: AudioFormat) {
        self.format = format
        resampler = format.sampleRate == 8000 ? nil : try? Resampler(from: 8000, to: format.sampleRate)
    }

    /// Whether the stream carries telephone audio as it is.
    var isIdle: Bool { format == .telephone }

    /// Forgets what the filter still holds of earlier audio.
    mutating func reset() {
        resampled.removeAll(keepingCapacity: true)
        resampler?.flush(appendingTo: &resampled)
    }

    mutating func convert(_ telephone: Span<UInt8>) {
        samples.removeAll(keepingCapacity: true)
        PCM.append(telephone, .mulaw, to: &samples)
        wire.removeAll(keepingCapacity: true)
        let input = samples
        guard format.sampleRate != 8000 else { return PCM.append(input.span, format.encoding, to: &wire) }
        resampled.removeAll(keepingCapacity: true)
        resampler?.process(input.span, appendingTo: &resampled)
        let output = resampled
        PCM.append(output.span, format.encoding, to: &wire)
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
