/// Writing of JSON into a reused buffer.
extension [UInt8] {
    mutating func append(_ text: StaticString) {
        // SAFETY: a static string's bytes live as long as the program.
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends `text` with its quotes, escaped as RFC 8259 §7 demands.
    mutating func append(jsonString text: some StringProtocol) {
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0..<0x20:
                append("\\u00")
                append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
                append(byte & 0x0F < 10 ? UInt8(ascii: "0") + (byte & 0x0F) : UInt8(ascii: "a") - 10 + (byte & 0x0F))
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }

    /// Appends a number that is not negative in decimal digits, within quotes.
    mutating func append(quotedDecimal number: Int) {
        append(UInt8(ascii: "\""))
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
        append(UInt8(ascii: "\""))
    }
}
