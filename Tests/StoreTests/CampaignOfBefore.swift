import Foundation
import Testing

@testable import Store

/// A campaign at work in a database of an older schema: its rows, and what this version reads of them and does with them.
enum CampaignOfBefore {
    /// Of the schema, from which on there are its tables.
    static let step = "8-campaigns"

    /// As that step knew them, for both engines, which number the contacts themselves: one who is being called, and one who was
    /// busy and waits.
    static let rows = """
        INSERT INTO campaigns (id, name, state, definition, created_at, changed_at)
        VALUES ('c', 'n', 'running', '{}', 1, 1);
        INSERT INTO consents (number, seller, kind, source, given_at)
        VALUES ('+12127365000', 's', 'express', 'one', 1), ('+12127365001', 's', 'express', 'two', 2);
        INSERT INTO contacts (campaign_id, number, line, region, variables, state, outcome, attempts, next_at, changed_at)
        VALUES ('c', '+12127365000', 1, '', '{}', 'calling', NULL, 0, 1, 1),
            ('c', '+12127365001', 2, 'NY', '{"name":"Anna"}', 'waiting', 'busy', 1, 5000, 2);
        INSERT INTO attempts (id, campaign_id, contact_id, number, caller_id, agent, state, decision, carrier_call_id,
            intended_at, asked_at, placed_at, ended_at, outcome, detail)
        VALUES ('a', 'c', 1, '+12127365000', '+12127365999', 'sdr', 'placed', '{}', 'CA1', 1000, 1001, 1002, NULL, NULL, NULL),
            ('b', 'c', 2, '+12127365001', '+12127365999', 'sdr', 'ended', '{}', 'CA2', 2000, 2001, 2002, 2003, 'busy', 'SIP 486');

        """

    /// Holds what a store has of the rows against them, and goes on with the campaign.
    static func expect(in store: Store) async throws {
        let campaign = try await store.campaign(named: "n")
        #expect(campaign.id == "c" && campaign.state == .running)
        let contacts = try await store.contacts(campaign: "c")
        #expect(contacts.map(\.number) == ["+12127365000", "+12127365001"])
        #expect(contacts.map(\.state) == [.calling, .waiting])
        #expect(contacts.map(\.outcome) == [nil, "busy"])
        #expect(contacts.map(\.attempts) == [0, 1])
        #expect(contacts.map(\.variables) == [[:], ["name": "Anna"]])
        #expect(contacts.allSatisfy { $0.callbackAt == nil })
        let open = try #require(try await store.attempt(id: "a"))
        #expect(open.state == .placed && open.carrierCallID == "CA1")
        #expect(open.placedAt == Date(storedMilliseconds: 1002))
        #expect(DecisionKeys().verdict(on: open) == .unsigned)
        let (calling, waiting) = (try #require(contacts.first), try #require(contacts.last))
        let ended = try await store.attempts(contact: waiting.id)
        #expect(ended.map(\.id) == ["b"])
        #expect(ended.map(\.outcome) == ["busy"])
        #expect(ended.map(\.detail) == ["SIP 486"])
        #expect(ended.map(\.endedAt) == [Date(storedMilliseconds: 2003)])
        #expect(try await store.openAttemptCounts() == ["c": 1])
        let first = try await store.consents(limit: 1)
        let second = try await store.consents(limit: 1, after: first.next)
        #expect(Set((first.consents + second.consents).map(\.source)) == ["one", "two"] && second.next == nil)
        try await goOn(store, calling, waiting)
    }

    /// What was under way is ended once, who waits is due, and nobody comes in or is called twice.
    private static func goOn(_ store: Store, _ calling: ContactRecord, _ waiting: ContactRecord) async throws {
        let now = Date(storedMilliseconds: 10_000)
        let again = AttemptRecord(
            id: "d", campaignID: "c", contactID: calling.id, number: calling.number, callerID: "+12127365999",
            agent: "sdr", decision: "{}", intendedAt: now)
        #expect(try await !store.intend(again))
        let end = Store.AttemptEnd(outcome: "reached", counts: true, next: nil)
        #expect(try await store.end(attempt: "a", end, at: now))
        #expect(try await !store.end(attempt: "a", end, at: now))
        let done = try #require(try await store.contact(id: calling.id))
        #expect(done.state == .done && done.outcome == "reached" && done.attempts == 1)
        let due = try await store.dueContacts(campaign: "c", now: now, limit: 10)
        #expect(due.map(\.id) == [waiting.id])
        let added = [NewContact(number: waiting.number), NewContact(number: "+12127365002")]
        #expect(try await store.addContacts(added, toCampaign: "c", at: now) == [0])
        #expect(try await store.contacts(campaign: "c").count == 3)
    }
}
