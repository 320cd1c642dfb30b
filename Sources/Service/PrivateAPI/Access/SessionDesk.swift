import Crypto
import Foundation
import Networking

/// Who is signed in to the console: a cookie of theirs stands for a key, a name or for what the identity provider said, so that a page's scripts never see one.
///
/// In memory: a restart signs everybody out. Bounded: the oldest session makes room for a new one.
final class SessionDesk: Sendable {
    static let cookie = "parley_session"
    static let lifetime: TimeInterval = 12 * 3600
    /// A session of which nothing is heard for so long is over. A stream of events or sound that is read is heard of whenever
    /// ``StreamPass`` looks.
    static let idle: TimeInterval = 2 * 3600

    /// Whose session it is.
    enum Holder: Sendable, Equatable {
        /// Of whoever has this key, for as long as it is good.
        case key(String)
        /// Of whoever signed in with this name, for as long as the password is the one of that moment.
        case account(String, since: Date)
        /// Of somebody whom the identity provider knows, for as long as it lasts.
        case person(Identity)
    }

    /// A session without what makes it work.
    struct Entry: Sendable, Equatable {
        /// Names it to people; whoever knows it is not signed in.
        let id: String
        let holder: Holder
        let begun: Date
        /// Of the last request, or the last look of a stream.
        var seen: Date

        fileprivate func isOpen(at now: Date) -> Bool {
            now < begun + SessionDesk.lifetime && now < seen + SessionDesk.idle
        }
    }

    private let sessions = Lock<[Data: Entry]>([:])
    private let maximum: Int

    init(maximum: Int = 1000) { self.maximum = maximum }

    /// - Returns: the value of the cookie.
    func open(_ holder: Holder, now: Date) -> String {
        let token = KeyRing.hex(count: 24)
        let entry = Entry(id: KeyRing.hex(count: 8), holder: holder, begun: now, seen: now)
        sessions.withLock { sessions in
            sessions = sessions.filter { $0.value.isOpen(at: now) }
            if sessions.count >= maximum, let oldest = sessions.min(by: { $0.value.begun < $1.value.begun }) {
                sessions[oldest.key] = nil
            }
            sessions[Self.hash(token)] = entry
        }
        return token
    }

    /// Whose session it is; it has been heard of then.
    func holder(of token: String, now: Date) -> Holder? {
        let key = Self.hash(token)
        return sessions.withLock { sessions in
            guard let entry = sessions[key] else { return nil }
            guard entry.isOpen(at: now) else {
                sessions[key] = nil
                return nil
            }
            sessions[key]?.seen = now
            return entry.holder
        }
    }

    /// Which of ``open(at:)`` a browser's own is.
    func id(of token: String) -> String? {
        let key = Self.hash(token)
        return sessions.withLock { $0[key]?.id }
    }

    /// Those that are open, the one that was heard of last first.
    func open(at now: Date) -> [Entry] {
        sessions.withLock { $0.values.filter { $0.isOpen(at: now) } }
            .sorted { ($0.seen, $0.id) > ($1.seen, $1.id) }
    }

    /// - Returns: the session that was ended; nil when none that is open has this id.
    func end(_ id: String, now: Date) -> Entry? {
        sessions.withLock { sessions in
            guard let (key, entry) = sessions.first(where: { $0.value.id == id }) else { return nil }
            sessions[key] = nil
            return entry.isOpen(at: now) ? entry : nil
        }
    }

    /// - Returns: whether there was one.
    @discardableResult func close(_ token: String) -> Bool {
        sessions.withLock { $0.removeValue(forKey: Self.hash(token)) != nil }
    }

    /// Looked up by its hash, so that how long a look-up takes says nothing about a token.
    private static func hash(_ token: String) -> Data { Data(SHA256.hash(data: Data(token.utf8))) }
}
