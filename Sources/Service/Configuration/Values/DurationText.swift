/// Durations as people write them: `520ms`, `2s`, `1.5s`, `5m`, `1h`.
enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
    ]

    /// Nil for anything else, a bare number included: without a unit nobody knows what is meant.
    static func duration(_ text: String) -> Duration? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let name = text.dropFirst(number.count).drop { $0 == " " }
        guard let unit = units.first(where: { $0.name == name }), number.first != ".", number.last != ".",
            let value = Double(number), value * Double(unit.milliseconds) <= 1e12
        else { return nil }
        return .milliseconds(Int64((value * Double(unit.milliseconds)).rounded()))
    }

    /// In the largest unit that is exact.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        let exact = units.last { milliseconds != 0 && milliseconds.isMultiple(of: $0.milliseconds) }
        guard let unit = exact else { return "\(milliseconds)ms" }
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}
