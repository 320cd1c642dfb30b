import Foundation
import Testing

@testable import Store

@Suite("People of whom something is known", .onBothEngines)
struct KnownContactTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    /// Ann and Ben are in campaigns, Ben and Cem have called.
    private func withPeople(_ body: (Store) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        for (index, name) in ["spring", "autumn"].enumerated() {
            let moment = Self.now + Double(index)
            try await store.createCampaign(CampaignRecord(id: name, name: name, definition: "{}", createdAt: moment))
            _ = try await store.addContacts(
                [
                    NewContact(number: "+12127365000", variables: ["name": "Ann O'Neill", "city": "Ulm"]),
                    NewContact(number: "+13053715000", variables: ["name": "Ben % _"]),
                ], toCampaign: name, at: moment)
        }
        for (contact, name, value) in [
            ("+13053715000", "language", "German"), ("+13053715000", "pet", "a Dog"), ("+4915112345678", "name", "Cem"),
        ] {
            try await store.note(
                ContactFact(contact: contact, name: name, value: value, source: "call c1", notedAt: Self.now))
        }
        try await body(store)
        try store.close()
    }

    private func numbers(_ store: Store, _ words: String?) async throws -> [String] {
        try await store.knownContacts(matching: ContactQuery(words), limit: 10).map(\.number)
    }

    @Test("are found by a part of their number in any writing, and by what is known of them")
    func search() async throws {
        try await withPeople { store in
            let (ann, ben, cem) = ("+12127365000", "+13053715000", "+4915112345678")
            #expect(try await numbers(store, nil) == [ann, ben, cem])
            #expect(try await numbers(store, " (212) 736-5") == [ann])
            #expect(try await numbers(store, "5000") == [ann, ben])
            #expect(try await numbers(store, "o'neill") == [ann])
            #expect(try await numbers(store, "GERMAN") == [ben])
            #expect(try await numbers(store, "dog") == [ben])
            #expect(try await numbers(store, "cem") == [cem])
            let hidden = try await store.knownContacts(
                matching: ContactQuery("dog"), secrets: ["pet", "pin"], limit: 10)
            #expect(hidden == [])
            let other = try await store.knownContacts(
                matching: ContactQuery("german"), secrets: ["pet", "pin"], limit: 10)
            #expect(other.map(\.number) == [ben])
            // What is typed is no pattern, and the names of what is known are not what is known.
            #expect(try await numbers(store, "% _") == [ben])
            #expect(try await numbers(store, "%") == [ben])
            for words in ["city", "language", "zebra", "999", "' OR 1=1 --"] {
                #expect(try await numbers(store, words) == [], "\(words)")
            }
            // Somebody of whom is known what not every engine's JSON can hold hides nobody else.
            _ = try await store.addContacts(
                [NewContact(number: "+16175550100", variables: ["name": "Zoe\0"])], toCampaign: "spring", at: Self.now)
            #expect(try await numbers(store, "o'neill") == [ann])
        }
    }

    @Test("come in pages, with all that is known of each")
    func pages() async throws {
        try await withPeople { store in
            var all: [KnownContact] = []
            var after = ""
            for _ in 0..<4 {
                let page = try await store.knownContacts(matching: .everybody, after: after, limit: 1)
                guard let last = page.last else { break }
                all += page
                after = last.number
            }
            #expect(all.map(\.number) == ["+12127365000", "+13053715000", "+4915112345678"])
            #expect(all.map { $0.facts.map(\.name) } == [[], ["language", "pet"], ["name"]])
            #expect(all.map { $0.places.map(\.campaign) } == [["autumn", "spring"], ["autumn", "spring"], []])
            #expect(all[0].places[0].contact.variables["city"] == "Ulm")
            #expect(try await store.knownContacts(matching: .everybody, limit: 10) == all)
        }
    }

    @Test("one is known with attempts and calls, whatever spelling a carrier used")
    func file() async throws {
        try await withPeople { store in
            let contact = try await store.contact(campaign: "spring", number: "+13053715000")
            #expect(
                try await store.intend(
                    AttemptRecord(
                        id: "a1", campaignID: "spring", contactID: contact.id, number: contact.number,
                        callerID: "+12127365999", agent: "reminder", decision: "{}", intendedAt: Self.now)))
            for (id, from, to) in [
                ("c1", "3053715000", "+12127365999"), ("c2", "+12127365999", "+13053715000"),
                ("c3", "+12127365000", "+12127365999"),
            ] {
                let call = CallRecord(
                    id: id, carrier: "twilio", direction: from.hasSuffix("999") ? .outbound : .inbound, from: from,
                    to: to,
                    agent: "reminder", agentVersion: "v", startedAt: Self.now + Double(id.last == "2" ? 2 : 1))
                try await store.apply([RevisedWrite(revision: 1, write: .call(call))])
            }
            let ben = PersonNumber(e164: "+13053715000", national: "3053715000")
            let file = try await store.contactFile(of: ben)
            #expect(file.contact.number == "+13053715000" && file.contact.facts.map(\.value) == ["German", "a Dog"])
            #expect(file.contact.places.count == 2 && file.attempts.map(\.id) == ["a1"])
            #expect(file.calls.map(\.id) == ["c2", "c1"] && file.calls.map(\.direction) == [.outbound, .inbound])
            let nobody = try await store.contactFile(of: PersonNumber(e164: "+12127360000"))
            #expect(nobody.contact == KnownContact(number: "+12127360000"))
            #expect(nobody.attempts.isEmpty && nobody.calls.isEmpty)
        }
    }

    @Test("facts are changed together or not at all, and stay where calls look for them")
    func change() async throws {
        try await withPeople { store in
            let ben = PersonNumber(e164: "+13053715000", national: "3053715000")
            try await store.change(
                factsOf: ben, ["language": "English", "pet": nil, "size": "40"], source: "operator eve",
                at: Self.now + 5)
            let facts = try await store.facts(of: "+13053715000")
            #expect(facts.map(\.name) == ["language", "size"] && facts.map(\.value) == ["English", "40"])
            #expect(facts.allSatisfy { $0.source == "operator eve" && $0.notedAt == Self.now + 5 })
            // More than are kept.
            var many: [String: String?] = ["language": nil]
            for number in 0..<Store.factsPerContact { many["n\(number)"] = "x" }
            let tooMany = many
            let error = await #expect(throws: StoreError.self) {
                try await store.change(factsOf: ben, tooMany, source: "operator eve", at: Self.now)
            }
            #expect(error?.code == .rejected)
            #expect(try await store.facts(of: "+13053715000") == facts)
            // A carrier that leaves the + out.
            let dan = PersonNumber(e164: "+12127360001", national: "2127360001")
            try await store.note(
                ContactFact(contact: "12127360001", name: "pet", value: "cat", source: "call c", notedAt: Self.now))
            try await store.change(factsOf: dan, ["pet": "dog", "name": "Dan"], source: "operator eve", at: Self.now)
            #expect(try await store.facts(of: "12127360001").map(\.value) == ["Dan", "dog"])
            #expect(try await store.facts(of: "+12127360001") == [])
            try await store.change(factsOf: dan, ["pet": nil, "name": nil], source: "operator eve", at: Self.now)
            #expect(try await store.contactFile(of: dan).contact.facts == [])
        }
    }

    @Test(
        "what is typed, by rule",
        arguments: [
            (nil, ContactQuery.everybody), ("  ", .everybody), ("(212) 736", .number("212736")), ("+49", .number("49")),
            ("+", .text("+")), ("Ann  5", .text("ann 5")), ("JOSÉ", .text("josÉ")), ("٣", .text("٣")),
        ] as [(String?, ContactQuery)])
    func query(words: String?, query: ContactQuery) {
        #expect(ContactQuery(words) == query)
    }
}
