/// A place in the list of documents: the name of the last one told, in hexadecimal digits, since the name of a file may have
/// whatever no address may.
struct DocumentCursor: Sendable, Equatable, LosslessStringConvertible {
    /// Bytes of a name, with its folders.
    private static let longest = 1024

    let name: String

    init(after name: String) { self.name = name }

    /// Reads what ``description`` wrote; `nil` for anything else.
    init?(_ description: String) {
        let digits = Array(description.utf8)
        guard digits.count.isMultiple(of: 2), (1...Self.longest).contains(digits.count / 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(of: digits[index]), let low = Self.value(of: digits[index + 1]) else {
                return nil
            }
            // No name has a zero, and no database takes one.
            guard high | low != 0 else { return nil }
            bytes.append(high << 4 | low)
        }
        name = String(decoding: bytes, as: UTF8.self)
    }

    var description: String {
        name.utf8.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
