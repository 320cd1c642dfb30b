import Crypto
import Foundation
import Networking

/// A sign-in that a browser has begun: what it is recognized by when it comes back from the identity provider.
struct SignInAttempt: Sendable, Equatable {
    /// So long somebody may take to sign in there.
    static let lifetime: TimeInterval = 600

    let nonce: String
    /// What the challenge was made of (RFC 7636).
    let verifier: String
    /// The page of the console that was wanted.
    let page: String
    /// Hash of what the browser's cookie holds: nobody can finish a sign-in in another browser than theirs.
    let browser: Data
    let ends: Date

    var challenge: String { Base64URL.encode(Data(SHA256.hash(data: Data(verifier.utf8)))) }

    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.encode(Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }))
    }
}

/// The sign-ins under way, in memory. Bounded: the oldest makes room for a new one.
final class SignInDesk: Sendable {
    private let attempts = Lock<[String: SignInAttempt]>([:])
    private let maximum: Int

    init(maximum: Int = 1000) { self.maximum = maximum }

    /// - Parameter page: what follows the console's address; anything but a page of it becomes its first one.
    func begin(page: String, browser: String, now: Date) -> (state: String, attempt: SignInAttempt) {
        let attempt = SignInAttempt(
            nonce: SignInAttempt.random(), verifier: SignInAttempt.random(), page: Self.page(page),
            browser: Self.hash(browser), ends: now + SignInAttempt.lifetime)
        let state = SignInAttempt.random()
        attempts.withLock { attempts in
            attempts = attempts.filter { $0.value.ends > now }
            if attempts.count >= maximum, let oldest = attempts.min(by: { $0.value.ends < $1.value.ends }) {
                attempts[oldest.key] = nil
            }
            attempts[state] = attempt
        }
        return (state, attempt)
    }

    /// The sign-in that has this state, once; nil for one that is unknown, over, too old, or another browser's.
    func take(state: String, browser: String?, now: Date) -> SignInAttempt? {
        guard let attempt = attempts.withLock({ $0.removeValue(forKey: state) }), attempt.ends > now,
            let browser, attempt.browser == Self.hash(browser)
        else { return nil }
        return attempt
    }

    /// A part of the console's only page, never another address.
    static func page(_ text: String) -> String {
        let isPlain =
            text.hasPrefix("#/") && text.utf8.count <= 500
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        return isPlain ? text : "#/live"
    }

    private static func hash(_ text: String) -> Data { Data(SHA256.hash(data: Data(text.utf8))) }
}
