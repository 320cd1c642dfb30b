import Agent

/// What makes digits the number of a payment card (ISO/IEC 7812): how it begins, how long it is, and its check digit.
enum CardNumber {
    static let lengths = 14...19

    /// Whether `digits` are one whole number of a card.
    static func isWhole(_ digits: some StringProtocol) -> Bool {
        lengths.contains(digits.utf8.count) && isIssued(digits) && Luhn.holds(digits)
    }

    /// Whether `digits`, of which more may follow, begin as a card's do.
    static func mayBegin(with digits: some StringProtocol) -> Bool {
        guard digits.utf8.count < lengths.upperBound, let head = Int(digits.prefix(4)) else { return false }
        let missing = 4 - digits.prefix(4).count
        let scale = (0..<missing).reduce(1) { scale, _ in scale * 10 }
        let heads = (head * scale)...(head * scale + scale - 1)
        return issuers.contains { $0.heads.overlaps(heads) }
    }

    /// Whether a card's number may begin somewhere in `digits`, and end behind them or with them.
    ///
    /// - Parameter least: digits that there must be of it.
    static func mayBegin(within digits: String, least: Int = 7) -> Bool {
        digits.indices.prefix(max(digits.count - least + 1, 0)).contains { mayBegin(with: digits[$0...]) }
    }

    /// Schemes by the first four digits. Lengths of under 14 digits are left out: nobody issues them any more, and too many other
    /// numbers look the same.
    private static let issuers: [(heads: ClosedRange<Int>, lengths: [Int])] = [
        (2200...2204, [16, 17, 18, 19]), (2221...2720, [16]), (3000...3059, [14, 16]), (3400...3499, [15]),
        (3528...3589, [16, 17, 18, 19]), (3600...3699, [14, 16]), (3700...3799, [15]), (3800...3999, [14, 16]),
        (4000...4999, [16, 19]), (5000...5099, [16, 17, 18, 19]), (5100...5599, [16]),
        (5600...5899, [16, 17, 18, 19]), (6000...6999, [16, 17, 18, 19]),
    ]

    private static func isIssued(_ digits: some StringProtocol) -> Bool {
        guard let head = Int(digits.prefix(4)) else { return false }
        return issuers.contains { $0.heads.contains(head) && $0.lengths.contains(digits.utf8.count) }
    }
}
