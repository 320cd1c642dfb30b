import Campaigns
import Foundation
import Store
import Testing

@testable import Service

@Suite("Making, starting and rehearsing campaigns over the API")
struct CampaignMakingAPITests {
    static func run(
        configure: (inout ParleyConfiguration) -> Void = { _ in }, _ body: (ServiceUnderTest) async throws -> Void
    ) async throws {
        try await ServiceUnderTest.run(
            shipped: ["thermostat", "reminder"],
            configure: { configuration, _ in
                configuration.campaigns.directory =
                    OfficeUnderTest.configurationFolder.appending(path: "campaigns").path
                configure(&configuration)
            }
        ) { test in try await body(test) }
    }

    /// The keys that a campaign needs.
    static var definition: [String: Any] {
        [
            "name": "checkups", "agent": "reminder", "seller": "Lakeside Clinic", "caller_ids": ["+12127365999"],
            "pacing": ["concurrency": 3],
        ]
    }

    private static func yaml(_ test: ServiceUnderTest, _ text: String) async throws -> ServiceUnderTest.Answer {
        try await test.api(
            "POST", "/api/v1/campaigns", body: Array(text.utf8), headers: [("Content-Type", "application/yaml")])
    }

    private func keys(_ answer: ServiceUnderTest.Answer) -> [String] {
        (answer.object["faults"] as? [[String: Any]] ?? []).compactMap { $0["key"] as? String }.sorted()
    }

    @Test("a definition as JSON and the shipped file make campaigns, which are started")
    func made() async throws {
        try await Self.run { test in
            let made = try await test.api("POST", "/api/v1/campaigns", json: Self.definition)
            #expect(made.status == 201 && made.header("location") == "/api/v1/campaigns/checkups", "\(made.detail)")
            #expect((made.object["definition"] as? [String: Any])?["concurrency"] as? Int == 3)
            let file = OfficeUnderTest.configurationFolder.appending(path: "campaigns/reminder.yaml")
            let shipped = try await Self.yaml(test, try String(contentsOf: file, encoding: .utf8))
            #expect(shipped.status == 201, "\(shipped.detail)")
            let twice = try await test.api("POST", "/api/v1/campaigns", json: Self.definition)
            #expect(twice.status == 409 && twice.detail.contains("\"checkups\" already"))
            let started = try await test.api("POST", "/api/v1/campaigns/checkups/start")
            #expect((started.object["status"] as? [String: Any])?["state"] as? String == "running")
            #expect(try await test.api("POST", "/api/v1/campaigns/checkups/start").status == 409)
            #expect(try await test.api("POST", "/api/v1/campaigns/nobody/start").status == 404)
            let acts = try await test.service.store.audit(limit: 100).map(\.act)
            #expect(acts.count { $0 == "POST /campaigns" } == 2)
            #expect(acts.contains("POST /campaigns/{name}/start"))
        }
    }

