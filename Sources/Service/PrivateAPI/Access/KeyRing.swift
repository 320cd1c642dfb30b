import Crypto
package import Foundation
package import Store

/// Makes and checks the keys of the private plane.
///
/// A key is `parley_`, its id and 192 random bits. That much chance cannot be guessed, so its hash is a plain SHA-256: one
/// that is slow on purpose would only be a way to keep the service busy.
package struct KeyRing: Sendable {
    /// A use is noted at most so often.
    private static let noteInterval: TimeInterval = 60

    private let store: Store
    /// Only this machine reaches the listener.
    private let isLoopback: Bool
    /// People sign in otherwise, too, so that the lack of keys opens nothing.
    private let isGuarded: Bool
    private let now: @Sendable () -> Date

    package init(
        store: Store, isLoopback: Bool, isGuarded: Bool = false, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.isLoopback = isLoopback
        self.isGuarded = isGuarded
        self.now = now
    }

    /// A new key: what its holder gets to see once, and what is stored.
    ///
    /// - Parameter name: who or what gets it; for people.
    package static func make(
        name: String, scope: APIKeyRecord.Scope, at moment: Date
    ) -> (key: String, record: APIKeyRecord) {
        let id = hex(count: 4)
        let key = "parley_\(id)_\(hex(count: 24))"
        return (key, APIKeyRecord(id: id, name: name, scope: scope, hash: hash(key), createdAt: moment))
    }

    /// Whose key it is; nil when it is nobody's, or was revoked.
    func identity(ofKey key: String) async throws -> Identity? {
        let parts = key.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "parley", key.utf8.count < 100,
            let record = try await store.key(String(parts[1]))
        else { return nil }
        // Digests are compared in constant time.
        guard SHA256.hash(data: Data(key.utf8)) == record.hash else { return nil }
        return try await identity(of: record)
    }

    /// Whose key has this id; nil when there is none, or it was revoked.
    func identity(ofKeyID id: String) async throws -> Identity? {
        guard let record = try await store.key(id) else { return nil }
        return try await identity(of: record)
    }

    /// Whether no key is asked for: none was ever made, and only this machine can ask.
    func isOpen() async throws -> Bool {
        guard isLoopback, !isGuarded else { return false }
        return try await !store.hasDoors()
    }

    private func identity(of record: APIKeyRecord) async throws -> Identity? {
        let moment = now()
        guard record.works(at: moment) else { return nil }
        if moment.timeIntervalSince(record.lastUsedAt ?? .distantPast) > Self.noteInterval {
            // Not worth failing a request for.
            try? await store.usedKey(record.id, at: moment)
        }
        return Identity(keyID: record.id, name: record.name, scope: record.scope)
    }

    private static func hash(_ key: String) -> Data { Data(SHA256.hash(data: Data(key.utf8))) }

    static func hex(count: Int) -> String {
        let digits = Array("0123456789abcdef")
        var generator = SystemRandomNumberGenerator()
        return String((0..<count * 2).map { _ in digits[Int.random(in: 0..<16, using: &generator)] })
    }
}
