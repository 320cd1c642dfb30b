/// What a message on a machine must say. Pure: judges a text.
package enum VoicemailMessage {
    /// What `text` lacks, in words; empty when it may be left.
    ///
    /// - Parameters:
    ///   - text: with the seller's name in it, other values still in braces.
    ///   - country: of numbers without a country code.
    package static func missing(
        in text: String, purpose: CallPurpose, seller: String, country: String
    ) -> [String] {
        var missing: [String] = []
        let name = Disclosure.words(seller)
        if name.isEmpty || !Disclosure.contains(Disclosure.words(text), name) {
            missing.append(Disclosure.Slot.identity.rawValue)
        }
        // 47 CFR 64.1200(b)(3): a message that sells names a toll-free number by which one is called no more.
        if purpose == .telemarketing, !numbers(in: text).contains(where: { isTollFree($0, country) }) {
            missing.append("a toll-free number by which to opt out, in digits")
        }
        return missing
    }

    private static func isTollFree(_ text: String, _ country: String) -> Bool {
        (try? PhoneNumber(text, country: country))?.line == .tollFree
    }

    /// What looks like telephone numbers.
    private static func numbers(in text: String) -> [String] {
        var found: [String] = []
        var run = ""
        for character in text + "\n" {
            if character.isASCII, character.isNumber || "+-(). ".contains(character) {
                run.append(character)
            } else {
                if run.count(where: \.isNumber) >= 7 { found.append(run) }
                run = ""
            }
        }
        return found
    }
}
