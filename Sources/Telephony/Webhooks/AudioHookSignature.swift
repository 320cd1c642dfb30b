import Crypto

/// Checks the signature with which Genesys opens a socket: HTTP Message Signatures (draft 11), HMAC-SHA256 keyed with the
/// integration's client secret.
package struct AudioHookSignature: Sendable {
    package enum Verdict: Sendable, Equatable {
        /// With the request's nonce, which is used once.
        case valid(nonce: String)
        /// Signed, but too long ago, or ahead of time.
        case stale
        case invalid
    }

    /// What has to be covered.
    private static let components = [
        "@request-target", "@authority", "audiohook-organization-id", "audiohook-session-id",
        "audiohook-correlation-id", "x-api-key",
    ]
    /// Seconds that a signature is good for.
    private static let lifetime: Int64 = 10
    /// Seconds that the two clocks may differ.
    private static let skew: Int64 = 3

    private let key: SymmetricKey

    /// - Parameter clientSecret: in base64; nil is returned for anything else.
    package init?(clientSecret: String) {
        guard let bytes = Base64.bytes(of: clientSecret), !bytes.isEmpty else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// - Parameters:
    ///   - target: path and query as Genesys asked for them.
    ///   - authority: the host as Genesys called it, with its port if it named one.
    ///   - header: the value of a header, named in lower case.
    ///   - now: time since 1970.
    package func verdict(
        target: String, authority: String, now: Duration, header: (String) -> String?
    ) -> Verdict {
        guard let input = header("signature-input"), let given = header("signature"), input.utf8.count < 2048,
            let equals = input.firstIndex(of: "="), let open = input.firstIndex(of: "("),
            let close = input.firstIndex(of: ")"), equals < open, open < close
        else { return .invalid }
        let label = input[..<equals]
        let covered = input[input.index(after: open)..<close].split(separator: " ").map { $0.filter { $0 != "\"" } }
        guard Self.components.allSatisfy(covered.contains), given.hasPrefix("\(label)=:"), given.hasSuffix(":"),
            let code = Base64.bytes(of: given.dropFirst(label.count + 2).dropLast())
        else { return .invalid }

        var base = ""
        for name in covered {
            let value: String? =
                switch name {
                case "@request-target": target
                case "@authority": authority.lowercased()
                default: header(name)
                }
            guard let value else { return .invalid }
            base += "\"\(name)\": \(value)\n"
        }
        base += "\"@signature-params\": \(input[input.index(after: equals)...])"
        let expected = HMAC<SHA256>.authenticationCode(for: Array(base.utf8), using: key)
        guard ConstantTime.areEqual(Array(expected), code) else { return .invalid }

        let parameters = Self.parameters(input[input.index(after: close)...])
        guard let keyID = parameters["keyid"], keyID == header("x-api-key"), parameters["alg"] == "hmac-sha256",
            let nonce = parameters["nonce"], nonce.count >= 22,
            let created = parameters["created"].flatMap({ Int64($0) })
        else { return .invalid }
        let time = now.components.seconds
        let age = time.subtractingReportingOverflow(created)
        guard !age.overflow, (-Self.skew...Self.lifetime).contains(age.partialValue) else { return .stale }
        if let expires = parameters["expires"] {
            guard let end = Int64(expires) else { return .invalid }
            let beyond = time.subtractingReportingOverflow(end)
            // Too far apart to be told: one end of all times is past, the other one to come.
            guard beyond.overflow ? end > time : beyond.partialValue <= Self.skew else { return .stale }
        }
        return .valid(nonce: nonce)
    }

    /// `;name="value";name=5`
    private static func parameters(_ text: Substring) -> [String: String] {
        var result: [String: String] = [:]
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { result[String(pair[0])] = pair[1].filter { $0 != "\"" } }
        }
        return result
    }
}
