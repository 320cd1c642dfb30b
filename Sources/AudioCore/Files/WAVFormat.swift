/// How a WAV file stores its samples.
package struct WAVFormat: Sendable, Hashable, CustomStringConvertible {
    package enum Encoding: String, Sendable, CaseIterable {
        /// Unsigned 8-bit.
        case linear8
        /// Signed little-endian.
        case linear16
        case linear24
        case linear32
        /// IEEE 754 single precision, -1...1.
        case float32
        /// ITU-T G.711, format tag 7.
        case mulaw
        /// ITU-T G.711, format tag 6.
        case alaw

        package var bytesPerSample: Int {
            switch self {
            case .linear8, .mulaw, .alaw: 1
            case .linear16: 2
            case .linear24: 3
            case .linear32, .float32: 4
            }
        }

        /// `wFormatTag` of the `fmt ` chunk.
        var tag: UInt16 {
            switch self {
            case .linear8, .linear16, .linear24, .linear32: 1
            case .float32: 3
            case .alaw: 6
            case .mulaw: 7
            }
        }

        init?(tag: UInt16, bitsPerSample: UInt16) {
            let match = Self.allCases.first { $0.tag == tag && $0.bytesPerSample * 8 == Int(bitsPerSample) }
            guard let match else { return nil }
            self = match
        }
    }

    package let encoding: Encoding
    /// Hz.
    package let sampleRate: Int
    /// 1 or more; samples of one moment are stored side by side.
    package let channels: Int

    package init(encoding: Encoding, sampleRate: Int, channels: Int) {
        self.encoding = encoding
        self.sampleRate = sampleRate
        self.channels = channels
    }

    /// Bytes that hold one sample of every channel.
    package var bytesPerFrame: Int { encoding.bytesPerSample * channels }

    /// What stands before so many bytes of samples in a file.
    package func header(dataSize: Int) -> [UInt8] {
        WAVHeader(format: self, dataSize: UInt32(clamping: dataSize)).encoded()
    }

    package var description: String { "\(encoding.rawValue)/\(sampleRate)/\(channels)" }
}
