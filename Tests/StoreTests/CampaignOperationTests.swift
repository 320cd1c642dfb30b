import Foundation
import GRDB
import Testing

@testable import Store

@Suite("Campaigns in the store", .onBothEngines)
struct CampaignOperationTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    /// A store with one running campaign of `numbers`.
    private func withCampaign(
        _ numbers: [String] = ["+12127365000", "+12127365001", "+12127365002"],
        _ body: (Store, CampaignRecord) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        let campaign = CampaignRecord(id: "c1", name: "reminder", definition: "{}", createdAt: Self.now)
        try await store.createCampaign(campaign)
        #expect(
            try await store.addContacts(numbers.map { NewContact(number: $0) }, toCampaign: "c1", at: Self.now) == [])
        #expect(try await store.moveCampaign(id: "c1", from: [.created], to: .running, at: Self.now))
        try await body(store, campaign)
        try store.close()
    }

    private func attempt(_ id: String, _ contact: ContactRecord) -> AttemptRecord {
        AttemptRecord(
            id: id, campaignID: contact.campaignID, contactID: contact.id, number: contact.number,
            callerID: "+12127365999", agent: "reminder", decision: "{}", intendedAt: Self.now)
    }

    @Test("a name is taken once, and a state is left only for one that may follow")
    func states() async throws {
        try await withCampaign { store, campaign in
            let error = await #expect(throws: StoreError.self) {
                try await store.createCampaign(
                    CampaignRecord(id: "c2", name: "reminder", definition: "{}", createdAt: Self.now))
            }
            #expect(error?.code == .exists)
            #expect(try await !store.moveCampaign(id: "c1", from: [.created, .paused], to: .running, at: Self.now))
            #expect(
                try await store.moveCampaign(id: "c1", from: [.running], to: .paused, reason: "lunch", at: Self.now + 1)
            )
            let stored = try await store.campaign(named: "reminder")
            #expect(stored.state == .paused)
            #expect(stored.reason == "lunch")
            #expect(stored.startedAt == Self.now)
        }
    }

    @Test("campaigns are found by their state and their id, and open attempts are counted by campaign")
    func byState() async throws {
        try await withCampaign { store, campaign in
            for id in ["c2", "c3"] {
                try await store.createCampaign(
                    CampaignRecord(id: id, name: "name-\(id)", definition: "{}", createdAt: Self.now))
            }
            #expect(try await store.moveCampaign(id: "c3", from: [.created], to: .running, at: Self.now))
            #expect(try await store.campaigns(in: .running).map(\.id) == ["c3", "c1"])
            #expect(try await store.campaigns(in: .paused).isEmpty)
            #expect(try await store.campaignCount(in: .paused) == 0)
            #expect(try await store.campaignCount(in: .running) == 2)
            #expect(try await store.campaigns().count == 3)
            #expect(try await store.campaign(id: "c2")?.name == "name-c2")
            #expect(try await store.campaign(id: "name-c2") == nil)
            for (index, contact) in try await store.dueContacts(campaign: "c1", now: Self.now, limit: 2).enumerated() {
                #expect(try await store.intend(attempt("a\(index)", contact)))
            }
            #expect(try await store.openAttemptCounts()["c1"] == 2)
            #expect(try await store.openAttemptCounts()["c3"] == nil)
            // Nothing to look for is found nowhere.
            let standing = try await store.standing(of: "+12127365000", conversations: [], now: Self.now)
            #expect(standing.history.lastConversation == nil && standing.history.hasOpenAttempt)
            #expect(try await store.contactCount(campaign: "c1", withAttempts: []) == 0)
            #expect(try await store.attemptCount(campaign: "c1", outcomes: [], since: .distantPast) == 0)
        }
    }

    @Test("of attempts under way those are read of which something may have to be found out")
    func underWay() async throws {
        try await withCampaign { store, _ in
            let contacts = try await store.dueContacts(campaign: "c1", now: Self.now, limit: 3)
            for (index, contact) in contacts.enumerated() {
                var attempt = attempt("a\(index)", contact)
                attempt.intendedAt = Self.now + Double(index)
                attempt.signature = "1:key:code"
                #expect(try await store.intend(attempt))
            }
            func ids(_ asked: Double, _ placed: Double?) async throws -> [String] {
                try await store.attemptsUnderWay(askedBy: Self.now + asked, placedBy: placed.map { Self.now + $0 })
                    .map(\.id)
            }
            #expect(try await ids(-9, nil) == ["a0", "a1", "a2"])
            for index in 0..<3 {
                #expect(try await store.markAsked(attempt: "a\(index)", at: Self.now + Double(index)))
            }
            #expect(try await ids(-1, nil) == [])
            #expect(try await ids(1, nil) == ["a0", "a1"])
            #expect(try await store.markPlaced(attempt: "a0", carrierCallID: "CA0", at: Self.now))
            #expect(try await ids(1, nil) == ["a1"])
            #expect(try await ids(1, -1) == ["a1"])
            #expect(try await ids(1, 0) == ["a0", "a1"])
            #expect(try await store.attempt(id: "a0")?.signature == "1:key:code")
            #expect(try await store.openAttemptIDs() == ["a0", "a1", "a2"])
            let end = Store.AttemptEnd(outcome: "busy", counts: true, next: nil)
            #expect(try await store.end(attempt: "a1", end, at: Self.now + 5))
            #expect(try await ids(9, 9) == ["a0", "a2"])
            #expect(try await store.openAttemptIDs() == ["a0", "a2"])
            #expect(try await store.openAttemptCounts() == ["c1": 2])
            #expect(try await store.answeredAttemptCount(campaign: "c1") == 0)
            #expect(try await store.note(attempt: "a0", answeredAt: Self.now + 6))
            #expect(try await store.answeredAttemptCount(campaign: "c1") == 1)
            #expect(try await store.answeredAttemptCount(campaign: "c2") == 0)
            #expect(try await store.end(attempt: "a0", end, at: Self.now + 7))
            #expect(try await store.answeredAttemptCount(campaign: "c1") == 0)
            let ended = try await store.endedAttempts(campaign: "c1", limit: 9)
            #expect(Set(ended.map(\.outcome)) == ["busy"])
            #expect(ended.map(\.intendedAt) == ended.map(\.intendedAt).sorted(by: >))
            #expect(ended.count == 2)
            #expect(try await store.endedAttempts(campaign: "c1", limit: 1) == Array(ended.prefix(1)))
        }
    }

    @Test("contacts of a campaign that finished long ago go with their attempts, in pieces; nothing else does")
    func retention() async throws {
        try await withCampaign { store, _ in
            try await store.createCampaign(
                CampaignRecord(id: "c2", name: "running", definition: "{}", createdAt: Self.now))
            _ = try await store.addContacts([NewContact(number: "+12127365009")], toCampaign: "c2", at: Self.now)
            let contacts = try await store.dueContacts(campaign: "c1", now: Self.now, limit: 3)
            for (index, contact) in contacts.enumerated() {
                #expect(try await store.intend(attempt("a\(index)", contact)))
            }
            let end = Store.AttemptEnd(outcome: "busy", counts: true, next: nil)
            for index in 0..<2 { #expect(try await store.end(attempt: "a\(index)", end, at: Self.now)) }
            try await store.optOut(number: "+12127365000", reason: "asked", callID: "k", at: Self.now)
            let later = Self.now + 100
            // As long as it runs nothing goes, however old.
            #expect(try await store.deleteContacts(ofCampaignsFinishedBefore: later) == 0)
            #expect(try await store.moveCampaign(id: "c1", from: [.running], to: .finished, at: Self.now + 50))
            #expect(try await store.deleteContacts(ofCampaignsFinishedBefore: Self.now + 50) == 0)
            // One is still being called.
            #expect(try await store.deleteContacts(ofCampaignsFinishedBefore: later, limit: 1) == 1)
            #expect(try await store.deleteContacts(ofCampaignsFinishedBefore: later, limit: 9) == 1)
            #expect(try await store.deleteContacts(ofCampaignsFinishedBefore: later) == 0)
            #expect(try await store.attempt(id: "a0") == nil)
            #expect(try await store.attempt(id: "a2") != nil)
            #expect(try await store.end(attempt: "a2", end, at: Self.now + 60))
            #expect(try await store.deleteContacts(ofCampaignsFinishedBefore: later) == 1)
            #expect(try await store.contacts(campaign: "c1").isEmpty)
            #expect(try await store.contacts(campaign: "c2").count == 1)
            #expect(try await store.campaign(id: "c1")?.state == .finished)
            let standing = try await store.standing(of: "+12127365000", conversations: [], now: later)
            #expect(standing.suppressions.map(\.list) == ["internal"])
        }
    }

    @Test("a number is in a campaign once, and the second one is told by its index")
    func duplicates() async throws {
        try await withCampaign { store, _ in
            let left = try await store.addContacts(
                [
                    NewContact(number: "+13053715000"), NewContact(number: "+12127365001"),
                    NewContact(number: "+13053715000"),
                ],
                toCampaign: "c1", at: Self.now)
            #expect(left == [1, 2])
            #expect(try await store.contacts(campaign: "c1").count == 4)
        }
    }

    @Test(
        "many contacts are added in few statements: of two with one number the first stays, and the newest consent counts"
    )
    func manyContacts() async throws {
        try await withCampaign { store, _ in
            // 64 and 16 in a statement, four and three more; one in nine has a number that came before.
            let contacts = (0..<87).map { index in
                let number = "+1305371\(6000 + (index % 9 == 8 ? index - 8 : index))"
                return NewContact(
                    number: number, line: index + 1,
                    consent: ConsentRecord(
                        number: number, seller: "S", kind: .express, source: "row \(index)",
                        givenAt: Self.now + Double(index)))
            }
            let left = try await store.addContacts(contacts, toCampaign: "c1", at: Self.now)
            #expect(left == (0..<87).filter { $0 % 9 == 8 })
            let stored = try await store.contacts(campaign: "c1").filter { $0.number.hasPrefix("+1305371") }
            #expect(stored.map(\.line) == (0..<87).filter { $0 % 9 != 8 }.map { $0 + 1 })
            for index in [0, 9, 72] {
                let standing = try await store.standing(of: contacts[index].number, conversations: [], now: Self.now)
                #expect(standing.consents.map(\.source) == ["row \(index + 8)"])
            }
            let again = try await store.addContacts(contacts, toCampaign: "c1", at: Self.now)
            #expect(again == Array(0..<87))
        }
    }

    @Test("an attempt goes through its states once, and ends once")
    func statesOfAnAttempt() async throws {
        try await withCampaign { store, _ in
            let contact = try await store.dueContacts(campaign: "c1", now: Self.now, limit: 1)[0]
            #expect(try await store.intend(attempt("a1", contact)))
            // Neither the contact nor the number can be called a second time.
            #expect(try await !store.intend(attempt("a2", contact)))
            #expect(try await store.dueContacts(campaign: "c1", now: Self.now, limit: 10).count == 2)
            #expect(try await store.markAsked(attempt: "a1", at: Self.now + 1))
            #expect(try await !store.markAsked(attempt: "a1", at: Self.now + 1))
            #expect(try await store.markPlaced(attempt: "a1", carrierCallID: "CA1", at: Self.now + 2))
            // A callback that comes again, and one that names another call.
            #expect(try await store.markPlaced(attempt: "a1", carrierCallID: "CA1", at: Self.now + 3))
            #expect(try await !store.markPlaced(attempt: "a1", carrierCallID: "CA2", at: Self.now + 3))
            #expect(try await store.attempts(ofCarrierCalls: ["CA2", "CA1"]) == ["CA1": "a1"])
            #expect(try await store.attempts(ofCarrierCalls: []) == [:])
            #expect(try await store.note(attempt: "a1", answeredAt: Self.now + 4, callID: "call"))
            let end = Store.AttemptEnd(outcome: "busy", counts: true, next: Self.now + 1200)
            #expect(try await store.end(attempt: "a1", end, at: Self.now + 5))
            #expect(
                try await !store.end(
                    attempt: "a1", .init(outcome: "reached", counts: true, next: nil), at: Self.now + 6))
            #expect(try await !store.note(attempt: "a1", answeredBy: "human"))
            let stored = try #require(try await store.attempt(id: "a1"))
            #expect(stored.state == .ended)
            #expect(stored.outcome == "busy")
            #expect(stored.placedAt == Self.now + 2)
            let after = try #require(try await store.contact(id: contact.id))
            #expect(after.state == .waiting)
            #expect(after.attempts == 1)
            #expect(after.nextAt == Self.now + 1200)
            #expect(try await store.openAttempts().isEmpty)
        }
    }

    @Test("one number is called by one campaign at a time")
    func acrossCampaigns() async throws {
        try await withCampaign { store, _ in
            try await store.createCampaign(
                CampaignRecord(id: "c2", name: "other", definition: "{}", createdAt: Self.now))
            _ = try await store.addContacts([NewContact(number: "+12127365000")], toCampaign: "c2", at: Self.now)
            let (mine, theirs) = (
                try await store.contact(campaign: "c1", number: "+12127365000"),
                try await store.contact(campaign: "c2", number: "+12127365000")
            )
            #expect(try await store.intend(attempt("a1", mine)))
            #expect(try await !store.intend(attempt("a2", theirs)))
            let standing = try await store.standing(of: "+12127365000", conversations: ["reached"], now: Self.now)
            #expect(standing.history.hasOpenAttempt)
            #expect(standing.history.attempts.isEmpty)
            _ = try await store.markAsked(attempt: "a1", at: Self.now)
            _ = try await store.end(
                attempt: "a1", .init(outcome: "reached", counts: true, next: nil), at: Self.now + 60)
            let later = try await store.standing(of: "+12127365000", conversations: ["reached"], now: Self.now + 61)
            #expect(later.history == NumberHistory(attempts: [Self.now], lastConversation: Self.now + 60))
            #expect(try await store.intend(attempt("a2", theirs)))
            #expect(try await store.callerIDUse(since: Self.now - 1) == ["+12127365999": 1])
        }
    }

    @Test("an attempt that never rang counts nothing and leaves no trace in the history")
    func notPlaced() async throws {
        try await withCampaign { store, _ in
            let contact = try await store.dueContacts(campaign: "c1", now: Self.now, limit: 1)[0]
            _ = try await store.intend(attempt("a1", contact))
            _ = try await store.markAsked(attempt: "a1", at: Self.now)
            _ = try await store.end(
                attempt: "a1", .init(outcome: "not_placed", counts: false, next: Self.now + 60), at: Self.now + 1)
            #expect(try await store.contact(id: contact.id)?.attempts == 0)
            let standing = try await store.standing(of: contact.number, conversations: ["reached"], now: Self.now + 2)
            #expect(standing.history == NumberHistory())
        }
    }

    @Test("who opts out is on the list, without consent, and waits in no campaign")
    func optOut() async throws {
        try await withCampaign { store, _ in
            let number = "+12127365001"
            try await store.store(
                ConsentRecord(number: number, seller: "S", kind: .express, source: "form", givenAt: Self.now))
            try await store.optOut(number: number, reason: "pressed 9", callID: "call", at: Self.now + 1)
            let standing = try await store.standing(of: number, conversations: ["reached"], now: Self.now + 2)
            #expect(standing.suppressions.map(\.list) == ["internal"])
            #expect(standing.consents.first?.revokedAt == Self.now + 1)
            #expect(try await store.contact(campaign: "c1", number: number).outcome == "opted_out")
            #expect(try await store.dueContacts(campaign: "c1", now: Self.now + 9, limit: 9).count == 2)
            // A consent that is imported later does not bring it back.
            try await store.store(
                ConsentRecord(number: number, seller: "S", kind: .express, source: "form", givenAt: Self.now + 100))
            let later = try await store.standing(of: number, conversations: ["reached"], now: Self.now + 200)
            #expect(later.consents.first?.revokedAt == Self.now + 1)
        }
    }

    @Test("contacts that are put off wait, those that are ended do not")
    func postponed() async throws {
        try await withCampaign { store, _ in
            let due = try await store.dueContacts(campaign: "c1", now: Self.now, limit: 9)
            let list = [
                Store.Postponement(contact: due[0].id, until: Self.now + 60, outcome: nil, decision: "{}"),
                Store.Postponement(contact: due[1].id, until: nil, outcome: "consent", decision: "{}"),
            ]
            #expect(try await store.postpone(list, at: Self.now) == 2)
            let late = Store.Postponement(contact: due[1].id, until: Self.now, outcome: nil, decision: "{}")
            #expect(try await store.postpone([late], at: Self.now) == 0)
            #expect(try await store.dueContacts(campaign: "c1", now: Self.now + 59, limit: 9).map(\.id) == [due[2].id])
            #expect(try await store.dueContacts(campaign: "c1", now: Self.now + 60, limit: 9).count == 2)
            let counts = try await store.contactCounts(campaign: "c1")
            #expect(counts.contains(ContactCount(state: .done, outcome: "consent", number: 1)))
        }
    }

    @Test("a promise stays until the person was reached after its time, and who answered is kept")
    func promise() async throws {
        try await withCampaign { store, _ in
            func contact() async throws -> ContactRecord {
                try await store.contact(campaign: "c1", number: "+12127365000")
            }
            func call(_ id: String, _ end: Store.AttemptEnd, at moment: Date) async throws {
                #expect(try await store.intend(attempt(id, try await contact())))
                #expect(try await store.note(attempt: id, answerer: "person", callID: "call-" + id))
                if id == "a1" {
                    let found = try #require(try await store.attempt(ofCall: "call-a1"))
                    try await store.promise(contact: found.contactID, callAt: Self.now + 3600, at: moment)
                }
                #expect(try await store.end(attempt: id, end, at: moment))
            }
            let again = Self.now + 3600
            try await call(
                "a1", .init(outcome: "reached", counts: true, next: again, keepsPromise: true), at: Self.now + 60)
            #expect(try await contact().callbackAt == again)
            #expect(try await contact().nextAt == again)
            try await call("a2", .init(outcome: "busy", counts: true, next: again + 600), at: again + 30)
            #expect(try await contact().callbackAt == again)
            try await call(
                "a3", .init(outcome: "reached", counts: true, next: nil, keepsPromise: true), at: again + 700)
            #expect(try await contact().callbackAt == nil)
            #expect(try await contact().state == .done)
            #expect(try await store.attempt(id: "a1")?.answerer == "person")
            #expect(try await store.attempt(ofCall: "another") == nil)
        }
    }

    @Test("the tables come into a file of the first released schema, with what is in it kept", .tags(.ofFiles))
    func migrated() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/parley.db"
        do {
            let queue = try DatabaseQueue(path: path)
            try await queue.write { try $0.execute(sql: ReleasedSchemas.version1) }
        }
        let store = try Store(path: path)
        #expect(try await store.calls().calls.map(\.id) == ["call-of-version-1"])
        try await store.createCampaign(CampaignRecord(id: "c1", name: "n", definition: "{}", createdAt: Self.now))
        #expect(try await store.campaigns().map(\.name) == ["n"])
        try store.close()
    }
}
