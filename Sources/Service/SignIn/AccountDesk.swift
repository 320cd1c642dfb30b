import Foundation
import Networking
import Store

/// Lets people in by name and password.
final class AccountDesk: Sendable {
    /// Why nobody was let in.
    enum Refusal: Error, Sendable, Equatable {
        /// The name or the password; which of them is nobody's business.
        case wrong
        /// Too many tries.
        case wait(seconds: Int)
    }

    /// Begins the ids of those who signed in so, among keys' ids.
    static let mark = "account-"

    private let store: Store
    private let now: @Sendable () -> Date
    private let tries = Lock(SignInGuard())
    /// Not one of the threads on which tools and models of calls go on.
    private let queue = DispatchQueue(label: "parley.sign-in", qos: .utility)
    /// Checked where nobody has the name, so that an answer takes as long. Nobody has this password.
    private static let nobody = PasswordHash(salt: Data(0..<16), digest: Data(count: 32), cost: Password.cost)

    init(store: Store, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// - Parameter origin: where it is asked from, as ``SignInGuard/origin(_:)`` has it.
    /// - Returns: who it is, and since when their password is what it is.
    func signIn(
        _ name: String, _ password: String, from origin: String? = nil
    ) async throws -> (identity: Identity, since: Date) {
        let account = try await check(name, password, from: origin)
        // Not worth failing for.
        try? await store.usedAccount(name, at: now())
        return (Self.identity(account), account.changedAt)
    }

    /// Gives somebody another password who knows the one that they have. Wrong ones count as those of a sign-in do.
    ///
    /// - Parameter audit: stored in one transaction with it.
    /// - Returns: since when the password is the new one.
    /// - Throws: ``Refusal``; ``StoreError`` with `notFound` when somebody else has changed it meanwhile, or removed them.
    func change(
        _ name: String, from old: String, to new: String, origin: String?, audit: AuditDraft
    ) async throws -> Date {
        let account = try await check(name, old, from: origin)
        let hash = try await self.hash(new)
        try await store.setPassword(of: name, hash, at: now(), since: account.changedAt, audit: audit)
        // The moment as the store keeps it, and of this password: another one may have been set since.
        guard let changed = try await store.account(name), changed.password == hash else {
            throw StoreError(.notFound, operation: "set a password", subject: name, detail: "it was set again")
        }
        return changed.changedAt
    }

    private func check(_ name: String, _ password: String, from origin: String?) async throws -> AccountRecord {
        // Nobody is called so, and what strangers make up is not worth remembering.
        guard AccountName.objection(to: name) == nil else { throw Refusal.wrong }
        if let wait = tries.withLock({ $0.begin(name, from: origin, at: now()) }) { throw Refusal.wait(seconds: wait) }
        var wasRight: Bool?
        defer { tries.withLock { $0.finish(name, from: origin, wasRight: wasRight, at: now()) } }
        let account = try await store.account(name)
        let hash = account?.password ?? Self.nobody
        let fits = try await slowly { try Password.matches(password, hash) }
        wasRight = account != nil && fits
        guard let account, fits else { throw Refusal.wrong }
        return account
    }

    /// Who it is that signed in as `name` when the password was of `moment`; nil when it was changed since, or they left.
    func identity(of name: String, since moment: Date) async throws -> Identity? {
        guard let account = try await store.account(name), account.changedAt == moment else { return nil }
        return Self.identity(account)
    }

    /// What is kept of a password.
    func hash(_ password: String) async throws -> PasswordHash {
        try await slowly { try Password.hash(password) }
    }

    private func slowly<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { answer in
            queue.async { answer.resume(with: Result { try work() }) }
        }
    }

    private static func identity(_ account: AccountRecord) -> Identity {
        Identity(keyID: mark + account.name, name: account.name, scope: account.scope)
    }
}
