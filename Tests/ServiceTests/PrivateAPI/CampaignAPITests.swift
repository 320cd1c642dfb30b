import Agent
import Campaigns
import Foundation
import Store
import Testing

@testable import Service

@Suite("Campaigns over the API")
struct CampaignAPITests {
    private func run(_ body: (ServiceUnderTest) async throws -> Void) async throws {
        try await ServiceUnderTest.run(
            shipped: ["thermostat", "reminder"],
            configure: { configuration, _ in
                configuration.campaigns.directory =
                    OfficeUnderTest.configurationFolder.appending(path: "campaigns").path
            }
        ) { test in
            try await CampaignAPITests.fill(test)
            try await body(test)
        }
    }

    /// A campaign of three: one was reached, one line was busy, one was never called.
    static func fill(_ test: ServiceUnderTest) async throws {
        let store = test.service.store
        let office = CampaignOffice(
            store: store,
            rules: try CallingRules(directory: OfficeUnderTest.configurationFolder.appending(path: "campaigns").path),
            agents: test.service.agents.agents)
        var definition = CampaignDefinition()
        definition.name = "winter-checkups"
        definition.agent = "reminder"
        definition.seller = "Lakeside Clinic"
        definition.callerIDs = ["+12127365999"]
        _ = try await office.create(definition)
        let record = try await store.campaign(named: definition.name)
        let numbers = ["+12127365000", "+12127365001", "+12127365002"]
        _ = try await store.addContacts(
            numbers.map { NewContact(number: $0, variables: ["name": "Anna"]) }, toCampaign: record.id, at: Date())
        for (number, outcome) in [(numbers[0], "reached"), (numbers[1], "busy")] {
            let contact = try await store.contact(campaign: record.id, number: number)
            let attempt = AttemptRecord(
                id: CallID.new(), campaignID: record.id, contactID: contact.id, number: number,
                callerID: "+12127365999", agent: "reminder", decision: "{}", intendedAt: Date())
            #expect(try await store.intend(attempt))
            _ = try await store.markAsked(attempt: attempt.id, at: Date())
            _ = try await store.end(
                attempt: attempt.id,
                Store.AttemptEnd(
                    outcome: outcome, detail: nil, counts: true, next: outcome == "busy" ? Date() + 3600 : nil),
                at: Date())
        }
    }

    @Test("are listed and told: state, numbers, and how many people are how far")
    func told() async throws {
        try await run { test in
            let list = try await test.api("GET", "/api/v1/campaigns").object["campaigns"] as? [[String: Any]]
            #expect(list?.map { $0["name"] as? String } == ["winter-checkups"])
            #expect(list?.first?["contacts"] as? Int == 3 && list?.first?["done"] as? Int == 1)
            let one = try await test.api("GET", "/api/v1/campaigns/winter-checkups").object
            #expect(one["funnel"] as? [String: Int] == ["contacts": 3, "called": 2, "answered": 1, "reached": 1])
            #expect((one["status"] as? [String: Any])?["outcomes"] as? [String: Int] == ["reached": 1, "busy": 1])
            let definition = try #require(one["definition"] as? [String: Any])
            #expect(definition["seller"] as? String == "Lakeside Clinic")
            // Both were asked for within this hour, or the first within the last one.
            let pace = try #require(one["pace"] as? [[String: Any]])
            #expect(pace.compactMap { $0["attempts"] as? Int }.reduce(0, +) == 2)
            #expect(pace.compactMap { $0["answered"] as? Int }.reduce(0, +) == 1)
            let missing = try await test.api("GET", "/api/v1/campaigns/nobody")
            #expect(missing.status == 404 && missing.detail.contains("GET /api/v1/campaigns lists"))
        }
    }

