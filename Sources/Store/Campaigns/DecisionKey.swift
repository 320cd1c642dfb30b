import Crypto
package import Foundation

/// A key that decisions are signed with: 32 bytes.
package struct DecisionKey: Sendable {
    /// Stands in the signatures that it makes, so that keys can be changed: the first half of its SHA-256, hexadecimal.
    package let id: String
    private let secret: SymmetricKey

    /// - Parameter bytes: 32 random bytes; nil for any other number.
    package init?(_ bytes: Data) {
        guard bytes.count == 32 else { return nil }
        secret = SymmetricKey(data: bytes)
        id = Self.hexadecimal(SHA256.hash(data: bytes).prefix(16))
    }

    /// - Parameter text: base64, as `openssl rand -base64 32` prints it; nil for what is no such key.
    package init?(base64 text: String) {
        guard let bytes = Data(base64Encoded: text) else { return nil }
        self.init(bytes)
    }

    /// HMAC-SHA256, hexadecimal.
    func code(of text: Data) -> String {
        Self.hexadecimal(HMAC<SHA256>.authenticationCode(for: text, using: secret))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
