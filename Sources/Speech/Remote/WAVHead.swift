import AudioCore

/// The beginning of a WAV stream, whose sizes may be unknown: what the samples are, and where they begin.
enum WAVHead: Equatable {
    case incomplete
    case malformed(String)
    case samples(AudioFormat, offset: Int)

    /// Longer heads hold something else.
    private static let longest = 4096

    init(_ bytes: [UInt8]) {
        guard bytes.count >= 12 else {
            self = .incomplete
            return
        }
        guard bytes[0..<4].elementsEqual("RIFF".utf8), bytes[8..<12].elementsEqual("WAVE".utf8) else {
            self = .malformed("no RIFF/WAVE")
            return
        }
        self = Self.chunks(bytes)
    }

    private static func chunks(_ bytes: [UInt8]) -> WAVHead {
        let number = { (at: Int, size: Int) in
            (0..<size).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
        }
        var format: AudioFormat?
        var at = 12
        while at + 8 <= bytes.count {
            let size = number(at + 4, 4)
            let name = bytes[at..<at + 4]
            if name.elementsEqual("data".utf8) {
                guard let format else { return .malformed("samples before their format") }
                return .samples(format, offset: at + 8)
            }
            guard size <= longest else { return .malformed("a chunk of \(size) bytes before the samples") }
            if name.elementsEqual("fmt ".utf8) {
                guard at + 8 + 16 <= bytes.count else { return .incomplete }
                let (code, channels, rate, bits) = (
                    number(at + 8, 2), number(at + 10, 2), number(at + 12, 4), number(at + 22, 2)
                )
                guard channels == 1, (4000...96_000).contains(rate) else {
                    return .malformed("\(channels) channels of \(rate) Hz")
                }
                switch (code, bits) {
                case (1, 16), (0xFFFE, 16): format = AudioFormat(encoding: .linear16, sampleRate: rate)
                case (7, 8): format = AudioFormat(encoding: .mulaw, sampleRate: rate)
                case (6, 8): format = AudioFormat(encoding: .alaw, sampleRate: rate)
                default: return .malformed("samples of kind \(code) with \(bits) bits")
                }
            }
            at += 8 + size + size % 2
        }
        return at > longest ? .malformed("no samples") : .incomplete
    }

    /// A whole file of linear samples.
    static func file(_ samples: [Int16], sampleRate: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(44 + samples.count * 2)
        func add(_ value: Int, _ size: Int) {
            for shift in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
        }
        bytes += "RIFF".utf8
        add(36 + samples.count * 2, 4)
        bytes += "WAVEfmt ".utf8
        add(16, 4)
        add(1, 2)
        add(1, 2)
        add(sampleRate, 4)
        add(sampleRate * 2, 4)
        add(2, 2)
        add(16, 2)
        bytes += "data".utf8
        add(samples.count * 2, 4)
        for sample in samples { add(Int(sample), 2) }
        return bytes
    }
}
