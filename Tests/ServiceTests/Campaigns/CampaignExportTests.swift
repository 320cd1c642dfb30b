import Agent
import Campaigns
import Foundation
import Store
import Testing

@testable import Service

@Suite("What a campaign's results have of what was written down")
struct CampaignExportTests {
    private struct Line: Decodable {
        var disposition: String?
        var summary: String?
        var extracted: [String: JSONValue]?
        var recording: String?
    }

    @Test(
        "of the last attempt's call: disposition, summary, a column for each value of the agent's file, its recording")
    func written() async throws {
        try await OfficeUnderTest.run { test in
            let folder = OfficeUnderTest.configurationFolder.appending(path: "campaigns")
            _ = try await test.office.create(file: folder.appending(path: "reminder.yaml").path)
            let people = try String(contentsOf: folder.appending(path: "reminder.csv"), encoding: .utf8)
            _ = try await test.importing(try test.write(people, to: "people.csv"))
            var agents = test.office.agents
            agents["reminder"]?.afterCall = AfterCallPlan(
                fields: [ExtractedField("comes", .boolean), ExtractedField("note")])
            let store = test.office.store
            let office = CampaignOffice(store: store, rules: test.office.rules, agents: agents)
            let campaign = try await store.campaign(named: "reminder")
            let contact = try #require(try await store.contacts(campaign: campaign.id, after: 0).first)
            let now = Date(timeIntervalSince1970: 1_900_000_000)
            var call = CallRecord(
                id: "c1", carrier: "twilio", direction: .outbound, from: "", to: contact.number, agent: "reminder",
                agentVersion: "1", startedAt: now)
            call.endedAt = now + 20
            try await store.apply([
                RevisedWrite(revision: 1, write: .call(call)),
                RevisedWrite(
                    revision: 2,
                    write: .recording(
                        RecordingRecord(
                            callID: "c1", path: "/x.wav", format: "wav", callerSamples: 8, agentSamples: 8))),
            ])
            let attempt = AttemptRecord(
                id: "a1", campaignID: campaign.id, contactID: contact.id, number: contact.number,
                callerID: "+12125550199", agent: "reminder", decision: "{}", intendedAt: now)
            #expect(try await store.intend(attempt))
            _ = try await store.markAsked(attempt: attempt.id, at: now)
            _ = try await store.markPlaced(attempt: attempt.id, carrierCallID: "CA1", at: now)
            _ = try await store.note(attempt: attempt.id, callID: call.id)
            _ = try await store.end(
                attempt: attempt.id, Store.AttemptEnd(outcome: "reached", counts: true, next: now), at: now)
            try await store.wantAnalysis(ofCall: "c1", now: now)
            let claim = try #require(try await store.claimAnalysis(ofCall: "c1", lease: .seconds(60), now: now))
            let record = AfterCallRecord(
                summary: "She comes, at ten.", disposition: "done", values: ["comes": true, "note": "=1+1"])
            #expect(
                try await store.note(
                    AnalysisOutcome(
                        state: .done, disposition: "done", summary: record.summary,
                        results: String(decoding: APIJSON.encode(record), as: UTF8.self)), for: claim, now: now))

            var lines: [String] = []
            try await CampaignExport(office: office, format: .csv).run(campaign: "reminder") { lines.append($0) }
            #expect(lines[0].hasSuffix(",variables,disposition,summary,recording,extracted_comes,extracted_note"))
            // What a spreadsheet would run is a text.
            #expect(
                lines[1].hasSuffix(",done,\"She comes, at ten.\",/api/v1/calls/c1/recording,true,'=1+1"), "\(lines[1])")
            #expect(lines[2].hasSuffix(",,,,,"))
            lines = []
            try await CampaignExport(office: office, format: .jsonl).run(campaign: "reminder") { lines.append($0) }
            let line = try JSONDecoder().decode(Line.self, from: Data(lines[0].utf8))
            #expect(line.disposition == "done" && line.summary == "She comes, at ten.")
            #expect(line.extracted == ["comes": true, "note": "=1+1"])
            #expect(line.recording == "/api/v1/calls/c1/recording")
            let other = try JSONDecoder().decode(Line.self, from: Data(lines[1].utf8))
            #expect(other.disposition == nil && other.extracted == nil && other.recording == nil)
        }
    }

    private struct AttemptLine: Decodable {
        var attempt: String
        var outcome: String?
        var callID: String?
        var cost: String?
    }

    @Test("are every attempt's where that is asked for, with its own call's cost, and nothing of who was never called")
    func attempts() async throws {
        try await OfficeUnderTest.run { test in
            let folder = OfficeUnderTest.configurationFolder.appending(path: "campaigns")
            _ = try await test.office.create(file: folder.appending(path: "reminder.yaml").path)
            let people = try String(contentsOf: folder.appending(path: "reminder.csv"), encoding: .utf8)
            _ = try await test.importing(try test.write(people, to: "people.csv"))
            let store = test.office.store
            let campaign = try await store.campaign(named: "reminder")
            let contact = try #require(try await store.contacts(campaign: campaign.id).last)
            let begun = Date(timeIntervalSince1970: 1_900_000_000)
            for (index, outcome) in ["busy", "reached"].enumerated() {
                let now = begun + Double(index) * 1000
                var call = CallRecord(
                    id: "c\(index)", carrier: "twilio", direction: .outbound, from: "", to: contact.number,
                    agent: "reminder", agentVersion: "1", startedAt: now)
                let amount = Decimal(string: "0.\(index + 1)")
                call.cost = CallCost(
                    currency: "EUR",
                    items: [CallCost.Item(provider: "ears", unit: "audio_ms", quantity: 1, amount: amount)])
                try await store.apply([RevisedWrite(revision: index + 1, write: .call(call))])
                let attempt = AttemptRecord(
                    id: "a\(index)", campaignID: campaign.id, contactID: contact.id, number: contact.number,
                    callerID: "+12125550199", agent: "reminder", decision: "{}", intendedAt: now)
                #expect(try await store.intend(attempt))
                _ = try await store.markAsked(attempt: attempt.id, at: now)
                _ = try await store.markPlaced(attempt: attempt.id, carrierCallID: "CA\(index)", at: now)
                _ = try await store.note(attempt: attempt.id, callID: call.id)
                _ = try await store.end(
                    attempt: attempt.id, Store.AttemptEnd(outcome: outcome, counts: true, next: now), at: now)
            }
            var lines: [String] = []
            try await CampaignExport(office: test.office, format: .csv, of: .attempts).run(campaign: "reminder") {
                lines.append($0)
            }
            try #require(lines.count == 3)
            #expect(lines[0].hasPrefix("number,attempt,state,outcome,agent,caller_id,intended_at,"))
            #expect(lines[0].contains(",carrier_call_id,call_id,cost,currency,detail,"))
            let start = "\(contact.number),a0,ended,busy,reminder,+12125550199,\(begun.ISO8601Format()),"
            #expect(lines[1].hasPrefix(start), "\(lines[1])")
            #expect(lines[1].contains(",CA0,c0,0.1,EUR,"))
            #expect(lines[2].contains(",a1,ended,reached,") && lines[2].contains(",CA1,c1,0.2,EUR,"))
            lines = []
            try await CampaignExport(office: test.office, format: .jsonl, of: .attempts).run(campaign: "reminder") {
                lines.append($0)
            }
            let objects = try lines.map { try JSONDecoder().decode(AttemptLine.self, from: Data($0.utf8)) }
            #expect(objects.map(\.attempt) == ["a0", "a1"])
            #expect(objects.map(\.outcome) == ["busy", "reached"])
            #expect(objects.map(\.callID) == ["c0", "c1"])
            #expect(objects.map(\.cost) == ["0.1", "0.2"])
        }
    }
}
