package import Crypto

/// Makes and checks the short-lived token that binds a media stream to the call whose webhook was answered.
///
/// The token goes out in the answer as a stream parameter and comes back in `start`. It proves that the two belong together;
/// that it is used once only is for the holder of the calls to see to.
package struct CallTokenAuthority: Sendable {
    package enum Verdict: Sendable, Equatable {
        case valid
        /// It was made here for this call, and is too old.
        case expired
        /// It was not made here, or is for another call.
        case forged
    }

    private let key: SymmetricKey
    private let lifetime: Duration

    /// - Parameters:
    ///   - key: of this process, or shared by the nodes of an installation.
    ///   - lifetime: from the answer to the webhook to the start of the stream.
    package init(key: SymmetricKey = SymmetricKey(size: .bits256), lifetime: Duration = .seconds(60)) {
        self.key = key
        self.lifetime = lifetime
    }

    /// A token for one call: at most 70 characters, all of them safe in XML and JSON.
    ///
    /// - Parameters:
    ///   - callID: the carrier's id of the call.
    ///   - now: time since 1970.
    package func issue(callID: String, now: Duration) -> String {
        let expiry = String((now + lifetime).components.seconds, radix: 16)
        let code = HMAC<SHA256>.authenticationCode(for: message(callID, expiry), using: key)
        let digits = Array("0123456789abcdef".utf8)
        let text = code.prefix(20).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0x0F)]] }
        return expiry + "." + String(decoding: text, as: UTF8.self)
    }

    /// Checks a token that came with a stream of `callID`.
    ///
    /// - Parameter now: time since 1970.
    package func verdict(on token: String, callID: String, now: Duration) -> Verdict {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let expiry = Int64(parts[0], radix: 16), expiry > 0 else { return .forged }
        // Issued anew for the expiry it claims, and compared in constant time.
        guard ConstantTime.areEqual(issue(callID: callID, now: .seconds(expiry) - lifetime), token) else {
            return .forged
        }
        return now.components.seconds <= expiry ? .valid : .expired
    }

    private func message(_ callID: String, _ expiry: String) -> [UInt8] {
        // The expiry has no full stop, so no other pair makes the same bytes.
        Array("call.\(expiry).\(callID)".utf8)
    }
}
