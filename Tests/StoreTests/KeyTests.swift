import Foundation
import Testing

@testable import Store

@Suite("Keys in the store", .onBothEngines)
struct KeyTests {
    let directory: TemporaryDirectory
    let store: Store
    private let moment = Date(timeIntervalSince1970: 1_790_000_000)

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func key(_ id: String) -> APIKeyRecord {
        APIKeyRecord(id: id, name: "console", scope: .operator, hash: Data([1, 2, 3]), createdAt: moment)
    }

    @Test("a key comes back as it was added, used and revoked")
    func lifetime() async throws {
        #expect(try await !store.hasDoors())
        try await store.add(key("k1"))
        #expect(try await store.key("k1") == key("k1"))
        #expect(try await store.key("k2") == nil)
        try await store.usedKey("k1", at: moment.addingTimeInterval(5))
        try await store.revokeKey("k1", at: moment.addingTimeInterval(9))
        try await store.revokeKey("k1", at: moment.addingTimeInterval(99))
        let kept = try #require(await store.keys().first)
        #expect(kept.lastUsedAt == moment.addingTimeInterval(5))
        #expect(kept.revokedAt == moment.addingTimeInterval(9))
        // Revoking the last key must not open the doors.
        #expect(try await store.hasDoors())
    }

    @Test("a key that another takes the place of works until then, and not longer than it would have")
    func replaced() async throws {
        try await store.add(key("k1"))
        let end = moment.addingTimeInterval(3600)
        try await store.replaceKey("k1", by: key("k2"), until: end)
        let old = try #require(try await store.key("k1"))
        #expect(old.works(at: moment) && old.works(at: end.addingTimeInterval(-1)) && !old.works(at: end))
        #expect(try await store.key("k2") == key("k2"))
        try await store.replaceKey("k1", by: key("k3"), until: end.addingTimeInterval(3600))
        #expect(try await store.key("k1")?.revokedAt == end)
        try await store.revokeKey("k1", at: moment.addingTimeInterval(60))
        #expect(try await store.key("k1")?.revokedAt == moment.addingTimeInterval(60))
        // One that was revoked before has no heir.
        try await store.revokeKey("k1", at: moment)
        await #expect { try await store.replaceKey("k1", by: key("k4"), until: end) } throws: { error in
            (error as? StoreError)?.code == .notFound
        }
        #expect(try await store.key("k4") == nil)
        // A key that cannot be added leaves the old one as it was.
        await #expect(throws: StoreError.self) { try await store.replaceKey("k2", by: key("k3"), until: end) }
        #expect(try await store.key("k2")?.revokedAt == nil)
        await #expect { try await store.replaceKey("k9", by: key("k4"), until: end) } throws: { error in
            (error as? StoreError)?.code == .notFound
        }
    }

    @Test("an id is given once, and what is not there cannot be revoked")
    func refused() async throws {
        try await store.add(key("k1"))
        await #expect(throws: StoreError.self) { try await store.add(key("k1")) }
        await #expect { try await store.revokeKey("k9", at: moment) } throws: { error in
            (error as? StoreError)?.code == .notFound
        }
    }
}
