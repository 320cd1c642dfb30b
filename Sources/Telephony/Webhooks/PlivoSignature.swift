import Crypto

/// Checks and makes the `X-Plivo-Signature-V3` of a webhook: HMAC-SHA256 over the address, its query and the form in order,
/// and a nonce.
package struct PlivoSignature: Sendable {
    package static let header = "x-plivo-signature-v3"
    package static let nonceHeader = "x-plivo-signature-v3-nonce"

    private let key: SymmetricKey

    package init(authToken: String) { key = SymmetricKey(data: Array(authToken.utf8)) }

    /// - Parameters:
    ///   - signatures: as in the header; several are parted by commas, and one that is right will do.
    ///   - url: as the carrier called it, with its query.
    package func isValid(_ signatures: String, nonce: String, url: String, form: FormBody) -> Bool {
        let expected = sign(url: url, form: form, nonce: nonce)
        // All are compared whatever the first yields.
        return signatures.split(separator: ",").prefix(8)
            .map { ConstantTime.areEqual(String($0), expected) }.contains(true)
    }

    package func sign(url: String, form: FormBody, nonce: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("\(Self.message(url, form)).\(nonce)".utf8), using: key)
        return Base64.text(of: Array(code))
    }

    /// `U?a=1&b=2.y2z1`: query and form each sorted by name, then by value.
    private static func message(_ url: String, _ form: FormBody) -> String {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count > 1 ? (try? FormBody(decoding: parts[1].utf8)) ?? FormBody([]) : FormBody([])
        var text = String(parts[0])
        let words = sorted(query).map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        if !words.isEmpty || !form.fields.isEmpty { text += "?" + words }
        if !words.isEmpty, !form.fields.isEmpty { text += "." }
        return text + sorted(form).map { $0.name + $0.value }.joined()
    }

    private static func sorted(_ form: FormBody) -> [FormBody.Field] {
        form.fields.sorted {
            let (a, b) = (Array($0.name.unicodeScalars), Array($1.name.unicodeScalars))
            return a == b
                ? $0.value.unicodeScalars.lexicographicallyPrecedes($1.value.unicodeScalars)
                : a.lexicographicallyPrecedes(b)
        }
    }
}
