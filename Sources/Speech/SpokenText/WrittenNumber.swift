/// A number as people write it, with separators of thousands and of the fraction.
struct WrittenNumber: Equatable {
    /// Digits before the separator of the fraction, with a sign.
    var whole: String
    /// Digits after it.
    var fraction: String

    /// - Returns: nil for what is no number.
    init?(_ text: Substring, _ locale: SpeechLocale) {
        let (group, point): (Character, Character) = locale == .english ? (",", ".") : (".", ",")
        var parts = text.split(separator: point, omittingEmptySubsequences: false)
        guard parts.count <= 2 else { return nil }
        let groups = parts[0].split(separator: group, omittingEmptySubsequences: false)
        if groups.count > 1 {
            // Groups of three; anything else is the other locale's fraction, or no number.
            let isGrouped = groups.dropFirst().allSatisfy { $0.count == 3 } && (1...3).contains(groups[0].count)
            if !isGrouped {
                guard groups.count == 2, parts.count == 1 else { return nil }
                parts = [groups[0], groups[1]]
            } else {
                parts[0] = Substring(groups.joined())
            }
        }
        let digits = { (part: Substring) in !part.isEmpty && part.allSatisfy { $0.isASCII && $0.isNumber } }
        let sign = parts[0].hasPrefix("-") ? "-" : ""
        guard digits(sign.isEmpty ? parts[0] : parts[0].dropFirst()) else { return nil }
        if parts.count == 2 { guard digits(parts[1]) else { return nil } }
        whole = String(parts[0])
        fraction = parts.count == 2 ? String(parts[1]) : ""
    }

    func words(_ locale: SpeechLocale) -> String? {
        let point = locale == .english ? "." : ","
        return NumberWords.decimal(fraction.isEmpty ? whole : whole + point + fraction, locale)
    }
}
