/// The fields of a `multipart/form-data` body (RFC 7578).
struct MultipartForm {
    struct Part {
        var name: String
        var fileName: String?
        var content: ArraySlice<UInt8>

        var text: String { String(decoding: content, as: UTF8.self) }
    }

    let parts: [Part]

    /// - Returns: nil for what is none.
    init?(_ body: [UInt8], contentType: String) {
        guard contentType.hasPrefix("multipart/form-data"), let mark = contentType.firstRange(of: "boundary=") else {
            return nil
        }
        let boundary = contentType[mark.upperBound...].prefix { $0 != ";" }.filter { $0 != "\"" }
        let delimiter = Array("--\(boundary)".utf8)
        var pieces: [ArraySlice<UInt8>] = []
        var rest = body[...]
        guard rest.starts(with: delimiter) else { return nil }
        rest = rest.dropFirst(delimiter.count)
        while let end = rest.firstRange(of: Array("\r\n".utf8) + delimiter) {
            pieces.append(rest[..<end.lowerBound])
            rest = rest[end.upperBound...]
        }
        // After the last delimiter there are two more dashes.
        guard rest.starts(with: Array("--".utf8)) else { return nil }
        var parts: [Part] = []
        for piece in pieces {
            guard let head = piece.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
            let text = String(decoding: piece[..<head.lowerBound], as: UTF8.self)
            guard let name = Self.value("name", in: text) else { return nil }
            parts.append(
                Part(name: name, fileName: Self.value("filename", in: text), content: piece[head.upperBound...]))
        }
        self.parts = parts
    }

    subscript(name: String) -> Part? { parts.first { $0.name == name } }

    private static func value(_ name: String, in head: String) -> String? {
        for mark in ["; \(name)=\"", ";\(name)=\""] {
            if let start = head.firstRange(of: mark) { return String(head[start.upperBound...].prefix { $0 != "\"" }) }
        }
        return nil
    }
}
