/// The fields of a request body of type `application/x-www-form-urlencoded`, in the order they came.
package struct FormBody: Sendable, Equatable {
    package struct Field: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// More fields than this are refused; Twilio sends about thirty.
    package static let fieldLimit = 256

    package let fields: [Field]

    package init(_ fields: [Field]) { self.fields = fields }

    /// Reads a body as the WHATWG URL standard (§5.1) says: `+` is a space, a percent sign without two hexadecimal digits
    /// stands for itself, what is not UTF-8 becomes U+FFFD, empty values count.
    ///
    /// - Throws: ``MediaError`` when there are more than ``fieldLimit`` fields.
    package init(decoding body: some Sequence<UInt8>) throws(MediaError) {
        var fields: [Field] = []
        for part in Array(body).split(separator: UInt8(ascii: "&")) {
            guard fields.count < Self.fieldLimit else {
                throw MediaError(.tooLarge, subject: "a form", reason: "it has more than \(Self.fieldLimit) fields")
            }
            let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            fields.append(Field(Self.decoded(pair[0]), pair.count > 1 ? Self.decoded(pair[1]) : ""))
        }
        self.fields = fields
    }

    /// The first value of that name.
    package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The fields without those of the given names.
    package func without(_ names: Set<String>) -> FormBody {
        FormBody(fields.filter { !names.contains($0.name) })
    }

    /// The body that these fields make, percent-encoded.
    package func encoded() -> [UInt8] {
        var body: [UInt8] = []
        for field in fields {
            if !body.isEmpty { body.append(UInt8(ascii: "&")) }
            Self.encode(field.name, into: &body)
            body.append(UInt8(ascii: "="))
            Self.encode(field.value, into: &body)
        }
        return body
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            if byte == UInt8(ascii: "%"), index + 2 < text.endIndex, let high = hexadecimal(text[index + 1]),
                let low = hexadecimal(text[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func encode(_ text: String, into body: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "*"):
                body.append(byte)
            case UInt8(ascii: " "): body.append(UInt8(ascii: "+"))
            default: body += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
    }
}
