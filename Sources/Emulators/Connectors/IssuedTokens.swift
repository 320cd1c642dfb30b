import Crypto
import CryptoExtras
import Foundation
import Networking

/// The tokens that emulated vendors have given out, and the key of their service account.
final class IssuedTokens: Sendable {
    private struct State {
        var issued = 0
        var valid: Set<String> = []
        var key: _RSA.Signing.PrivateKey?
    }

    private let state = Lock(State())

    func issue(_ prefix: String) -> String {
        state.withLock { state in
            state.issued += 1
            let token = "\(prefix)-\(state.issued)"
            state.valid.insert(token)
            return token
        }
    }

    func expire() { state.withLock { $0.valid = [] } }

    func isValid(_ authorization: String?, prefix: String) -> Bool {
        guard let authorization, authorization.hasPrefix("Bearer \(prefix)-") else { return false }
        return state.withLock { $0.valid.contains(String(authorization.dropFirst(7))) }
    }

    func key() throws -> _RSA.Signing.PrivateKey {
        try state.withLock { state in
            if let key = state.key { return key }
            let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
            state.key = key
            return key
        }
    }

    /// The claims of an assertion, if our service account signed it.
    func claims(of assertion: String) -> JSONTree? {
        let parts = assertion.split(separator: ".").map(String.init)
        guard parts.count == 3, let key = try? key(), let signature = Data(base64URL: parts[2]),
            let header = Data(base64URL: parts[0]).flatMap({ JSONTree(Array($0)) }), header["alg"]?.text == "RS256"
        else { return nil }
        let digest = SHA256.hash(data: Data("\(parts[0]).\(parts[1])".utf8))
        guard
            key.publicKey.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature), for: digest, padding: .insecurePKCS1v1_5)
        else { return nil }
        return Data(base64URL: parts[1]).flatMap { JSONTree(Array($0)) }
    }
}

extension ConnectorEmulator {
    /// Writes the key of a service account that the emulated Google knows.
    package func writeKey(to file: String, address: String) throws {
        let pem = try tokens.key().pemRepresentation
        let json =
            "{\"type\":\"service_account\",\"client_email\":\"bot@project.iam.example.com\",\"private_key_id\":\"k1\","
            + "\"private_key\":\(pem.quotedJSON),\"token_uri\":\"\(address)/google/token\"}"
        try Data(json.utf8).write(to: URL(fileURLWithPath: file))
    }
}

extension Data {
    /// RFC 4648 §5, without padding.
    init?(base64URL text: String) {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        self.init(base64Encoded: standard + String(repeating: "=", count: (4 - standard.count % 4) % 4))
    }
}
