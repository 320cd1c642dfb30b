import Campaigns
import Foundation
import Store
import Testing

@testable import Service

@Suite("The office of campaigns")
struct CampaignOfficeTests {
    private var example: String { OfficeUnderTest.configurationFolder.appending(path: "campaigns/reminder.yaml").path }
    private var people: String { OfficeUnderTest.configurationFolder.appending(path: "campaigns/reminder.csv").path }

    @Test("the shipped example is created, filled, explained, rehearsed and exported")
    func example() async throws {
        try await OfficeUnderTest.run { test in
            let created = try await test.office.create(file: example)
            #expect(created.state == .created)
            let copy = try test.write(try String(contentsOfFile: people, encoding: .utf8), to: "people.csv")
            let report = try await test.importing(copy)
            #expect(report.rows == 6)
            #expect(report.added == 5)
            #expect(report.rejected == 1)
            let rejected = try String(contentsOfFile: try #require(report.rejectedFile), encoding: .utf8)
            #expect(rejected.contains("\n7,"))
            #expect(rejected.contains("no such number is given out"))

            let anna = try await test.office.explain("reminder", number: "212 555 0100")
            #expect(anna.now.verdict != .never)
            #expect(anna.now.checks.first { $0.rule == .consent }?.verdict == .dial)
            #expect(anna.now.checks.first { $0.rule == .campaign }?.detail == "the campaign is not running")
            let british = try await test.office.explain("reminder", number: "+442079460018")
            #expect(british.now.verdict == .never)
            #expect(british.now.rule == .number)
            #expect(CampaignText.explanation(british).contains("never  number"))

            let rehearsal = try await test.office.rehearse("reminder", begins: nil, seed: 1)
            #expect(rehearsal.contacts == 5)
            #expect(rehearsal.blocked["number"] == 1)
            #expect(rehearsal.attempts >= 4)
            #expect(CampaignText.rehearsal(rehearsal).contains("contacts never called (again), by rule"))
            var configuration = ParleyConfiguration()
            let unpriced = CampaignText.rehearsal(rehearsal, configuration: configuration)
            #expect(unpriced.contains("the line of twilio has no price in prices.lines"))
            configuration.prices.currency = "USD"
            configuration.prices.lines = ["twilio": 0.6]
            let priced = CampaignText.rehearsal(rehearsal, configuration: configuration)
            let cost = try #require(priced.firstMatch(of: /which cost ([0-9.]+) USD by the price of twilio's line/))
            let amount = try #require(Double(cost.1))
            // 0.6 a minute is a hundredth a second.
            #expect(abs(amount - rehearsal.lineSeconds / 100) < 0.01)
            #expect(amount > 0)
            let view = RehearsalView(rehearsal, configuration: configuration)
            #expect(view.lineCost?.amount == String(cost.1))

            var lines: [String] = []
            try await CampaignExport(office: test.office, format: .csv).run(campaign: "reminder") { lines.append($0) }
            #expect(lines.count == 6)
            #expect(lines[1].hasPrefix("+12125550100,waiting,,0,"))
            lines = []
            try await CampaignExport(office: test.office, format: .jsonl).run(campaign: "reminder") { lines.append($0) }
            let first = try JSONDecoder().decode(ContactLine.self, from: Data(lines[0].utf8))
            #expect(first.variables["name"] == "Anna Smith")

            // Nothing of all this was stored as a call.
            #expect(try await test.office.store.openAttempts().isEmpty)
        }
    }

    @Test("a rehearsal keeps to the account's rate and to the lines of all campaigns where a campaign asks for more")
    func accountPacing() async throws {
        try await OfficeUnderTest.run { test in
            var definition = try CampaignFile.read(path: example)
            definition.pacing.concurrency = 40
            definition.pacing.callsPerSecond = 10
            definition.pacing.ramp = .zero
            _ = try await test.office.create(definition)
            let rows = (0..<200).map {
                [
                    "phone": "212\(7_361_000 + $0)", "consent": "express", "consent_date": "2025-01-02",
                    "consent_source": "form 7",
                ]
            }
            _ = try await ContactImport(
                office: test.office, source: .rows(rows), rejectedPath: test.directory.appending(path: "r").path
            ).run(campaign: "reminder")
            func rehearse(_ configuration: ParleyConfiguration?) async throws -> RehearsalReport {
                try await test.office.rehearse(
                    "reminder", begins: nil, seed: 1, account: configuration.map { AccountPacing($0) })
            }
            let free = try await rehearse(nil)
            #expect(free.bounds.isEmpty && free.mostCalls > 2)
            #expect((free.hours.first?.attempts ?? 0) >= 200)

            var configuration = ParleyConfiguration()
            configuration.carriers.twilio.callsPerSecond = 0.02
            let slow = try await rehearse(configuration)
            #expect(
                slow.bounds == [PacingBound(key: "carriers.twilio.calls_per_second", allowed: 0.02, wanted: 10)])
            // Begun in the hour from noon on: one in 50 seconds.
            #expect((60...73).contains(slow.hours.first?.attempts ?? 0))
            #expect(
                CampaignText.rehearsal(slow).contains(
                    "carriers.twilio.calls_per_second allows 0.02 of the 10 that the campaign's pacing asks for"))

            configuration.campaigns.carrier = .plivo
            configuration.carriers.plivo.callsPerSecond = 10
            configuration.campaigns.concurrency = 1
            let narrow = try await rehearse(configuration)
            #expect(narrow.bounds == [PacingBound(key: "campaigns.concurrency", allowed: 1, wanted: 40)])
            #expect(narrow.mostCalls == 1 && (narrow.hours.first?.attempts ?? 200) < 200)

            configuration.campaigns.concurrency = 100
            #expect(try await rehearse(configuration) == free)
        }
    }

    private struct ContactLine: Decodable {
        var number: String
        var cost: String?
        var costOfAll: String?
        var currency: String?
        var variables: [String: String]
    }

    @Test("an export says what the last attempt's call cost, and what all of a contact's did, each to the last decimal")
    func costs() async throws {
        try await OfficeUnderTest.run { test in
            _ = try await test.office.create(file: example)
            let copy = try test.write(try String(contentsOfFile: people, encoding: .utf8), to: "people.csv")
            _ = try await test.importing(copy)
            let store = test.office.store
            let campaign = try await store.campaign(named: "reminder")
            let contact = try #require(try await store.contacts(campaign: campaign.id, after: 0).first)
            for (index, cost) in ["0.1", "0.2"].enumerated() {
                let now = Date(timeIntervalSince1970: Double(1_900_000_000 + index * 1000))
                var call = CallRecord(
                    id: "c\(index)", carrier: "twilio", direction: .outbound, from: "", to: contact.number,
                    agent: "reminder", agentVersion: "1", startedAt: now)
                call.cost = CallCost(
                    currency: "EUR",
                    items: [
                        CallCost.Item(
                            provider: "ears", unit: "audio_ms", quantity: 1, amount: Decimal(string: cost)
                        )
                    ])
                try await store.apply([RevisedWrite(revision: index + 1, write: .call(call))])
                let attempt = AttemptRecord(
                    id: "a\(index)", campaignID: campaign.id, contactID: contact.id, number: contact.number,
                    callerID: "+12125550199", agent: "reminder", decision: "{}", intendedAt: now)
                #expect(try await store.intend(attempt))
                _ = try await store.markAsked(attempt: attempt.id, at: now)
                _ = try await store.markPlaced(attempt: attempt.id, carrierCallID: "CA\(index)", at: now)
                _ = try await store.note(attempt: attempt.id, callID: call.id)
                _ = try await store.end(
                    attempt: attempt.id, Store.AttemptEnd(outcome: "busy", counts: true, next: now), at: now)
            }
            var lines: [String] = []
            try await CampaignExport(office: test.office, format: .jsonl).run(campaign: "reminder") { lines.append($0) }
            let line = try JSONDecoder().decode(ContactLine.self, from: Data(lines[0].utf8))
            #expect((line.cost, line.costOfAll, line.currency) == ("0.2", "0.3", "EUR"))
            let other = try JSONDecoder().decode(ContactLine.self, from: Data(lines[1].utf8))
            #expect(other.cost == nil && other.costOfAll == nil && other.currency == nil)
            lines = []
            try await CampaignExport(office: test.office, format: .csv).run(campaign: "reminder") { lines.append($0) }
            #expect(lines[0].contains(",call_id,cost,cost_of_all,currency,detail,"))
            #expect(lines[1].contains(",c1,0.2,0.3,EUR,"))
        }
    }

    @Test("explain names the number that the runner would call from, and waits where each is used up")
    func explainedCallerIDs() async throws {
        try await OfficeUnderTest.run { test in
            var definition = try CampaignFile.read(path: example)
            definition.callerIDs = ["+12125550199", "+13057365001"]
            definition.callsPerCallerID = 1
            _ = try await test.office.create(definition)
            let rows = ["2127365000", "3053715000"].map {
                ["phone": $0, "consent": "express", "consent_date": "2026-10-01", "consent_source": "form"]
            }
            _ = try await ContactImport(
                office: test.office, source: .rows(rows), rejectedPath: test.directory.appending(path: "r").path
            ).run(campaign: "reminder")
            let store = test.office.store
            func check(_ number: String) async throws -> GateDecision.Check? {
                try await test.office.explain("reminder", number: number).now.checks.first { $0.rule == .callerID }
            }
            #expect(try await check("2127365000")?.detail == "+12125550199")
            // The nearest, not the first.
            #expect(try await check("3053715000")?.detail == "+13057365001")

            let campaign = try await store.campaign(named: "reminder")
            let contacts = try await store.contacts(campaign: campaign.id, after: 0)
            #expect(contacts.count == 2)
            for (contact, callerID) in zip(contacts, definition.callerIDs) {
                let attempt = AttemptRecord(
                    id: "from \(callerID)", campaignID: campaign.id, contactID: contact.id, number: contact.number,
                    callerID: callerID, agent: "reminder", decision: "{}", intendedAt: OfficeUnderTest.noon)
                #expect(try await store.intend(attempt))
                #expect(try await store.markAsked(attempt: attempt.id, at: OfficeUnderTest.noon - 60))
                guard callerID == definition.callerIDs[0] else { continue }
                #expect(try await check("2127365000")?.detail == "+13057365001")
            }
            let usedUp = try #require(try await check("2127365000"))
            #expect(usedUp.verdict == .wait(until: OfficeUnderTest.noon + Gate.recheck))
            #expect(usedUp.detail == "every number to call from has made 1 calls in 24 hours")
        }
    }

    @Test("a campaign is started, paused and resumed, and says so where it cannot")
    func states() async throws {
        try await OfficeUnderTest.run { test in
            _ = try await test.office.create(file: example)
            #expect(try await test.office.start("reminder").state == .running)
            let again = await #expect(throws: CampaignError.self) { try await test.office.start("reminder") }
            #expect(
                again?.description
                    == "reminder: the campaign is running; it can be started when it is created or paused")
            #expect(try await test.office.pause("reminder", reason: "lunch").reason == "lunch")
            #expect(try await test.office.start("reminder").state == .running)
            await #expect(throws: StoreError.self) { try await test.office.status("nobody") }
        }
    }

    @Test("a file with faults creates nothing and names each of them with its line")
    func faults() async throws {
        try await OfficeUnderTest.run { test in
            let path = try test.write(
                """
                name: Reminder
                agent: reminder
                caller_ids: 12
                hours: always
                pacing:
                  ring_timeout: 5s
                  concurency: 3
                """, to: "bad.yaml")
            let error = await #expect(throws: ConfigurationError.self) { try await test.office.create(file: path) }
            let text = error.map { "\($0)" } ?? ""
            for fault in [
                "bad.yaml:1:7", "`caller_ids`", "`hours`", "`pacing.ring_timeout`", "did you mean `pacing.concurrency`",
                "`seller`: is required",
            ] {
                #expect(text.contains(fault), "\(fault) in \(text)")
            }
            #expect(try await test.office.list().isEmpty)
        }
    }

    @Test("an agent that does not say who calls, that it is automated and how to opt out, gets no campaign")
    func disclosure() async throws {
        try await OfficeUnderTest.run { test in
            let text = try String(contentsOfFile: example, encoding: .utf8)
            let thermostat = try test.write(text.replacing("agent: reminder", with: "agent: thermostat"), to: "t.yaml")
            let error = await #expect(throws: CampaignError.self) { try await test.office.create(file: thermostat) }
            #expect(error?.reason.contains("how to opt out") == true)
            let nobody = try test.write(text.replacing("agent: reminder", with: "agent: nobody"), to: "n.yaml")
            let missing = await #expect(throws: CampaignError.self) { try await test.office.create(file: nobody) }
            #expect(missing?.reason.contains("there is no agent `nobody`") == true)
        }
    }

    @Test("bad rows are told with line and reason, good ones between them are kept, in any encoding")
    func badRows() async throws {
        try await OfficeUnderTest.run { test in
            _ = try await test.office.create(file: example)
            let rows = [
                "phone;name", "212 736 5000;José", "212 736 50;short", "2127365000;twice", "\"open;x",
                "305 371 5000;ok",
            ]
            let path = test.directory.appending(path: "latin.csv").path
            // Latin-1, with a quote that is never closed.
            let latin = rows.joined(separator: "\r\n").unicodeScalars.map { UInt8($0.value) }
            try Data(latin).write(to: URL(fileURLWithPath: path))
            let report = try await test.importing(path)
            #expect(report.encoding == "windows-1252")
            #expect(report.delimiter == ";")
            #expect(report.added == 1)
            #expect(report.duplicates == 1)
            #expect(report.rejected == 2)
            let contacts = try await test.office.store.contacts(campaign: try await created(test))
            #expect(contacts.first?.variables["name"] == "José")
            let empty = try test.write("", to: "empty.csv")
            await #expect(throws: CampaignError.self) { try await test.importing(empty) }
            await #expect(throws: CampaignError.self) { try await test.importing("/nowhere/x.csv") }
        }
    }

    private func created(_ test: OfficeUnderTest) async throws -> String {
        try await test.office.store.campaign(named: "reminder").id
    }

    @Test("a number on an imported list is not called; an old copy of the registry stops telemarketing")
    func lists() async throws {
        try await OfficeUnderTest.run { test in
            let text = try String(contentsOfFile: example, encoding: .utf8)
            let selling = text.replacing("purpose: informational", with: "purpose: telemarketing")
            // A message that sells must say how to hear no more of it.
            let silent = try test.write(selling, to: "silent.yaml")
            let error = await #expect(throws: CampaignError.self) { try await test.office.create(file: silent) }
            #expect(error?.subject == "message")
            let sales = try test.write(
                selling.replacing(
                    "Please call us back.", with: "To hear no more of us call 800-356-9377."), to: "sales.yaml")
            _ = try await test.office.create(file: sales)
            _ = try await test.importing(
                try test.write(
                    "phone,consent,consent_date,consent_source\n2127365000,written,2026-10-01,form\n3053715000,written,2026-10-01,form\n",
                    to: "p.csv"))
            let lists = SuppressionImport(store: test.office.store, now: { OfficeUnderTest.noon })
            func rule(_ number: String) async throws -> GateDecision.Rule? {
                try await test.office.explain("reminder", number: number).now.checks
                    .first { $0.verdict != .dial && $0.rule != .campaign }?.rule
            }
            #expect(try await rule("2127365000") == .registry)
            let registry = try test.write("number\n6465550000\nrubbish\n", to: "registry.txt")
            _ = try await lists.run(
                path: registry, list: "national", version: CalendarDay("2026-10-01"), country: "US", reason: "ftc")
            #expect(try await rule("2127365000") == .registry)
            let report = try await lists.run(
                path: registry, list: "national", version: CalendarDay("2026-11-20"), country: "US", reason: "ftc")
            #expect(report.unreadableCount >= 1)
            #expect(try await rule("2127365000") == nil)
            let mine = try test.write("(212) 736-5000\n", to: "mine.txt")
            #expect(
                try await lists.run(path: mine, list: "internal", version: nil, country: "US", reason: "letter").numbers
                    == 1)
            #expect(try await rule("2127365000") == .doNotCall)
            #expect(try await rule("3053715000") == nil)
        }
    }
}
