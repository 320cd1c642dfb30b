import CallSession
import Glibc

/// Something a caller says, as sound, with what is said when.
struct ScenarioSound: Sendable, Equatable {
    /// A word within the sound.
    struct Word: Sendable, Equatable {
        var text: String
        /// Samples from the sound's beginning.
        var start: Int
        var end: Int
    }

    /// 8 kHz.
    var samples: [Int16]
    /// Where each word lies, by its share of the text's letters.
    var words: [Word] = []

    /// Adds a silence.
    mutating func pause(_ length: Duration) { samples.append(contentsOf: repeatElement(0, count: length.samples)) }

    /// Adds the tone of an answering machine: 1 kHz, 400 ms.
    mutating func beep() {
        samples += (0..<3200).map { Int16(8000 * sin(2 * Double.pi * Double($0) / 8)) }
    }

    /// Adds a voice that says `text` from its first to its last sample.
    mutating func say(_ text: String, _ voice: some Sequence<Int16>) {
        let start = samples.count
        samples.append(contentsOf: voice)
        words += Self.spread(text, over: [start..<samples.count])
    }

    /// Lays the words of `text` over stretches of a voice, in proportion to their letters.
    static func spread(_ text: String, over stretches: [Range<Int>]) -> [Word] {
        let words = text.lowercased().split(separator: " ")
        let letters = words.reduce(0) { $0 + $1.count + 1 }
        let voiced = stretches.reduce(0) { $0 + $1.count }
        guard letters > 0, voiced > 0 else { return [] }
        /// The sample at which so many letters have been said.
        func place(_ said: Int) -> Int {
            var rest = voiced * said / letters
            for stretch in stretches {
                if rest <= stretch.count { return stretch.lowerBound + rest }
                rest -= stretch.count
            }
            return stretches.last?.upperBound ?? 0
        }
        var said = 0
        return words.map { word in
            let start = place(said)
            said += word.count + 1
            return Word(text: String(word), start: start, end: max(place(said), start + 1))
        }
    }
}
