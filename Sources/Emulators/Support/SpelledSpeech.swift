/// Sound that says which word it is: what an emulated recognizer hears is what it was given, so that words which were lost or
/// doubled on the way show.
///
/// A word is 120 ms of one loud code of G.711, 120 ms of another one, and 60 ms of silence, at 8 kHz.
package enum SpelledSpeech {
    /// Words there are.
    package static let vocabulary = 4096
    /// Samples of one word with the silence behind it.
    package static let wordLength = 2400

    static let half = 960
    /// Fewer samples of a half are not enough to know it.
    static let knownHalf = 900

    /// - Parameter number: 0 ..< ``vocabulary``.
    package static func audio(of number: Int) -> [UInt8] {
        let (first, second) = codes(of: number)
        return [UInt8](repeating: first, count: half) + [UInt8](repeating: second, count: half)
            + [UInt8](repeating: 0xFF, count: wordLength - 2 * half)
    }

    package static func name(of number: Int) -> String { "w\(number)" }

    private static func codes(of number: Int) -> (UInt8, UInt8) {
        (UInt8(number / 64 % 64), 0x80 + UInt8(number % 64))
    }

    static func number(_ first: UInt8, _ second: UInt8) -> Int { Int(first) * 64 + Int(second) - 0x80 }
}
