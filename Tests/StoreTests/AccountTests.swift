import Foundation
import Testing

@testable import Store

@Suite("Accounts in the store", .onBothEngines)
struct AccountTests {
    let directory: TemporaryDirectory
    let store: Store
    private let moment = Date(timeIntervalSince1970: 1_790_000_000)

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func account(_ name: String, scope: APIKeyRecord.Scope = .builder) -> AccountRecord {
        AccountRecord(
            name: name, scope: scope, password: PasswordHash(salt: Data([1]), digest: Data([2, 3]), cost: 14),
            createdAt: moment, changedAt: moment)
    }

    @Test("an account comes back as it was added, its password changes, and its name is free once it is removed")
    func lifetime() async throws {
        #expect(try await !store.hasDoors())
        try await store.add(account("mia"))
        try await store.add(account("bo", scope: .admin))
        #expect(try await store.accounts() == [account("bo", scope: .admin), account("mia")])
        await #expect { try await store.add(account("mia", scope: .admin)) } throws: { error in
            (error as? StoreError)?.code == .rejected
        }
        #expect(try await store.account("mia") == account("mia"))

        let later = moment.addingTimeInterval(60)
        let other = PasswordHash(salt: Data([4]), digest: Data([5]), cost: 15)
        try await store.setPassword(of: "mia", other, at: later)
        try await store.usedAccount("mia", at: later)
        let changed = try #require(try await store.account("mia"))
        #expect(changed.password == other && changed.changedAt == later && changed.lastUsedAt == later)

        try await store.removeAccount("mia", at: later)
        try await store.removeAccount("bo", at: later)
        #expect(try await store.account("mia") == nil)
        #expect(try await store.accounts() == [])
        // Taking the last one away must not open the doors.
        #expect(try await store.hasDoors())
        try await store.add(account("mia", scope: .viewer))
        #expect(try await store.account("mia") == account("mia", scope: .viewer))
    }

    @Test("a password that was changed meanwhile is not changed by whoever knew the one before")
    func overtaken() async throws {
        try await store.add(account("mia"))
        let hashes = [UInt8(7), 8].map { PasswordHash(salt: Data([$0]), digest: Data([$0]), cost: 14) }
        let later = moment.addingTimeInterval(60)
        try await store.setPassword(of: "mia", hashes[0], at: later, since: moment)
        await #expect {
            try await store.setPassword(of: "mia", hashes[1], at: later.addingTimeInterval(1), since: moment)
        } throws: { error in (error as? StoreError)?.code == .notFound }
        #expect(try await store.account("mia")?.password == hashes[0])
        try await store.setPassword(of: "mia", hashes[1], at: later.addingTimeInterval(1), since: later)
        #expect(try await store.account("mia")?.password == hashes[1])
    }

    @Test("nothing is done to somebody who is not there")
    func strangers() async throws {
        try await store.add(account("mia"))
        try await store.removeAccount("mia", at: moment)
        for name in ["mia", "nobody"] {
            await #expect { try await store.removeAccount(name, at: moment) } throws: { error in
                (error as? StoreError)?.code == .notFound
            }
            await #expect {
                try await store.setPassword(of: name, account("x").password, at: moment)
            } throws: { error in (error as? StoreError)?.code == .notFound }
        }
    }
}
