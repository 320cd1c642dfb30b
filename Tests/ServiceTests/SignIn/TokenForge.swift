import Crypto
import CryptoExtras
import Foundation

@testable import Service

/// An identity provider's keys, and tokens signed with them, rightly or not.
struct TokenForge {
    let rsa: _RSA.Signing.PrivateKey
    let elliptic = P256.Signing.PrivateKey()

    init() throws { rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    /// The keys as the provider shows them.
    func keys(named names: (rsa: String, elliptic: String) = ("r1", "e1"), use: String = "sig") throws -> Data {
        let primitives = try rsa.publicKey.getKeyPrimitives()
        let point = elliptic.publicKey.x963Representation.dropFirst()
        return try JSONSerialization.data(withJSONObject: [
            "keys": [
                [
                    "kty": "RSA", "kid": names.rsa, "use": use, "alg": "RS256",
                    "n": Base64URL.encode(primitives.modulus), "e": Base64URL.encode(primitives.publicExponent),
                ],
                [
                    "kty": "EC", "kid": names.elliptic, "use": use, "crv": "P-256",
                    "x": Base64URL.encode(Data(point.prefix(32))), "y": Base64URL.encode(Data(point.suffix(32))),
                ],
                ["kty": "oct", "kid": "s1", "k": "c2VjcmV0"],
            ]
        ])
    }

    static var claims: [String: Any] {
        [
            "iss": "https://login.example.org", "aud": "parley", "sub": "u1", "nonce": "n1", "exp": 2000.0,
            "iat": 1000.0,
            "email": "ann@example.org", "groups": ["staff", "night-shift"],
        ]
    }

    func token(
        _ algorithm: String = "RS256", key: String? = "r1", header extra: [String: Any] = [:],
        changing changes: [String: Any?] = [:], signedBy signer: ((Data) throws -> Data)? = nil
    ) throws -> String {
        var header: [String: Any] = ["alg": algorithm, "typ": "JWT"]
        header["kid"] = key
        for (name, value) in extra { header[name] = value }
        var claims = Self.claims
        for (name, value) in changes { claims[name] = value }
        let parts = try [header, claims].map { Base64URL.encode(try JSONSerialization.data(withJSONObject: $0)) }
        let message = Data(parts.joined(separator: ".").utf8)
        let signature: Data
        if let signer {
            signature = try signer(message)
        } else if algorithm == "ES256" {
            signature = try elliptic.signature(for: message).rawRepresentation
        } else {
            signature = try rsa.signature(for: message, padding: .insecurePKCS1v1_5).rawRepresentation
        }
        return parts.joined(separator: ".") + "." + Base64URL.encode(signature)
    }
}
