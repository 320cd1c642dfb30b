import Agent
import Campaigns
import Foundation
import Logging
import Store
import Testing

@testable import Service

@Suite("The call in the middle of a team's work")
struct TeamCallTests {
    private static let dial = TeamDial(
        number: "+12125550123", callerID: "+12125550100", seller: "Lakeside", purpose: .informational,
        consent: .express,
        consentSource: "form 7", country: "US")

    /// Writes what it was asked, and says so.
    private struct Echo: Dialogue {
        let language = DialogueLanguage()

        func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
            AsyncThrowingStream { outputs in
                if case .callerSaid(let turn) = input {
                    outputs.yield(.understood(Understanding(intent: "free", entities: [:], confidence: 1)))
                    outputs.yield(.say("<\(turn.text)>"))
                }
                outputs.finish()
            }
        }

        func cutLastReply(toHeard heard: String) {}
    }

    private static func runner(_ test: OfficeUnderTest, now: Date = OfficeUnderTest.noon) -> TeamRunner {
        TeamRunner(
            store: test.office.store,
            workshop: TeamRunner.Workshop(
                agents: { test.office.agents }, dialogue: { _, _ in Echo() }, office: test.office),
            now: { now }, logger: Logger(label: "test"))
    }

    private static func begin(_ test: OfficeUnderTest) async throws -> String {
        let agent = try #require(test.office.agents["sdr"])
        return try await TeamOffice(store: test.office.store, now: { OfficeUnderTest.noon }).begin(
            agent, variables: ["email": "ann@acme.example"], dial: dial
        ).id
    }

    @Test("is placed once, through the gate, with what was found before; what comes after knows how it went")
    func placed() async throws {
        try await OfficeUnderTest.run { test in
            let store = test.office.store
            let id = try await Self.begin(test)
            for _ in 0..<3 { try await Self.runner(test).runOnce() }
            let campaign = try #require(try await store.campaigns().first)
            #expect(
                try await store.campaigns().count == 1 && campaign.name == "team-\(id)" && campaign.state == .running)
            let contact = try #require(try await store.contacts(campaign: campaign.id).first)
            #expect(contact.variables["brief"]?.contains("<Find ann@acme.example in the CRM.") == true)
            #expect(try await store.teamRun(id: id).step("call")?.state == .waiting)

            let attempt = AttemptRecord(
                id: "a1", campaignID: campaign.id, contactID: contact.id, number: contact.number,
                callerID: "+12125550100", agent: "sdr", decision: "{}", intendedAt: OfficeUnderTest.noon)
            #expect(try await store.intend(attempt))
            try await Self.runner(test).runOnce()
            #expect(try await store.teamRun(id: id).step("call")?.state == .waiting)
            try await Self.end(attempt, contact, store)
            // The call's own row may come a moment later than the attempt's end.
            try await Self.runner(test).runOnce()
            #expect(try await store.teamRun(id: id).step("call")?.state == .waiting)
            try await store.apply([
                RevisedWrite(
                    revision: 1,
                    write: .call(
                        CallRecord(
                            id: "c1", carrier: "twilio", direction: .outbound, from: "+12125550100", to: contact.number,
                            agent: "sdr", agentVersion: "v", startedAt: OfficeUnderTest.noon,
                            endedAt: OfficeUnderTest.noon + 60))),
                RevisedWrite(
                    revision: 1,
                    write: .turn(
                        TurnRecord(callID: "c1", number: 1, speaker: .caller, started: 1, text: "send me a mail"))),
            ])
            for _ in 0..<2 { try await Self.runner(test).runOnce() }
            let run = try await store.teamRun(id: id)
            #expect(run.state == .done && run.callID == "c1" && run.step("call")?.result == "reached")
            #expect(run.step("follow_up")?.result?.contains("Caller: send me a mail") == true)
            #expect(run.step("log")?.result?.contains("Outcome: reached.") == true)
            // The call is this run's: no other one follows it.
            #expect(try await store.teamRuns().count == 1)
        }
    }

    private static func end(_ attempt: AttemptRecord, _ contact: ContactRecord, _ store: Store) async throws {
        _ = try await store.markAsked(attempt: attempt.id, at: OfficeUnderTest.noon)
        _ = try await store.markPlaced(attempt: attempt.id, carrierCallID: "CA1", at: OfficeUnderTest.noon)
        _ = try await store.note(
            attempt: attempt.id, answeredAt: OfficeUnderTest.noon, callID: "c1")
        _ = try await store.end(
            attempt: attempt.id, Store.AttemptEnd(outcome: "reached", counts: true, next: nil),
            at: OfficeUnderTest.noon + 60)
    }

    @Test("waits as long as the gate wants")
    func waits() async throws {
        try await OfficeUnderTest.run { test in
            var dial = Self.dial
            // Telemarketing waits for a copy of the national registry.
            (dial.purpose, dial.consent) = (.telemarketing, .written)
            let agent = try #require(test.office.agents["sdr"])
            let id = try await TeamOffice(store: test.office.store, now: { OfficeUnderTest.noon }).begin(
                agent, variables: ["email": "ann@acme.example"], dial: dial
            ).id
            for minute in 0..<6 {
                try await Self.runner(test, now: OfficeUnderTest.noon + Double(minute) * 1000).runOnce()
                let call = try #require(try await test.office.store.teamRun(id: id).step("call"))
                #expect(call.state == .pending && call.attempts == minute + 1)
            }
            #expect(try await test.office.store.campaigns().map(\.state) == [.created])
        }
    }

    @Test(
        "agents that ship and call people greet as the gate asks, and the values that their tasks need can be given",
        arguments: [
            ("sdr", "Lakeside", ["email"]), ("revops", "Lakeside", ["since"]),
            ("marketing-reminder", "Lakeside Store", []), ("reminder", "Lakeside Clinic", []),
        ])
    func shipped(name: String, seller: String, values: [String]) throws {
        let agent = try AgentDefinition.load(
            file: ServiceUnderTest.shippedAgents.appending(path: "\(name).yaml"))
        #expect(Disclosure(greeting: agent.greeting, seller: seller).missing == [])
        #expect(agent.team.variables(holdsCall: true) == values)
    }

    @Test("is not placed where nobody may be called")
    func gate() async throws {
        try await OfficeUnderTest.run { test in
            let id = try await Self.begin(test)
            try await test.office.store.suppress([
                SuppressionRecord(
                    list: SuppressionRecord.internalList, number: "+12125550123", reason: "asked",
                    addedAt: OfficeUnderTest.noon)
            ])
            try await Self.runner(test).runOnce()
            let run = try await test.office.store.teamRun(id: id)
            #expect(run.state == .failed && run.step("follow_up")?.state == .skipped)
            #expect(run.step("call")?.reason?.contains("do not call") == true)
            #expect(try await test.office.store.openAttempts().isEmpty)
        }
    }
}
