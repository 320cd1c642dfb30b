/// JSON under construction, as bytes.
///
/// Messages that carry audio or come many times a second are put together here, without Foundation.
struct JSONText: Sendable {
    private(set) var bytes: [UInt8] = []

    init(reserving count: Int = 512) {
        bytes.reserveCapacity(count)
    }

    /// Text that is JSON already.
    mutating func raw(_ text: StaticString) {
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Bytes that are JSON already.
    mutating func raw(_ text: some Sequence<UInt8>) {
        bytes.append(contentsOf: text)
    }

    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                raw("\\u00")
                bytes.append(Self.digits[Int(byte >> 4)])
                bytes.append(Self.digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func integer(_ value: Int) {
        bytes.append(contentsOf: String(value).utf8)
    }

    mutating func bool(_ value: Bool) {
        if value { raw("true") } else { raw("false") }
    }

    /// Thousandths as a decimal number: 1,250 becomes `1.250`.
    mutating func thousandths(_ value: Int) {
        if value < 0 { raw("-") }
        integer(abs(value) / 1000)
        bytes.append(UInt8(ascii: "."))
        let rest = abs(value) % 1000
        for digit in [rest / 100, rest / 10 % 10, rest % 10] { bytes.append(Self.digits[digit]) }
    }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private static let digits = Array("0123456789abcdef".utf8)
}
