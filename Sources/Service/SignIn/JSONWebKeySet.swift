import Crypto
import CryptoExtras
import Foundation

/// The keys that an identity provider signs with (RFC 7517). Keys of other kinds than ours are left out.
struct JSONWebKeySet: Sendable {
    /// What a token may be signed with. There is no such word as `none`, and none for a shared secret.
    enum Algorithm: String, Sendable, CaseIterable {
        case rs256 = "RS256"
        case es256 = "ES256"
    }

    /// A key, which knows the one algorithm it is for: a token does not choose.
    enum Key: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)

        var algorithm: Algorithm {
            switch self {
            case .rsa: .rs256
            case .p256: .es256
            }
        }

        func isSignature(_ signature: Data, of message: Data) -> Bool {
            switch self {
            case .rsa(let key):
                key.isValidSignature(
                    _RSA.Signing.RSASignature(rawRepresentation: signature), for: SHA256.hash(data: message),
                    padding: .insecurePKCS1v1_5)
            case .p256(let key):
                (try? P256.Signing.ECDSASignature(rawRepresentation: signature))
                    .map { key.isValidSignature($0, for: SHA256.hash(data: message)) } ?? false
            }
        }
    }

    private struct Wire: Decodable {
        struct Key: Decodable {
            let kty: String
            let kid: String?
            let use: String?
            let alg: String?
            let crv: String?
            let n: String?
            let e: String?
            let x: String?
            let y: String?
        }
        let keys: [Key]
    }

    /// Shorter ones can be broken.
    private static let shortestModulus = 256
    /// A provider has a few; more would only be work.
    private static let most = 32

    private var keys: [(id: String?, key: Key)] = []

    /// - Throws: a decoding error for what is no set of keys.
    init(json: Data) throws {
        for wire in try JSONDecoder().decode(Wire.self, from: json).keys.prefix(Self.most)
        where wire.use == nil || wire.use == "sig" {
            guard let key = Self.key(wire), wire.alg == nil || wire.alg == key.algorithm.rawValue else { continue }
            keys.append((wire.kid, key))
        }
    }

    var isEmpty: Bool { keys.isEmpty }

    private static func key(_ wire: Wire.Key) -> Key? {
        switch wire.kty {
        case "RSA":
            guard let modulus = wire.n.flatMap(Base64URL.decode), let exponent = wire.e.flatMap(Base64URL.decode),
                modulus.count >= shortestModulus, exponent.count <= 8,
                let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent)
            else { return nil }
            return .rsa(key)
        case "EC":
            guard wire.crv == "P-256", let x = wire.x.flatMap(Base64URL.decode),
                let y = wire.y.flatMap(Base64URL.decode),
                x.count == 32, y.count == 32,
                let key = try? P256.Signing.PublicKey(x963Representation: Data([4]) + x + y)
            else { return nil }
            return .p256(key)
        default: return nil
        }
    }

    /// The key that a token names; without a name the only one of its algorithm.
    func key(named id: String?, for algorithm: Algorithm) -> Key? {
        let fitting = keys.filter { $0.key.algorithm == algorithm && (id == nil || $0.id == id) }
        return fitting.count == 1 ? fitting[0].key : nil
    }
}
