import Foundation

/// What an identity provider says of somebody who signed in (OpenID Connect Core 1.0 § 2), once it is proven.
struct IDToken: Sendable {
    /// Why a token is not believed; for the log, and without anything of the token.
    enum Fault: Error, Equatable, CustomStringConvertible {
        case malformed
        case algorithm
        case unknownKey
        case signature
        case issuer
        case audience
        case expired
        case notYet
        case nonce
        case subject

        var description: String {
            switch self {
            case .malformed: "it is no signed token"
            case .algorithm: "it is signed in a way that is not accepted; RS256 and ES256 are"
            case .unknownKey: "it is signed with a key that the provider does not have"
            case .signature: "its signature is wrong"
            case .issuer: "it is of another issuer"
            case .audience: "it is for another application"
            case .expired: "it is too old"
            case .notYet: "it is of the future; one of the two clocks is wrong"
            case .nonce: "it is of another sign-in"
            case .subject: "it names nobody"
            }
        }
    }

    /// How far the provider's clock may be from ours.
    private static let leeway: TimeInterval = 60
    private static let longest = 32_768

    /// Who it is, for the provider.
    let subject: String
    /// Everything it says.
    let claims: [String: JSONClaim]

    /// What a token must say.
    struct Expectation: Sendable {
        let issuer: String
        let clientID: String
        let nonce: String
        let now: Date
    }

    /// - Throws: ``Fault/unknownKey`` where newer keys may help; anything else is final.
    init(_ text: String, keys: JSONWebKeySet, expecting expected: Expectation) throws(Fault) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.longest, parts.count == 3, let head = Base64URL.decode(parts[0]),
            let body = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2]),
            let header = try? JSONDecoder().decode([String: JSONClaim].self, from: head),
            let claims = try? JSONDecoder().decode([String: JSONClaim].self, from: body)
        else { throw .malformed }
        // An extension that must be understood is one we do not understand.
        guard header["crit"] == nil else { throw .malformed }
        guard let algorithm = header["alg"]?.text.flatMap(JSONWebKeySet.Algorithm.init) else { throw .algorithm }
        guard let key = keys.key(named: header["kid"]?.text, for: algorithm) else { throw .unknownKey }
        guard key.isSignature(signature, of: Data("\(parts[0]).\(parts[1])".utf8)) else { throw .signature }

        guard claims["iss"]?.text == expected.issuer else { throw .issuer }
        let audience = claims["aud"]?.texts ?? []
        let party = claims["azp"]?.text
        guard audience.contains(expected.clientID), party == nil || party == expected.clientID,
            audience.count == 1 || party != nil
        else { throw .audience }
        let now = expected.now.timeIntervalSince1970
        guard let expires = claims["exp"]?.number, expires + Self.leeway > now else { throw .expired }
        guard let issued = claims["iat"]?.number, issued - Self.leeway <= now,
            (claims["nbf"]?.number ?? issued) - Self.leeway <= now
        else { throw .notYet }
        guard claims["nonce"]?.text == expected.nonce else { throw .nonce }
        guard let subject = claims["sub"]?.text, !subject.isEmpty, subject.utf8.count <= 255 else { throw .subject }
        self.subject = subject
        self.claims = claims
    }

    /// Whether it says that the address belongs to whoever signed in: at many providers people write in what they like
    /// (OpenID Connect Core 1.0 § 5.7).
    var hasVerifiedEmail: Bool { claims["email_verified"]?.isTrue ?? false }
}

/// A value of a token, as far as anybody here reads it.
enum JSONClaim: Sendable, Decodable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([JSONClaim])
    case object([String: JSONClaim])
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // A Boolean first: some decoders take it for a number.
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let list = try? container.decode([JSONClaim].self) {
            self = .list(list)
        } else if let object = try? container.decode([String: JSONClaim].self) {
            self = .object(object)
        } else {
            self = .other
        }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    /// Some providers write what is true as a text.
    var isTrue: Bool {
        switch self {
        case .flag(let flag): flag
        case .text(let text): text == "true"
        default: false
        }
    }
    var number: Double? { if case .number(let number) = self, number.isFinite { number } else { nil } }

    /// One text, or those of a list.
    var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .list(let list): list.compactMap(\.text)
        default: []
        }
    }
}