    @Test("are told in pages, and those of one call each only to who asks for them")
    func pages() async throws {
        try await run { test in
            let office = CampaignOffice(
                store: test.service.store,
                rules: try CallingRules(
                    directory: OfficeUnderTest.configurationFolder.appending(path: "campaigns").path),
                agents: test.service.agents.agents)
            for name in ["autumn", "dial-1", "spring"] {
                var definition = CampaignDefinition()
                (definition.name, definition.agent) = (name, "reminder")
                (definition.seller, definition.callerIDs) = ("Lakeside Clinic", ["+12127365999"])
                _ = try await office.create(definition)
            }
            func names(_ answer: ServiceUnderTest.Answer) -> [String] {
                (answer.object["campaigns"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
            }
            let path = "/api/v1/campaigns"
            let first = try await test.api("GET", path + "?limit=2")
            #expect(names(first) == ["autumn", "spring"])
            let next = try #require(first.object["next"] as? String)
            let second = try await test.api("GET", path + "?limit=2&after=\(next)")
            #expect(names(second) == ["winter-checkups"] && second.object["next"] == nil)
            let all = try await test.api("GET", path + "?dials=true")
            #expect(names(all) == ["autumn", "dial-1", "spring", "winter-checkups"] && all.object["next"] == nil)
            let wrong = try await test.api("GET", path + "?after=winter")
            #expect(wrong.status == 400 && wrong.detail.contains("the \"next\" of the page before"))
            for other in ["reviews", "callbacks", "voicemails", "incidents", "nodes", "keys", "accounts"] {
                let page = try await test.api("GET", "/api/v1/\(other)?limit=1&after=1~x")
                #expect(page.status == 200, "\(other): \(page.detail)")
                #expect(try await test.api("GET", "/api/v1/\(other)?after=x").status == 400, "\(other)")
            }
        }
    }

    @Test("are started, paused with a reason and resumed, and say what cannot be done in a state")
    func moves() async throws {
        try await run { test in
            let path = "/api/v1/campaigns/winter-checkups"
            func state(_ answer: ServiceUnderTest.Answer) -> String? {
                (answer.object["status"] as? [String: Any])?["state"] as? String
            }
            let early = try await test.api("POST", path + "/pause", json: [String: String]())
            #expect(early.status == 409 && early.detail.contains("only a running campaign"))
            #expect(state(try await test.api("POST", path + "/resume")) == "running")
            let paused = try await test.api("POST", path + "/pause", json: ["reason": "the clinic is closed"])
            #expect(state(paused) == "paused")
            #expect((paused.object["status"] as? [String: Any])?["reason"] as? String == "the clinic is closed")
            #expect(state(try await test.api("POST", path + "/resume")) == "running")
            #expect(try await test.api("POST", path + "/resume").status == 409)
            #expect(try await test.api("POST", path + "/pause", json: ["reason": ""]).status == 400)
            #expect(test.log.contains("pause a campaign"))
        }
    }

    @Test("are exported while they run, a contact a line, as CSV and as JSON")
    func exported() async throws {
        try await run { test in
            let path = "/api/v1/campaigns/winter-checkups/export"
            let csv = try await test.api("GET", path)
            #expect(csv.status == 200 && csv.header("content-type") == "text/csv; charset=utf-8")
            #expect(csv.header("content-disposition") == "attachment; filename=\"winter-checkups.csv\"")
            let lines = String(decoding: csv.body, as: UTF8.self).split(whereSeparator: \.isNewline)
            #expect(lines.count == 4 && lines[0].hasPrefix("number,state,outcome,"))
            #expect(lines[1].hasPrefix("+12127365000,done,reached,1,"))
            let json = try await test.api("GET", path + "?format=jsonl")
            let objects = try json.body.split(separator: UInt8(ascii: "\n")).map {
                try JSONSerialization.jsonObject(with: $0) as? [String: Any]
            }
            #expect(objects.map { $0?["number"] as? String } == ["+12127365000", "+12127365001", "+12127365002"])
            #expect(try await test.api("GET", path + "?format=xls").status == 400)
            let attempts = try await test.api("GET", path + "?attempts=true")
            #expect(
                attempts.header("content-disposition") == "attachment; filename=\"winter-checkups-attempts.csv\"")
            let rows = String(decoding: attempts.body, as: UTF8.self).split(whereSeparator: \.isNewline)
            #expect(rows.count == 3 && rows[0].hasPrefix("number,attempt,state,outcome,agent,"))
            #expect(rows.contains { $0.hasPrefix("+12127365000,") && $0.contains(",ended,reached,reminder,") })
            #expect(rows.contains { $0.hasPrefix("+12127365001,") && $0.contains(",ended,busy,reminder,") })
            #expect(try await test.api("GET", path + "?attempts=all").status == 400)
            #expect(try await test.api("GET", "/api/v1/campaigns/nobody/export").status == 404)
        }
    }
}