    @Test("every fault is told with its key, and in YAML with its place")
    func faulty() async throws {
        try await Self.run { test in
            let json = try await test.api(
                "POST", "/api/v1/campaigns",
                json: [
                    "name": "Check Ups", "agent": "reminder", "caller_ids": ["12"], "hours": "always",
                    "pacing": ["ring_timeout": "5s", "concurency": 3] as [String: Any], "message": ["a": 1],
                ] as [String: Any])
            #expect(json.status == 422 && json.object["code"] as? String == "faulty_campaign")
            #expect(
                keys(json) == [
                    "caller_ids", "hours", "message", "name", "pacing.concurency", "pacing.ring_timeout", "seller",
                ], "\(keys(json))")
            #expect((json.object["faults"] as? [[String: Any]])?.allSatisfy { $0["line"] == nil } == true)
            let yaml = try await Self.yaml(test, "name: a\nagent: b\n  x: [\n")
            #expect(yaml.status == 422)
            let first = try #require((yaml.object["faults"] as? [[String: Any]])?.first)
            #expect((first["line"] as? Int ?? 0) >= 2 && yaml.detail.contains("YAML is invalid"))
            // Possible values that come to no campaign: all of them at once.
            var wrong = Self.definition
            wrong["agent"] = "thermostat"
            wrong["machine"] = "leave_message"
            wrong["caller_ids"] = "+12125"
            #expect(keys(try await test.api("POST", "/api/v1/campaigns", json: wrong)) == ["caller_ids"])
            wrong["caller_ids"] = "+12125551"
            let all = try await test.api("POST", "/api/v1/campaigns", json: wrong)
            #expect(all.status == 422 && keys(all) == ["agent", "caller_ids", "message"], "\(all.detail)")
            let secret = try await Self.yaml(test, "name: ${HOME}\n")
            #expect(secret.status == 422 && !secret.detail.contains("/root"))
            for (body, type, status) in [
                ("[]", "application/json", 400), ("{", "application/json", 400), ("name: x", "text/plain", 415),
                (String(repeating: "#", count: 70_000), "application/yaml", 413),
            ] {
                let answer = try await test.api(
                    "POST", "/api/v1/campaigns", body: Array(body.utf8), headers: [("Content-Type", type)])
                #expect(answer.status == status, "\(body.prefix(20)): \(answer.status)")
            }
            #expect(try await test.service.store.campaigns().isEmpty)
        }
    }

    @Test("a repeated key makes one campaign, and a viewer makes none")
    func once() async throws {
        try await Self.run { test in
            let key = [("Idempotency-Key", "make-1")]
            for count in 0..<2 {
                let answer = try await test.api(
                    "POST", "/api/v1/campaigns", json: Self.definition, headers: key)
                #expect(answer.status == 201 && answer.header("idempotency-replayed") == (count == 0 ? nil : "true"))
            }
            var other = Self.definition
            other["name"] = "other"
            #expect(try await test.api("POST", "/api/v1/campaigns", json: other, headers: key).status == 422)
            #expect(try await test.service.store.campaigns().map(\.name) == ["checkups"])
            let (viewer, record) = KeyRing.make(name: "looks", scope: .viewer, at: Date())
            try await test.service.store.add(record)
            let looks = [("Authorization", "Bearer \(viewer)")]
            for path in ["/campaigns", "/campaigns/checkups/contacts", "/campaigns/checkups/rehearsal"] {
                let answer = try await test.api("POST", "/api/v1" + path, json: Self.definition, headers: looks)
                #expect(answer.status == 403, "\(path)")
            }
        }
    }

    @Test("a rehearsal says what would happen, the same for the same seed, with the price of the line")
    func rehearsed() async throws {
        try await Self.run(configure: { configuration in
            configuration.prices.currency = "USD"
            configuration.prices.lines = ["twilio": 0.6]
        }) { test in
            _ = try await test.api("POST", "/api/v1/campaigns", json: Self.definition)
            let path = "/api/v1/campaigns/checkups"
            let rows = (0..<40).map { "212736\(5000 + $0)" } + ["+442079460018"]
            let consent = ["consent": "express", "consent_date": "2025-01-02", "consent_source": "form 7"]
            let contacts = rows.map { consent.merging(["phone": $0]) { first, _ in first } }
            let taken = try await test.api("POST", path + "/contacts", json: ["contacts": contacts])
            #expect(taken.object["added"] as? Int == 41, "\(taken.detail)")
            // Within the hours of a weekday to come.
            var begins = Date()
            while !(3...4).contains(Calendar(identifier: .gregorian).component(.weekday, from: begins)) {
                begins += 86_400
            }
            let wish: [String: Any] = ["begins": begins.ISO8601Format(), "seed": 7]
            let first = try await test.api("POST", path + "/rehearsal", json: wish)
            #expect(first.status == 200, "\(first.detail)")
            let report = first.object
            #expect(report["contacts"] as? Int == 41)
            #expect((report["blocked"] as? [String: Int])?["number"] == 1)
            let hours = report["hours"] as? [[String: Any]] ?? []
            let attempts = try #require(report["attempts"] as? Int)
            #expect(attempts >= 40 && hours.compactMap { $0["attempts"] as? Int }.reduce(0, +) == attempts)
            #expect((report["mostCalls"] as? Int ?? 99) <= 3)
            let seconds = try #require(report["lineSeconds"] as? Int)
            let cost = try #require(report["lineCost"] as? [String: String])
            let amount = try #require(Double(cost["amount"] ?? ""))
            // 0.6 a minute is a hundredth a second.
            #expect(cost["currency"] == "USD" && abs(amount - Double(seconds) / 100) < 0.02 && seconds > 100)
            #expect(try await test.api("POST", path + "/rehearsal", json: wish).body == first.body)
            #expect(try await test.service.store.openAttempts().isEmpty)
            for (bad, status) in [
                (["begins": "tomorrow"], 422), (["begins": "1999-01-01T00:00:00Z"], 422), (["seed": -1], 400),
                (["seed": "x"], 400),
            ] as [([String: Any], Int)] {
                #expect(try await test.api("POST", path + "/rehearsal", json: bad).status == status, "\(bad)")
            }
            #expect(
                try await test.api("POST", "/api/v1/campaigns/nobody/rehearsal", json: [String: String]()).status == 404
            )
        }
    }

    @Test("a rehearsal keeps to the lines of all campaigns and to the account's rate, and names those that bound it")
    func boundByAccount() async throws {
        try await Self.run(configure: { $0.campaigns.concurrency = 2 }) { test in
            _ = try await test.api("POST", "/api/v1/campaigns", json: Self.definition)
            let consent = ["consent": "express", "consent_date": "2025-01-02", "consent_source": "form 7"]
            let contacts = (0..<40).map { consent.merging(["phone": "212736\(5000 + $0)"]) { first, _ in first } }
            let path = "/api/v1/campaigns/checkups"
            _ = try await test.api("POST", path + "/contacts", json: ["contacts": contacts])
            let report = try await test.api("POST", path + "/rehearsal", json: ["seed": 7])
            #expect(report.status == 200, "\(report.detail)")
            let bounds = report.object["bounds"] as? [[String: Any]] ?? []
            #expect(bounds.compactMap { $0["key"] as? String } == ["campaigns.concurrency"])
            #expect(bounds.first?["allowed"] as? Int == 2 && bounds.first?["wanted"] as? Int == 3)
            #expect(report.object["mostCalls"] as? Int == 2)
        }
    }

    @Test("one rehearsal is run at a time, and none goes on past its time")
    func bounded() async throws {
        try await OfficeUnderTest.run { test in
            _ = try await test.office.create(
                file: OfficeUnderTest.configurationFolder.appending(path: "campaigns/reminder.yaml").path)
            let rows = (0..<600).map {
                [
                    "phone": "212\(7_361_000 + $0)", "consent": "express", "consent_date": "2025-01-02",
                    "consent_source": "form 7",
                ]
            }
            _ = try await ContactImport(
                office: test.office, source: .rows(rows), rejectedPath: test.directory.appending(path: "r").path
            ).run(campaign: "reminder")
            let whole = try await RehearsalDesk().rehearse("reminder", begins: nil, seed: 1, at: test.office)
            #expect(!whole.isCutShort && whole.attempts > 600)
            let desk = RehearsalDesk(patience: .zero)
            let cut = try await desk.rehearse("reminder", begins: nil, seed: 1, at: test.office)
            #expect(cut.isCutShort && cut.attempts < whole.attempts && cut.unfinished > 0)
            let slow = RehearsalDesk()
            let office = test.office
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        (try? await slow.rehearse("reminder", begins: nil, seed: 1, at: office)) != nil
                    }
                }
                return await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(outcomes.contains(true) && outcomes.contains(false))
            // The desk is free again.
            _ = try await slow.rehearse("reminder", begins: nil, seed: 1, at: test.office)
        }
    }
}
