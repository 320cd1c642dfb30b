import Crypto
package import Foundation

/// A key of recordings: 32 bytes, of which every file's own key is made.
package struct RecordingKey: Sendable {
    /// Stands in the files that it opens, so that keys can be changed: the first half of its SHA-256, hexadecimal.
    package let id: String
    let secret: SymmetricKey

    /// - Parameter bytes: 32 random bytes; nil for any other number.
    package init?(_ bytes: Data) {
        guard bytes.count == 32 else { return nil }
        secret = SymmetricKey(data: bytes)
        id = SHA256.hash(data: bytes).prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// - Parameter text: base64, as `openssl rand -base64 32` prints it; nil for what is no such key.
    package init?(base64 text: String) {
        guard let bytes = Data(base64Encoded: text) else { return nil }
        self.init(bytes)
    }
}

/// What recordings are sealed with, and what older ones are opened with.
package struct RecordingKeys: Sendable {
    /// Seals new recordings; nil leaves them open.
    package let current: RecordingKey?
    private let known: [String: RecordingKey]

    package init(current: RecordingKey? = nil, earlier: [RecordingKey] = []) {
        self.current = current
        known = Dictionary((earlier + (current.map { [$0] } ?? [])).map { ($0.id, $0) }) { $1 }
    }

    subscript(id: String) -> RecordingKey? { known[id] }
}
