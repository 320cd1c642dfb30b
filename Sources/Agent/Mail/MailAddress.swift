/// One address of electronic mail, with a name if it has one.
///
/// ASCII only: an address beyond it needs servers that speak SMTPUTF8 all the way, which cannot be known.
struct MailAddress: Sendable, Equatable {
    var name: String
    var local: String
    var domain: String

    var plain: String { "\(local)@\(domain)" }

    fileprivate static let atoms = Set("!#$%&'*+-/=?^_`{|}~.")
}

extension MailAddress {
    /// Reads `ann@example.com` or `Ann Lee <ann@example.com>`; nil for anything else, such as two of them.
    init?(_ text: String) {
        // No line of a head begins in it, and nothing that looks like a second address hides in a name.
        guard !text.contains(where: \.isNewline), text.count(where: { $0 == "@" }) == 1 else { return nil }
        var address = Substring(text.trimmingPrefix(while: \.isWhitespace))
        name = ""
        if address.contains("<") {
            let parts = address.split(separator: "<", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1].hasSuffix(">") else { return nil }
            name = parts[0].split(whereSeparator: \.isWhitespace).joined(separator: " ")
                .filter { $0 != "\"" && !$0.isNewline }
            address = parts[1].dropLast()
        }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let (local, domain) = (parts[0], parts[1])
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        // RFC 5321 §4.5.3.1, and a dot-atom of RFC 5322 §3.2.3; quoted local parts are not taken.
        guard (1...64).contains(local.count), domain.count <= 253, labels.count >= 2 || domain == "localhost",
            local.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || Self.atoms.contains($0)) }),
            local.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty }),
            labels.allSatisfy({ label in
                (1...63).contains(label.count) && label.first != "-" && label.last != "-"
                    && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            })
        else { return nil }
        (self.local, self.domain) = (String(local), String(domain))
    }
}
