/// How a CSV file is written, found from its beginning.
package struct CSVDialect: Sendable, Equatable {
    package enum Encoding: String, Sendable, CaseIterable, Codable {
        case utf8 = "utf-8"
        case utf16LittleEndian = "utf-16le"
        case utf16BigEndian = "utf-16be"
        /// A superset of Latin-1 as files hold it.
        case windows1252 = "windows-1252"
    }

    package var encoding: Encoding
    /// `,`, `;`, tab or `|`.
    package var delimiter: UInt8

    package init(encoding: Encoding, delimiter: UInt8) {
        self.encoding = encoding
        self.delimiter = delimiter
    }

    /// The delimiter as people are told of it.
    package var delimiterName: String {
        delimiter == UInt8(ascii: "\t") ? "tab" : String(UnicodeScalar(delimiter))
    }

    /// How many bytes at the beginning of a file are looked at.
    package static let sampleSize = 65_536

    private static let delimiters = [",", ";", "\t", "|"].map { Array($0.utf8)[0] }

    /// Looks at the beginning of a file.
    ///
    /// - Parameter encoding: what somebody said it is; nil finds out by byte order mark, then by whether it is valid.
    package init(detecting sample: [UInt8], encoding: Encoding? = nil) {
        self.encoding = encoding ?? Self.encoding(of: sample)
        var decoder = TextTranscoder(self.encoding)
        delimiter = Self.delimiter(in: decoder.decode(sample[...]))
    }

    private static func encoding(of sample: [UInt8]) -> Encoding {
        if sample.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8 }
        if sample.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
        if sample.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
        // Without a mark, Latin letters in UTF-16 are every other byte zero. Single zeros are damage, not an encoding.
        let pairs = stride(from: 0, to: sample.count - 1, by: 2)
        let (high, low) = pairs.reduce((0, 0)) { counts, index in
            (counts.0 + (sample[index] == 0 ? 1 : 0), counts.1 + (sample[index + 1] == 0 ? 1 : 0))
        }
        if sample.count >= 4 {
            if low * 4 > sample.count, high == 0 { return .utf16LittleEndian }
            if high * 4 > sample.count, low == 0 { return .utf16BigEndian }
        }
        return isUTF8(sample) ? .utf8 : .windows1252
    }

    /// Whether it is UTF-8, but for a character that the sample cuts at its end.
    private static func isUTF8(_ sample: [UInt8]) -> Bool {
        (0...min(3, sample.count)).contains { cut in
            (cut == 0 || sample.count == sampleSize) && String(validating: sample.dropLast(cut), as: UTF8.self) != nil
        }
    }

    /// The one that the first line holds most often, outside of quotes.
    private static func delimiter(in text: [UInt8]) -> UInt8 {
        var counts = [Int](repeating: 0, count: delimiters.count)
        var isQuoted = false
        for byte in text {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
            if let index = delimiters.firstIndex(of: byte) { counts[index] += 1 }
        }
        let most = counts.max() ?? 0
        return delimiters[most == 0 ? 0 : counts.firstIndex(of: most) ?? 0]
    }
}
