import Crypto
import Foundation

/// The checksum of a file, as `sha256sum` prints it.
package enum FileDigest {
    private static let piece = 1 << 20

    /// Reads the whole file, a piece at a time; on a thread that may wait for the disk.
    ///
    /// - Returns: SHA-256, hexadecimal, in small letters.
    /// - Throws: what the system says when the file cannot be opened or read.
    package static func sha256(ofFile path: String) throws -> String {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        var hash = SHA256()
        while let data = try file.read(upToCount: piece), !data.isEmpty { hash.update(data: data) }
        return hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
