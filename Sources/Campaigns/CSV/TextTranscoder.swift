/// Turns text that arrives in pieces into UTF-8, without the byte order mark. UTF-8 itself passes as it is: what is wrong
/// with it is found where the fields are read.
struct TextTranscoder {
    private let encoding: CSVDialect.Encoding
    private var isAtStart = true
    /// Bytes of a character that the last piece cut.
    private var rest: [UInt8] = []
    private var highSurrogate: UInt16?

    init(_ encoding: CSVDialect.Encoding) { self.encoding = encoding }

    mutating func decode(_ piece: ArraySlice<UInt8>) -> [UInt8] {
        var bytes = rest + piece
        rest = []
        switch encoding {
        case .utf8:
            if isAtStart, bytes.count < 3, [0xEF, 0xBB, 0xBF].starts(with: bytes) {
                rest = bytes
                return []
            }
            if isAtStart, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
            isAtStart = false
            return bytes
        case .windows1252:
            return bytes.flatMap { byte -> [UInt8] in byte < 0x80 ? [byte] : Self.windows1252[Int(byte - 0x80)] }
        case .utf16LittleEndian, .utf16BigEndian:
            if bytes.count % 2 == 1, let last = bytes.popLast() { rest = [last] }
            return decodePairs(bytes)
        }
    }

    private mutating func decodePairs(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for index in stride(from: 0, to: bytes.count, by: 2) {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            let unit = encoding == .utf16LittleEndian ? second << 8 | first : first << 8 | second
            defer { isAtStart = false }
            if isAtStart, unit == 0xFEFF { continue }
            if unit & 0xFC00 == 0xD800 {
                highSurrogate = unit
                continue
            }
            var scalar = UInt32(unit)
            if unit & 0xFC00 == 0xDC00, let high = highSurrogate {
                scalar = 0x10000 + (UInt32(high & 0x3FF) << 10 | UInt32(unit & 0x3FF))
            }
            highSurrogate = nil
            text.append(contentsOf: String(UnicodeScalar(scalar) ?? "\u{FFFD}").utf8)
        }
        return text
    }

    /// 0x80...0xFF; the five that stand for nothing become U+FFFD.
    private static let windows1252: [[UInt8]] = {
        let special: [UInt32] = [
            0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
            0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
            0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
        ]
        return (special + Array(0xA0...0xFF)).map { Array(String(UnicodeScalar($0) ?? "\u{FFFD}").utf8) }
    }()
}
