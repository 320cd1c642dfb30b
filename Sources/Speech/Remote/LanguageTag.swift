/// A language as it is configured (BCP 47), in the parts that vendors ask for.
struct LanguageTag: Equatable {
    /// As it was written: `es-MX`.
    let text: String
    /// ISO 639, in small letters: `es`.
    let primary: String

    /// - Returns: nil for what is no tag, and could break out of an address.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, (2...3).contains(first.count), first.utf8.allSatisfy(Self.isLetter),
            parts.allSatisfy({
                (1...8).contains($0.count) && $0.utf8.allSatisfy { Self.isLetter($0) || Self.isDigit($0) }
            })
        else { return nil }
        self.text = text
        primary = first.lowercased()
    }

    /// The language in the name of a voice that begins with one: `en-US` of `en-US-Neural2-F`.
    init?(ofVoice voice: String) {
        self.init(voice.split(separator: "-").prefix(2).joined(separator: "-"))
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
