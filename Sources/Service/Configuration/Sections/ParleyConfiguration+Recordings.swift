package import CallSession
import Foundation

/// What was given as a key of recordings is none.
package struct RecordingKeyFault: Error, Sendable, Equatable, CustomStringConvertible {
    package let key: String

    /// What is wrong, without what was given.
    package static let reason = "must be 32 bytes in base64, as `openssl rand -base64 32` prints them"

    package var description: String { "\(key) \(Self.reason)" }
}

extension ParleyConfiguration {
    package struct Recordings: Sendable, Equatable {
        package var isEnabled = true
        package var directory = "var/recordings"
        /// Recordings older than so many days are deleted; nil keeps them.
        package var retentionDays: Int?
        /// Encrypts new recordings: 32 bytes in base64; nil leaves them open.
        package var key: Secret?
        /// What older ones were encrypted with, divided by commas.
        package var earlierKeys: Secret?

        /// - Throws: which of them is no key.
        package func keys() throws(RecordingKeyFault) -> RecordingKeys {
            let current = try key.map { text throws(RecordingKeyFault) in try Self.key(text.value, "recordings.key") }
            var earlier: [RecordingKey] = []
            for text in earlierKeys?.value.split(separator: ",") ?? [] {
                earlier.append(
                    try Self.key(text.trimmingCharacters(in: .whitespaces), "recordings.earlier_keys"))
            }
            return RecordingKeys(current: current, earlier: earlier)
        }

        private static func key(_ text: String, _ name: String) throws(RecordingKeyFault) -> RecordingKey {
            guard let key = RecordingKey(base64: text) else { throw RecordingKeyFault(key: name) }
            return key
        }
    }
}
