import Crypto
import CryptoExtras
package import Foundation

/// The key of a service account, and the assertions it signs.
package struct ServiceAccountKey: Sendable {
    let email: String
    let keyID: String?
    let tokenURL: String
    private let privateKey: _RSA.Signing.PrivateKey

    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    /// Reads a key file as Google writes it.
    package init(file: String) throws {
        let bytes: Data
        do { bytes = try Data(contentsOf: URL(fileURLWithPath: file)) } catch {
            throw Fault(description: "the key file \(file) cannot be read: \(error.localizedDescription)")
        }
        let value = (try? JSONValue(parsing: bytes)) ?? .null
        guard let email = value["client_email"]?.string, let pem = value["private_key"]?.string,
            let tokenURL = value["token_uri"]?.string
        else {
            throw Fault(
                description:
                    "the key file \(file) lacks client_email, private_key or token_uri; take the one the vendor gives")
        }
        do { privateKey = try _RSA.Signing.PrivateKey(pemRepresentation: pem) } catch {
            throw Fault(description: "private_key in \(file) is no RSA key in PEM: \(error)")
        }
        self.email = email
        self.tokenURL = tokenURL
        keyID = value["private_key_id"]?.string
    }

    /// A JSON Web Token for the token's address, good for an hour.
    package func assertion(scope: String, subject: String?, now: Date) throws -> String {
        let issued = Int(now.timeIntervalSince1970)
        var header: [String: JSONValue] = ["alg": "RS256", "typ": "JWT"]
        if let keyID { header["kid"] = .string(keyID) }
        var claims: [String: JSONValue] = [
            "iss": .string(email), "scope": .string(scope), "aud": .string(tokenURL), "iat": .integer(issued),
            "exp": .integer(issued + 3600),
        ]
        if let subject { claims["sub"] = .string(subject) }
        let signed =
            Data(JSONValue.object(header).text.utf8).base64URL + "."
            + Data(JSONValue.object(claims).text.utf8).base64URL
        let signature = try privateKey.signature(
            for: SHA256.hash(data: Data(signed.utf8)), padding: .insecurePKCS1v1_5)
        return signed + "." + signature.rawRepresentation.base64URL
    }
}
