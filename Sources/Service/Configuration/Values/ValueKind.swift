/// How the text of a value becomes a value of the program, and back.
struct ValueKind<Value: Sendable>: Sendable {
    /// `integer`, `duration`, … as the reference names it.
    let type: String
    /// What may be written: `0 ... 65535`, `pretty | json`.
    let range: String
    /// Nil when `text` is no such value or lies outside the range.
    let parse: @Sendable (_ text: String) -> Value?
    /// The text that ``parse`` reads back as the value.
    let format: @Sendable (Value) -> String
    var isSecret = false
    /// Whether the file may give it as a list; its text is the items with commas between them.
    var isList = false
}

extension ValueKind where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> Self {
        ValueKind(
            type: "integer", range: "\(range.lowerBound) ... \(range.upperBound)",
            parse: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } },
            format: { "\($0)" })
    }

    /// A number of bytes.
    static func size(_ range: ClosedRange<Int>) -> Self {
        ValueKind(
            type: "size", range: "\(ByteSize.text(range.lowerBound)) ... \(ByteSize.text(range.upperBound))",
            parse: { text in ByteSize.bytes(text).flatMap { range.contains($0) ? $0 : nil } },
            format: ByteSize.text)
    }
}

extension ValueKind where Value == Int? {
    /// LUFS, or off.
    static var loudness: Self {
        let range = -36 ... -14
        return ValueKind(
            type: "loudness", range: "\(range.lowerBound) ... \(range.upperBound) | off",
            parse: { text in
                if text == "off" { return .some(nil) }
                return Int(text).flatMap { range.contains($0) ? .some($0) : nil }
            },
            format: { $0.map(String.init) ?? "off" })
    }
}

extension ValueKind where Value == Bool {
    static var boolean: Self {
        ValueKind(
            type: "boolean", range: "true | false",
            parse: { text in
                switch text.lowercased() {
                case "true", "yes", "on": true
                case "false", "no", "off": false
                default: nil
                }
            },
            format: { $0 ? "true" : "false" })
    }
}

extension ValueKind where Value == Duration {
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        ValueKind(
            type: "duration",
            range: "\(DurationText.text(range.lowerBound)) ... \(DurationText.text(range.upperBound))",
            parse: { text in DurationText.duration(text).flatMap { range.contains($0) ? $0 : nil } },
            format: DurationText.text)
    }
}

extension ValueKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    static var word: Self {
        ValueKind(
            type: "word", range: Value.allCases.map(\.rawValue).joined(separator: " | "),
            parse: { Value(rawValue: $0) }, format: { $0.rawValue })
    }
}
