import Codecs
import Glibc

/// Sound that a voice detector takes for a voice: three formants over a pitch, in syllables, with short pauses.
package enum SpeechLikeTone {
    /// - Parameters:
    ///   - duration: a multiple of the syllable's 240 ms loops without a click.
    ///   - sampleRate: Hz.
    package static func samples(_ duration: Duration, sampleRate: Int) -> [Int16] {
        let count = Int((duration / .seconds(1) * Double(sampleRate)).rounded())
        return (0..<count).map { index in
            let time = Double(index) / Double(sampleRate)
            let syllable = (time / 0.24).truncatingRemainder(dividingBy: 1)
            let envelope = syllable < 0.8 ? sin(.pi * syllable / 0.8) : 0
            var sum = 0.0
            for (harmonic, weight) in [(1.0, 0.3), (4, 1), (5, 0.8), (9, 0.5), (10, 0.4), (18, 0.2)] {
                sum += weight * sin(2 * .pi * 125 * harmonic * time)
            }
            return Int16(sum / 3.2 * envelope * 12_000)
        }
    }

    /// The same as µ-law.
    package static func muLaw(_ duration: Duration, sampleRate: Int = 8000) -> [UInt8] {
        samples(duration, sampleRate: sampleRate).map(MuLaw.encode)
    }
}
