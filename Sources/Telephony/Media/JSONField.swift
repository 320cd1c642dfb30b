/// Where in a message a value lies. Plain numbers: reading one allocates nothing.
struct JSONField {
    enum Kind: UInt8 {
        case absent
        /// The range is what stands between the quotes.
        case string
        /// A string with escape sequences.
        case escapedString
        /// A number, `true` or `false`.
        case literal
        /// An object or array; the range includes its brackets.
        case container
    }

    private(set) var kind = Kind.absent
    private var start: Int32 = 0
    private var end: Int32 = 0

    init() {}

    init(_ kind: Kind, _ range: Range<Int>) {
        self.kind = kind
        start = Int32(truncatingIfNeeded: range.lowerBound)
        end = Int32(truncatingIfNeeded: range.upperBound)
    }

    var range: Range<Int> { Int(start)..<Int(end) }
    var isPresent: Bool { kind != .absent }
    var isString: Bool { kind == .string || kind == .escapedString }

    /// Whether the value is exactly the string `literal`.
    @inline(__always)
    func equals(_ literal: StaticString, in text: Span<UInt8>) -> Bool {
        kind == .string && text.matches(literal, in: range)
    }

    /// Whether the value is this string, byte by byte, its escapes resolved.
    func holds(_ string: String, in text: Span<UInt8>) -> Bool {
        switch kind {
        case .string:
            var position = range.lowerBound
            for byte in string.utf8 {
                guard position < range.upperBound, text[position] == byte else { return false }
                position += 1
            }
            return position == range.upperBound
        case .escapedString:
            var bytes: [UInt8] = []
            appendBytes(of: text, to: &bytes)
            return bytes.elementsEqual(string.utf8)
        case .absent, .literal, .container: return false
        }
    }

    /// The decimal integer of a number or of a string that holds one; a fraction is cut off.
    func integer(in text: Span<UInt8>) -> Int? {
        guard kind == .string || kind == .literal, range.count <= 24 else { return nil }
        var position = range.lowerBound
        var value = 0
        while position < range.upperBound, case let digit = text[position] &- UInt8(ascii: "0"), digit < 10 {
            guard value < 100_000_000_000_000_000 else { return nil }
            value = value * 10 + Int(digit)
            position += 1
        }
        guard position > range.lowerBound else { return nil }
        guard position < range.upperBound else { return value }
        guard text[position] == UInt8(ascii: ".") else { return nil }
        for index in (position + 1)..<range.upperBound where text[index] &- UInt8(ascii: "0") >= 10 { return nil }
        return value
    }

    /// The text of a string value, its escapes resolved; nil for any other kind.
    func string(in text: Span<UInt8>) -> String? {
        guard isString else { return nil }
        if kind == .string {
            // Short ones, as the names of marks are, cost no allocation.
            // SAFETY: the buffer is read before the call returns.
            return unsafe text.extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        }
        var bytes: [UInt8] = []
        appendBytes(of: text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends a string value's bytes, its escapes resolved. The scanner has checked the escapes already.
    func appendBytes(of text: Span<UInt8>, to bytes: inout [UInt8]) {
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = text[position]
            position += 1
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            let escape = text[position]
            position += 1
            switch escape {
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "u"): position = appendScalar(of: text, at: position, to: &bytes)
            default: bytes.append(escape)
            }
        }
    }

    /// Appends the character of `\uXXXX`, or of a pair of surrogates; a lone surrogate becomes U+FFFD.
    private func appendScalar(of text: Span<UInt8>, at position: Int, to bytes: inout [UInt8]) -> Int {
        var end = position + 4
        var value = UInt32(text.hexadecimal(at: position))
        if (0xD800..<0xDC00).contains(value), end + 6 <= range.upperBound,
            text[end] == UInt8(ascii: "\\"), text[end + 1] == UInt8(ascii: "u"),
            case let low = UInt32(text.hexadecimal(at: end + 2)), (0xDC00..<0xE000).contains(low)
        {
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            end += 6
        }
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        bytes.append(contentsOf: String(scalar).utf8)
        return end
    }
}

extension Span<UInt8> {
    /// Whether the bytes of `range` are those of `literal`.
    @inline(__always)
    func matches(_ literal: StaticString, in range: Range<Int>) -> Bool {
        guard literal.utf8CodeUnitCount == range.count, range.upperBound <= count else { return false }
        for offset in 0..<range.count {
            // SAFETY: the counts are equal and the range ends within the span.
            if unsafe self[unchecked: range.lowerBound + offset] != literal.utf8Start[offset] { return false }
        }
        return true
    }

    /// The value of four hexadecimal digits, which the scanner has checked.
    func hexadecimal(at position: Int) -> UInt16 {
        var value: UInt16 = 0
        for index in position..<position + 4 {
            let byte = self[index]
            value = value << 4 | UInt16(byte < 0x3A ? byte & 0x0F : (byte & 0x07) + 9)
        }
        return value
    }
}
