/// How the samples of a leg are represented on the wire.
package struct AudioFormat: Sendable, Hashable, CustomStringConvertible {
    package enum Encoding: String, Sendable, Codable {
        /// ITU-T G.711 µ-law, one byte a sample.
        case mulaw
        /// ITU-T G.711 A-law, one byte a sample.
        case alaw
        /// Signed 16-bit, little endian.
        case linear16
    }

    package let encoding: Encoding
    /// Hz.
    package let sampleRate: Int

    package init(encoding: Encoding, sampleRate: Int) {
        self.encoding = encoding
        self.sampleRate = sampleRate
    }

    /// 8 kHz µ-law, the telephone network's own format.
    package static let telephone = AudioFormat(encoding: .mulaw, sampleRate: 8000)

    package var bytesPerSample: Int { encoding == .linear16 ? 2 : 1 }

    package var description: String { "\(encoding.rawValue)/\(sampleRate)" }
}
