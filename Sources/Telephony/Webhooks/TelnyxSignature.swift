import Crypto

/// Checks the `telnyx-signature-ed25519` of a webhook: Ed25519 over the time, a bar and the body as it came.
package struct TelnyxSignature: Sendable {
    package enum Verdict: Sendable, Equatable {
        case valid
        /// Signed by Telnyx, but minutes ago or hence: somebody else may be sending it again.
        case stale
        case invalid
    }

    package static let header = "telnyx-signature-ed25519"
    package static let timeHeader = "telnyx-timestamp"
    /// How far a webhook's time may be from ours.
    package static let tolerance = Duration.seconds(300)

    private let key: Curve25519.Signing.PublicKey

    /// - Parameter publicKey: of the account, 32 bytes in base64; nil is returned for anything else.
    package init?(publicKey: String) {
        guard let bytes = Base64.bytes(of: publicKey), bytes.count == 32,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        else { return nil }
        self.key = key
    }

    /// - Parameters:
    ///   - signature: base64 of 64 bytes.
    ///   - time: seconds since 1970, as in the header.
    ///   - now: time since 1970.
    package func verdict(on signature: String, time: String, body: [UInt8], now: Duration) -> Verdict {
        guard let bytes = Base64.bytes(of: signature), bytes.count == 64, let seconds = Int64(time) else {
            return .invalid
        }
        guard key.isValidSignature(bytes, for: Array(time.utf8) + Array("|".utf8) + body) else { return .invalid }
        let age = now.components.seconds.subtractingReportingOverflow(seconds)
        guard !age.overflow, age.partialValue.magnitude <= UInt64(Self.tolerance.components.seconds) else {
            return .stale
        }
        return .valid
    }
}
