/// The name of a file that an answer gives to be kept, as the header `Content-Disposition` says it (RFC 6266).
///
/// Whatever the name is made of, it stays within its own header and is a name without a folder: what ASCII does not have or a
/// quoted string does not take is replaced for old browsers, and told whole in the form of RFC 8187 for all others.
enum AttachmentName {
    static func header(_ name: String) -> String {
        // Folders are nobody's business, and a name of points alone is one.
        let scalars = name.unicodeScalars.filter { !isControl($0) }.map { "/\\".unicodeScalars.contains($0) ? "_" : $0 }
        var whole = String(String.UnicodeScalarView(scalars))
        if whole.allSatisfy({ $0 == "." || $0 == " " }) { whole = "file" }
        let plain = String(
            whole.unicodeScalars.map { $0.isASCII && $0 != "\"" ? Character($0) : "_" })
        guard plain != whole else { return "attachment; filename=\"\(plain)\"" }
        let encoded = whole.utf8.map(percentEncoded).joined()
        return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // Those of direction (Cf), too: they make a name look like another.
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// `attr-char` of RFC 8187 as it is, all else by its number.
    private static func percentEncoded(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            return String(UnicodeScalar(byte))
        case _ where "!#$&+-.^_`|~".utf8.contains(byte): return String(UnicodeScalar(byte))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }
    }
}
