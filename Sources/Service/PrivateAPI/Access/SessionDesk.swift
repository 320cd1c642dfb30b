import Crypto
import Foundation
import Networking

/// Who is signed in to the console: a cookie of theirs stands for a key, a name or for what the identity provider said, so that a page's scripts never see one.
///
/// In memory: a restart signs everybody out. Bounded: the oldest session makes room for a new one.
final class SessionDesk: Sendable {
    static let cookie = "parley_session"
    static let lifetime: TimeInterval = 12 * 3600

    /// Whose session it is.
    enum Holder: Sendable, Equatable {
        /// Of whoever has this key, for as long as it is good.
        case key(String)
        /// Of whoever signed in with this name, for as long as the password is the one of that moment.
        case account(String, since: Date)
        /// Of somebody whom the identity provider knows, for as long as it lasts.
        case person(Identity)
    }

    private struct Session {
        let holder: Holder
        let ends: Date
    }

    private let sessions = Lock<[Data: Session]>([:])
    private let maximum: Int

    init(maximum: Int = 1000) { self.maximum = maximum }

    /// - Returns: the value of the cookie.
    func open(_ holder: Holder, now: Date) -> String {
        let token = KeyRing.hex(count: 24)
        sessions.withLock { sessions in
            sessions = sessions.filter { $0.value.ends > now }
            if sessions.count >= maximum, let oldest = sessions.min(by: { $0.value.ends < $1.value.ends }) {
                sessions[oldest.key] = nil
            }
            sessions[Self.hash(token)] = Session(holder: holder, ends: now + Self.lifetime)
        }
        return token
    }

    func holder(of token: String, now: Date) -> Holder? {
        guard let session = sessions.withLock({ $0[Self.hash(token)] }), session.ends > now else { return nil }
        return session.holder
    }

    /// - Returns: whether there was one.
    @discardableResult func close(_ token: String) -> Bool {
        sessions.withLock { $0.removeValue(forKey: Self.hash(token)) } != nil
    }

    /// Looked up by its hash, so that how long a look-up takes says nothing about a token.
    private static func hash(_ token: String) -> Data { Data(SHA256.hash(data: Data(token.utf8))) }
}
