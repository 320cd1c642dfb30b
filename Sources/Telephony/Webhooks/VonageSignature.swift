import Crypto

/// Checks the JSON Web Token with which Vonage signs its webhooks (RFC 7519, HS256).
package struct VonageSignature: Sendable {
    package enum Verdict: Sendable, Equatable {
        /// With the token's own number, which is used once.
        case valid(id: String)
        /// Signed, but minutes ago or hence.
        case stale
        /// Signed, but for another body.
        case otherBody
        case invalid
    }

    /// How far a token's time may be from ours.
    package static let tolerance = Duration.seconds(300)

    private let key: SymmetricKey

    /// - Parameter secret: the account's signature secret.
    package init(secret: String) { key = SymmetricKey(data: Array(secret.utf8)) }

    private enum Field: Int { case algorithm, issued, id, bodyHash }
    private static let table = JSONFieldTable<Field>([
        .algorithm: "alg", .issued: "iat", .id: "jti", .bodyHash: "payload_hash",
    ])

    /// - Parameters:
    ///   - authorization: the header's value, `Bearer …`.
    ///   - body: empty where there is none.
    ///   - now: time since 1970.
    package func verdict(on authorization: String, body: [UInt8], now: Duration) -> Verdict {
        let words = authorization.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return .invalid }
        let parts = words[1].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, words[1].utf8.count < 8192, let head = Base64.bytes(ofURLSafe: parts[0]),
            let claims = Base64.bytes(ofURLSafe: parts[1]), let given = Base64.bytes(ofURLSafe: parts[2]),
            let headFields = try? JSONFields<Field>(scanning: head.span, Self.table),
            headFields[.algorithm].equals("HS256", in: head.span)
        else { return .invalid }
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(parts[0]).\(parts[1])".utf8), using: key)
        guard ConstantTime.areEqual(Array(code), given),
            let fields = try? JSONFields<Field>(scanning: claims.span, Self.table),
            let issued = fields[.issued].integer(in: claims.span), let id = fields[.id].string(in: claims.span)
        else { return .invalid }
        let age = now.components.seconds.subtractingReportingOverflow(Int64(issued))
        guard !age.overflow, age.partialValue.magnitude <= UInt64(Self.tolerance.components.seconds) else {
            return .stale
        }
        if !body.isEmpty {
            guard let claimed = fields[.bodyHash].string(in: claims.span) else { return .otherBody }
            let hash = Array(SHA256.hash(data: body))
            guard ConstantTime.areEqual(Hexadecimal.text(of: hash), claimed.lowercased()) else { return .otherBody }
        }
        return .valid(id: id)
    }

    /// A token as Vonage makes it.
    package func token(body: [UInt8], id: String, now: Duration) -> String {
        var claims = #"{"iat":\#(now.components.seconds),"jti":""# + id + #"","iss":"Vonage""#
        if !body.isEmpty {
            claims += #","payload_hash":""# + Hexadecimal.text(of: Array(SHA256.hash(data: body))) + "\""
        }
        let text = [#"{"alg":"HS256","typ":"JWT"}"#, claims + "}"].map { Base64.urlSafeText(of: Array($0.utf8)) }
            .joined(separator: ".")
        let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
        return text + "." + Base64.urlSafeText(of: Array(code))
    }
}

enum Hexadecimal {
    static func text(of bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0x0F)]] }, as: UTF8.self)
    }
}

extension Base64 {
    static func text(of bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        encode(bytes.span, appendingTo: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// What a text of up to 8 kB encodes; nil if it does not.
    static func bytes(of text: some StringProtocol) -> [UInt8]? {
        let characters = Array(text.utf8)
        var bytes: [UInt8] = []
        guard (try? decode(characters.span, 0..<characters.count, into: &bytes, limit: 8192)) != nil else { return nil }
        return bytes
    }

    /// The same in the alphabet of RFC 4648 §5, without padding.
    static func bytes(ofURLSafe text: some StringProtocol) -> [UInt8]? {
        guard !text.utf8.contains(where: { "+/=".utf8.contains($0) }) else { return nil }
        return bytes(of: String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }))
    }

    static func urlSafeText(of bytes: [UInt8]) -> String {
        String(text(of: bytes).compactMap { $0 == "=" ? nil : $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }
}
