import Codecs
import Glibc

/// All that a simulated caller's telephone sends: what they say, over what is heard behind them. State in, frames out.
package struct CallerMouth: Sendable {
    /// Something said, and when.
    package struct Sound: Sendable, Equatable {
        /// From the first voiced sample to the one after the last, in samples since the line was opened.
        package var range: Range<Int>
        package var tag: String
    }

    private let background: [Int16]
    private var saying: [Int16] = []
    private var said = 0
    /// Samples given so far.
    package private(set) var position = 0
    /// In the order in which they began.
    package private(set) var sounds: [Sound] = []

    /// - Parameter background: played over and over; empty for none.
    package init(background: [Int16]) { self.background = background }

    package var isSpeaking: Bool { said < saying.count }

    /// Speaks from the next frame on; what was being said is cut.
    ///
    /// - Parameter tag: goes into ``sounds``.
    package mutating func say(_ samples: [Int16], tag: String) {
        if isSpeaking, let last = sounds.indices.last {
            let range = sounds[last].range
            sounds[last].range = min(range.lowerBound, position)..<min(range.upperBound, position)
        }
        saying = samples
        said = 0
        let voiced = Self.voiced(samples)
        sounds.append(Sound(range: position + voiced.lowerBound..<position + voiced.upperBound, tag: tag))
    }

    /// - Parameter frame: is filled, µ-law.
    package mutating func next(into frame: inout [UInt8]) {
        for index in frame.indices {
            var sample = background.isEmpty ? 0 : Int(background[position % background.count])
            if said < saying.count {
                sample += Int(saying[said])
                said += 1
            }
            frame[index] = MuLaw.encode(Int16(clamping: sample))
            position += 1
        }
    }

    /// From the first to the last 10 ms that are within 30 dB of the loudest.
    package static func voiced(_ samples: [Int16]) -> Range<Int> {
        let energies = stride(from: 0, to: samples.count, by: 80).map { start in
            samples[start..<min(start + 80, samples.count)].reduce(0) { $0 + Double($1) * Double($1) }
        }
        guard let loudest = energies.max(), loudest > 0,
            let first = energies.firstIndex(where: { $0 * 1000 >= loudest }),
            let last = energies.lastIndex(where: { $0 * 1000 >= loudest })
        else { return 0..<samples.count }
        return first * 80..<min((last + 1) * 80, samples.count)
    }

    /// Root mean square of what is voiced.
    package static func level(_ samples: [Int16]) -> Double {
        let voiced = samples[voiced(samples)]
        guard !voiced.isEmpty else { return 0 }
        return (voiced.reduce(0) { $0 + Double($1) * Double($1) } / Double(voiced.count)).squareRoot()
    }
}
