import Agent

/// A quick look at a text, since most have nothing to mask.
enum DigitEstimate {
    /// Digits that the longest ``DigitRun`` may have: never too few.
    static func most(in text: String) -> Int {
        var (most, run) = (0, 0)
        var (word, length) = (0, 0)
        func end() {
            guard length > 0 else { return }
            if let digits = length <= longest ? words[word] : nil { run += digits } else { run = 0 }
            most = max(most, run)
            (word, length) = (0, 0)
        }
        for byte in text.utf8 {
            // Letters of other scripts, and their digits.
            guard byte < 0x80 else { return .max }
            let letter = byte | 0x20
            if letter >= UInt8(ascii: "a"), letter <= UInt8(ascii: "z") {
                length += 1
                if length <= longest { word = word << 5 | Int(letter & 0x1F) }
            } else {
                end()
                if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                    run += 1
                    most = max(most, run)
                }
            }
        }
        end()
        return most
    }

    /// Letters of the longest word, "seventeen" and "quadruple"; five bits each.
    private static let longest = 9

    /// What a run goes on over, and how many digits each stands for; of a multiple its digit counts for itself.
    private static let words: [Int: Int] = {
        let ones = DigitRun.zeros.union(DigitRun.homophones.keys).union(NumberWords.units.prefix(10)).map { ($0, 1) }
        let twos = (NumberWords.units.dropFirst(10) + NumberWords.tens.dropFirst(2)).map { ($0, 2) }
        let more = DigitRun.multiples.map { ($0.key, $0.value - 1) } + DigitRun.fillers.map { ($0, 0) }
        return Dictionary(
            (ones + twos + more).map { word, count in (word.utf8.reduce(0) { $0 << 5 | Int($1 & 0x1F) }, count) }
        ) { max($0, $1) }
    }()
}
