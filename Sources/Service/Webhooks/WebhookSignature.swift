import Crypto
package import Foundation

/// Signs after Standard Webhooks 1.0: the base64 of HMAC-SHA256 over `id.timestamp.payload`, once with each secret.
package struct WebhookSignature: Sendable {
    private static let prefix = "whsec_"
    private let keys: [SymmetricKey]

    /// - Parameter secrets: `whsec_` and the key in base64, the newest first; those that are none are left out.
    package init(secrets: [String]) {
        keys = secrets.compactMap { Self.key(of: $0).map { SymmetricKey(data: $0) } }
    }

    /// The bytes of a secret; nil for what is none.
    package static func key(of secret: String) -> Data? {
        guard secret.hasPrefix(prefix), let key = Data(base64Encoded: String(secret.dropFirst(prefix.count))),
            (24...64).contains(key.count)
        else { return nil }
        return key
    }

    /// A new secret, of 32 random bytes.
    package static func makeSecret() -> String {
        // Of the system's own source, which is fit for keys.
        prefix + Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
    }

    /// The headers of one attempt.
    package func headers(id: String, payload: String, at now: Date) -> [(String, String)] {
        let timestamp = String(Int(now.timeIntervalSince1970))
        let content = Data("\(id).\(timestamp).\(payload)".utf8)
        let signatures = keys.map { key in
            "v1," + Data(HMAC<SHA256>.authenticationCode(for: content, using: key)).base64EncodedString()
        }
        return [
            ("webhook-id", id), ("webhook-timestamp", timestamp),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }
}
