import Crypto
import CryptoExtras
import Foundation
package import Store

/// Makes and checks what is kept of passwords: scrypt (RFC 7914) with 16 MB and five passes, which is slow on purpose.
package enum Password {
    /// Characters. Short ones are guessed; much longer ones are no password but a way to keep the service busy.
    package static let lengths = 12...200
    /// 2^14 blocks of 1 KB, five times over: one of the settings that OWASP's cheat sheet on storing passwords holds equal.
    static let cost = 14

    package static func hash(_ password: String) throws -> PasswordHash {
        let salt = unsafe SymmetricKey(size: .bits128).withUnsafeBytes { unsafe Data($0) }
        return PasswordHash(salt: salt, digest: try digest(password, salt: salt, cost: cost), cost: cost)
    }

    /// Compared in constant time.
    static func matches(_ password: String, _ hash: PasswordHash) throws -> Bool {
        let given = SymmetricKey(data: try digest(password, salt: hash.salt, cost: hash.cost))
        return given == SymmetricKey(data: hash.digest)
    }

    /// Why it cannot be one; nil when it can.
    package static func objection(to password: String) -> String? {
        lengths.contains(password.count)
            ? nil : "a password has \(lengths.lowerBound) to \(lengths.upperBound) characters"
    }

    private static func digest(_ password: String, salt: Data, cost: Int) throws -> Data {
        // Letters that look the same are the same, however a keyboard makes them.
        let text = Data(password.precomposedStringWithCompatibilityMapping.utf8)
        let key = try KDF.Scrypt.deriveKey(
            from: text, salt: salt, outputByteCount: 32, rounds: 1 << cost, blockSize: 8, parallelism: 5)
        return unsafe key.withUnsafeBytes { unsafe Data($0) }
    }
}
