/// Numbers as carriers take and give them.
package enum CarrierNumber {
    /// Without the plus, for those who want it so.
    package static func bare(_ number: String) -> String { number.hasPrefix("+") ? String(number.dropFirst()) : number }

    /// With the plus that some leave out.
    package static func e164(_ text: String) -> String {
        (7...15).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? "+" + text : text
    }

    /// Whether it is a plus and 7 to 15 digits, the first of which is none of a number within a country: no short code, no
    /// extension, no name.
    package static func isE164(_ text: String) -> Bool {
        text.hasPrefix("+") && !text.hasPrefix("+0") && (8...16).contains(text.utf8.count)
            && text.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Whether it is `sip:…` or `sips:…` and no number.
    package static func isSIP(_ address: String) -> Bool {
        address.hasPrefix("sip:") || address.hasPrefix("sips:")
    }
}
