import Foundation
import Testing

@testable import Store

@Suite("A campaign's attempts in pages", .onBothEngines)
struct AttemptPageTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func intend(
        _ id: String, _ campaign: String, _ number: String, at moment: Date, in store: Store
    ) async throws {
        #expect(
            try await store.addContacts([NewContact(number: number)], toCampaign: campaign, at: Self.now).isEmpty)
        let contact = try await store.contact(campaign: campaign, number: number)
        let attempt = AttemptRecord(
            id: id, campaignID: campaign, contactID: contact.id, number: number, callerID: "+12127365999",
            agent: "reminder", decision: "{}", intendedAt: moment)
        #expect(try await store.intend(attempt))
    }

    @Test(
        "come in the order in which they were intended, each once, also those of one moment and those that come in later"
    )
    func order() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        for id in ["c1", "c2"] {
            try await store.createCampaign(
                CampaignRecord(id: id, name: "name-\(id)", definition: "{}", createdAt: Self.now))
        }
        try await intend("b", "c1", "+12127365000", at: Self.now, in: store)
        try await intend("d", "c1", "+12127365001", at: Self.now + 2, in: store)
        try await intend("a", "c1", "+12127365002", at: Self.now, in: store)
        try await intend("x", "c2", "+12127365003", at: Self.now, in: store)
        try await intend("c", "c1", "+12127365004", at: Self.now + 1, in: store)
        let first = try await store.attempts(campaign: "c1", limit: 1)
        #expect(first.map(\.id) == ["a"])
        let second = try await store.attempts(campaign: "c1", after: (intendedAt: Self.now, id: "a"), limit: 2)
        #expect(second.map(\.id) == ["b", "c"])
        try await intend("e", "c1", "+12127365005", at: Self.now + 3, in: store)
        let third = try await store.attempts(campaign: "c1", after: (intendedAt: Self.now + 1, id: "c"), limit: 10)
        #expect(third.map(\.id) == ["d", "e"])
        let none = try await store.attempts(campaign: "c1", after: (intendedAt: Self.now + 3, id: "e"), limit: 10)
        #expect(none.isEmpty)
        try store.close()
    }
}
