import Crypto

/// Checks and makes the `X-Twilio-Signature` of a request (twilio.com/docs/usage/security; Twilio's own validators).
///
/// The signature is the base64 of HMAC-SHA1, keyed with the account's auth token, over the URL exactly as Twilio called it
/// and the form's fields. Rebuild the URL from configuration, not from forwarded headers.
package struct TwilioSignature: Sendable {
    package enum Verdict: Sendable, Equatable {
        case valid
        /// Valid only without ``TwilioSignature/occasionallyUnsigned``: do not trust those fields.
        case validExceptUnsigned
        case invalid
    }

    /// Fields that some operators see left out of what is signed.
    package static let occasionallyUnsigned: Set<String> = ["StirVerstat", "CallToken"]

    private let key: SymmetricKey

    /// - Parameter authToken: of the account, never an API key's secret.
    package init(authToken: String) {
        key = SymmetricKey(data: Array(authToken.utf8))
    }

    /// The signature of a request with a form, or without a body when `form` has no fields.
    package func sign(url: String, form: FormBody = FormBody([])) -> String {
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: Self.message(url, form), using: key)
        var text: [UInt8] = []
        Base64.encode(Array(code).span, appendingTo: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Checks a request with a form body, or one without a body.
    package func verdict(on signature: String, url: String, form: FormBody = FormBody([])) -> Verdict {
        if matches(signature, url: url, form: form) { return .valid }
        let fewer = form.without(Self.occasionallyUnsigned)
        if fewer != form, matches(signature, url: url, form: fewer) { return .validExceptUnsigned }
        return .invalid
    }

    /// Checks a request with a JSON body, whose URL must carry `bodySHA256`.
    package func verdict(on signature: String, url: String, jsonBody: [UInt8]) -> Verdict {
        guard let claimed = Self.bodyHash(in: url) else { return .invalid }
        let digits = Array("0123456789abcdef".utf8)
        let actual = SHA256.hash(data: jsonBody).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0x0F)]] }
        guard ConstantTime.areEqual(actual, Array(claimed.utf8)) else { return .invalid }
        return matches(signature, url: url, form: FormBody([])) ? .valid : .invalid
    }

    /// Checks the upgrade to a WebSocket; some deployments sign its URL with a slash at the end.
    ///
    /// - Parameter url: `wss://…`, as in the answer that named the stream.
    package func verdict(onUpgrade signature: String, url: String) -> Verdict {
        let other = url.hasSuffix("/") ? String(url.dropLast()) : url + "/"
        return matches(signature, url: url, form: FormBody([])) || matches(signature, url: other, form: FormBody([]))
            ? .valid : .invalid
    }

    // MARK: Parts

    /// Twilio sometimes signs the default port and sometimes not: either will do.
    private func matches(_ signature: String, url: String, form: FormBody) -> Bool {
        let given = Array(signature.utf8)
        let (withPort, withoutPort) = Self.portVariants(of: url)
        // Both are computed whatever the first yields, so that the time tells nothing.
        let first = ConstantTime.areEqual(Array(sign(url: withoutPort, form: form).utf8), given)
        let second = ConstantTime.areEqual(Array(sign(url: withPort, form: form).utf8), given)
        return first || second
    }

    /// The URL, then each distinct name and value without separators, in the order of their bytes.
    private static func message(_ url: String, _ form: FormBody) -> [UInt8] {
        // By bytes, since strings compare by what they look like and not by what was signed.
        let pairs = form.fields.map { (name: Array($0.name.utf8), value: Array($0.value.utf8)) }
        let sorted = pairs.sorted {
            $0.name == $1.name
                ? $0.value.lexicographicallyPrecedes($1.value) : $0.name.lexicographicallyPrecedes($1.name)
        }
        var message = Array(url.utf8)
        var last: (name: [UInt8], value: [UInt8])?
        for pair in sorted {
            if let last, last == pair { continue }
            message += pair.name
            message += pair.value
            last = pair
        }
        return message
    }

    /// The URL with its port, the scheme's default if it has none, and without.
    static func portVariants(of url: String) -> (with: String, without: String) {
        let bytes = Array(url.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            return (url, url)
        }
        let authorityStart = colon + 3
        let authorityEnd =
            bytes[authorityStart...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.endIndex
        let authority = bytes[authorityStart..<authorityEnd]
        let host = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[($0 + 1)...] } ?? authority
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        let standard = scheme == "https" || scheme == "wss" ? ":443" : ":80"

        // The colons of an IPv6 address stand within brackets.
        let afterBracket = host.lastIndex(of: UInt8(ascii: "]")).map { host[$0...] } ?? host
        if let port = afterBracket.lastIndex(of: UInt8(ascii: ":")) {
            return (url, String(decoding: bytes[..<port] + bytes[authorityEnd...], as: UTF8.self))
        }
        return (String(decoding: bytes[..<authorityEnd] + standard.utf8 + bytes[authorityEnd...], as: UTF8.self), url)
    }

    private static func bodyHash(in url: String) -> String? {
        guard let query = url.split(separator: "?", maxSplits: 1).dropFirst().first else { return nil }
        let withoutFragment = query.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
        return try? FormBody(decoding: withoutFragment.utf8)["bodySHA256"]
    }
}
