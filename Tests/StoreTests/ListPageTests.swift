import Foundation
import Testing

@testable import Store

@Suite("Lists in pages", .onBothEngines)
struct ListPageTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    /// Everything that pages of two give, one after the other.
    private func walk<Record>(
        _ page: (ListCursor?) async throws -> [Record], place: (Record) -> ListCursor
    ) async throws -> [Record] {
        var (found, cursor): ([Record], ListCursor?) = ([], nil)
        while true {
            let records = try await page(cursor)
            guard let last = records.last else { return found }
            #expect(records.count <= 2)
            found += records
            // As it comes back from whoever was given it.
            let next: ListCursor = try #require(ListCursor(place(last).description))
            cursor = next
        }
    }

    @Test("every list gives each of its records once, in the order of the whole, also where moments are the same")
    func walks() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        for index in 0..<5 {
            // Two of each moment.
            let moment = Self.now + Double(index / 2)
            try await store.beat(
                NodeRecord(id: "n\(index)", name: "host", version: "v", startedAt: moment, capacity: 1))
            try await store.add(
                APIKeyRecord(
                    id: "k\(index)", name: "key", scope: .viewer, hash: Data([UInt8(index)]), createdAt: moment))
            _ = try await store.promise(
                CallbackRecord(
                    id: "b\(index)", callID: "c\(index)", number: "+1212736500\(index)", note: "", dueAt: Self.now + 60,
                    timeZone: "America/New_York", promisedAt: moment))
            _ = try await store.file(
                ReviewDraft(
                    idempotencyKey: "r\(index)", callID: "c1", agent: "sdr", agentVersion: "v", contact: "+15550100",
                    tool: "send", arguments: "{}", reason: "policy", expiresAt: Self.now + 3600), now: Self.now)
            try await store.createCampaign(
                CampaignRecord(id: "p\(index)", name: "list-\(index)", definition: "{}", createdAt: Self.now))
            try await store.createCampaign(
                CampaignRecord(
                    id: "d\(index)", name: CampaignRecord.dialPrefix + "\(index)", definition: "{}",
                    createdAt: Self.now))
        }
        let nodes = try await walk {
            try await store.nodes(limit: 2, after: $0)
        } place: {
            ListCursor(at: $0.startedAt, id: $0.id)
        }
        #expect(try await nodes.map(\.id) == store.nodes().map(\.id))
        #expect(nodes.count == 5)
        let keys = try await walk {
            try await store.keys(limit: 2, after: $0)
        } place: {
            ListCursor(at: $0.createdAt, id: $0.id)
        }
        #expect(keys.map(\.id) == ["k0", "k1", "k2", "k3", "k4"])
        let callbacks = try await walk {
            try await store.callbacks(limit: 2, after: $0)
        } place: {
            ListCursor(at: $0.promisedAt, id: $0.id)
        }
        #expect(callbacks.map(\.id) == ["b4", "b2", "b3", "b0", "b1"])
        let reviews = try await walk {
            try await store.reviews(limit: 2, after: $0)
        } place: {
            ListCursor(number: $0.id, id: "review")
        }
        #expect(try await reviews.map(\.id) == store.reviews().map(\.id))
        #expect(reviews.count == 5)
        let campaigns = try await walk {
            try await store.campaigns(limit: 2, after: $0, includesDials: false)
        } place: {
            ListCursor(id: $0.name)
        }
        #expect(campaigns.map(\.name) == (0..<5).map { "list-\($0)" })
        let all = try await walk {
            try await store.campaigns(limit: 2, after: $0, includesDials: true)
        } place: {
            ListCursor(id: $0.name)
        }
        #expect(all.map(\.name) == (0..<5).map { "dial-\($0)" } + campaigns.map(\.name))
        #expect(try await store.hasCampaign(named: "list-3"))
        #expect(try await !store.hasCampaign(named: "list-9"))
        try store.close()
    }

    @Test(
        "campaigns that the machine made for one call each are told where they are asked for, and a list of such a name always"
    )
    func singleCalls() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        _ = try await store.promise(
            CallbackRecord(
                id: "b1", callID: "c1", number: "+12127365001", note: "", dueAt: Self.now + 60,
                timeZone: "America/New_York", promisedAt: Self.now))
        for name in [CallbackRecord.campaign(of: "b1"), "callback-march", "dial-1", "spring"] {
            try await store.createCampaign(
                CampaignRecord(id: "id-\(name)", name: name, definition: "{}", createdAt: Self.now))
        }
        #expect(
            try await store.campaigns(limit: 10, includesDials: false).map(\.name) == ["callback-march", "spring"])
        #expect(
            try await store.campaigns(limit: 10, includesDials: true).map(\.name)
                == ["callback-b1", "callback-march", "dial-1", "spring"])
        try store.close()
    }

    @Test("what many campaigns have is counted as it is for each")
    func counts() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        for index in 0..<3 {
            try await store.createCampaign(
                CampaignRecord(id: "p\(index)", name: "list-\(index)", definition: "{}", createdAt: Self.now))
            let numbers = (0..<index + 1).map { NewContact(number: "+1212736500\($0)") }
            _ = try await store.addContacts(numbers, toCampaign: "p\(index)", at: Self.now)
        }
        let contact = try await store.contact(campaign: "p2", number: "+12127365000")
        #expect(
            try await store.intend(
                AttemptRecord(
                    id: "a1", campaignID: "p2", contactID: contact.id, number: contact.number,
                    callerID: "+12127365999", agent: "reminder", decision: "{}", intendedAt: Self.now)))
        let contacts = try await store.contactCounts(campaigns: ["p0", "p1", "p2", "p9"])
        let attempts = try await store.attemptCounts(campaigns: ["p0", "p1", "p2", "p9"])
        for id in ["p0", "p1", "p2", "p9"] {
            #expect(try await store.contactCounts(campaign: id) == contacts[id] ?? [])
            #expect(try await store.attemptCounts(campaign: id) == attempts[id] ?? [:])
        }
        #expect(contacts.count == 3 && attempts.count == 1)
        #expect(try await store.contactCounts(campaigns: []).isEmpty)
        try store.close()
    }

    @Test("consents that are given or go between two pages leave none of the others out, and tell none twice")
    func consents() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        func give(_ index: Int, at moment: Date) async throws {
            try await store.store(
                ConsentRecord(
                    number: "+121255501\(index + 10)", seller: "Acme", kind: .express, source: "form \(index)",
                    givenAt: moment))
        }
        // All but one of a moment, as a list that was taken over is.
        for index in 0..<9 { try await give(index, at: Self.now) }
        try await give(9, at: Self.now + 60)
        let whole = try await store.consents().consents.map(\.source)
        #expect(Set(whole).count == 10 && whole.first == "form 9")
        var (told, cursor): ([String], ListCursor?) = ([], nil)
        for round in 0..<4 {
            let page = try await store.consents(limit: 3, after: cursor)
            told += page.consents.map(\.source)
            guard let next = page.next else { break }
            #expect(!next.description.contains("555"))
            cursor = ListCursor(next.description)
            // One that was told goes, and a newer one comes.
            let gone = try #require(page.consents.first).number
            try await store.write("erase", "") { db in
                try db.execute(sql: "DELETE FROM consents WHERE number = ?", arguments: [gone])
            }
            try await give(20 + round, at: Self.now + 120)
        }
        #expect(told == whole)
        try store.close()
    }

    @Test("a place is read as it was written, and nothing else is one")
    func cursors() {
        let cursor = ListCursor(at: Self.now, id: "a~b@c")
        #expect(ListCursor(cursor.description) == cursor)
        for text in ["", "1", "~a", "x~a", "1~", "1~a b", "1~\u{0}", "1~é", "1~" + String(repeating: "x", count: 201)] {
            #expect(ListCursor(text) == nil, "\(text)")
        }
    }

    @Test("so do an agent's versions and the documents, and a whole is what is asked for without a limit")
    func versionsAndDocuments() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        let paths = ["a b.md", "c.md", "sub/d.md", "z.md", "\u{e9}t\u{e9}.md"]
        for (index, path) in paths.enumerated() {
            for agent in ["sdr", "other"] {
                let content = AgentVersionContent(hash: "h\(index)", file: "\(agent).yaml", source: Data("x".utf8))
                _ = try await store.publish(content, of: agent, by: "ann", now: Self.now)
            }
            try await store.add(
                document: path, title: path, hash: "h",
                passages: [
                    Passage(source: "", title: "", heading: "", text: "Of \(path).")
                ])
        }
        let versions = try await walk {
            try await store.versions(of: "sdr", limit: 2, after: $0)
        } place: {
            ListCursor(number: $0.number, id: $0.agent)
        }
        #expect(versions.map(\.number) == [5, 4, 3, 2, 1] && versions.allSatisfy { $0.agent == "sdr" })
        #expect(try await store.versions(of: "sdr") == versions)
        // Names have what no cursor of other lists may have; the order is the engine's.
        var (documents, place): ([DocumentRecord], String?) = ([], nil)
        while true {
            let page = try await store.documents(limit: 2, after: place)
            guard let last = page.last else { break }
            #expect(page.count <= 2)
            documents += page
            place = last.path
        }
        #expect(Set(documents.map(\.path)) == Set(paths) && documents.count == paths.count)
        #expect(try await store.documents() == documents)
        #expect(try await Set(store.documentPaths()) == Set(paths))
        try store.close()
    }
}
