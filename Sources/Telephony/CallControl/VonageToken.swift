import Crypto
import CryptoExtras
import Foundation

/// The JSON Web Token that proves our requests to Vonage (RFC 7519, RS256): short of life, each with a number of its own.
package struct VonageToken: Sendable {
    /// Why there is no key to sign with.
    package struct Fault: Error, CustomStringConvertible {
        package var description: String

        package init(description: String) { self.description = description }
    }

    /// How long a token is good for.
    private static let lifetime = 300

    private let application: String
    private let key: _RSA.Signing.PrivateKey

    /// - Parameters:
    ///   - application: the id of the Voice application.
    ///   - pem: the private key that came with it.
    package init(application: String, pem: String) throws(Fault) {
        self.application = application
        do { key = try _RSA.Signing.PrivateKey(pemRepresentation: pem) } catch {
            throw Fault(description: "the private key is no RSA key in PEM")
        }
    }

    /// - Parameter id: used once.
    func text(id: String, now: Date) throws -> String {
        let issued = Int(now.timeIntervalSince1970)
        let claims = Claims(application: application, issued: issued, expires: issued + Self.lifetime, id: id)
        let signed =
            Base64.urlSafeText(of: Array(#"{"alg":"RS256","typ":"JWT"}"#.utf8)) + "."
            + Base64.urlSafeText(of: CarrierJSON.bytes(claims))
        let signature = try key.signature(
            for: SHA256.hash(data: Array(signed.utf8)), padding: .insecurePKCS1v1_5)
        return signed + "." + Base64.urlSafeText(of: Array(signature.rawRepresentation))
    }

    private struct Claims: Encodable {
        var application: String
        var issued: Int
        var expires: Int
        var id: String

        enum CodingKeys: String, CodingKey {
            case application = "application_id"
            case issued = "iat"
            case expires = "exp"
            case id = "jti"
        }
    }
}
