/// Sizes as people write them: `32MB`, `512KiB`, `1000`.
enum ByteSize {
    private static let units: [(name: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("B", 1),
    ]

    static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits) else { return nil }
        let name = text.dropFirst(digits.count).drop { $0 == " " }
        if name.isEmpty { return count }
        guard let unit = units.first(where: { $0.name.lowercased() == name.lowercased() }) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
        return overflow ? nil : bytes
    }

    /// In the largest unit that is exact.
    static func text(_ bytes: Int) -> String {
        let exact = units.filter { bytes > 0 && bytes.isMultiple(of: $0.bytes) }.max { $0.bytes < $1.bytes }
        guard let unit = exact else { return "\(bytes)B" }
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}
