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
        consent: .express, consentSource: "form 7", country: "US")

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

    /// One whose gate has the same time as the run.
    private static func runner(
        _ test: OfficeUnderTest, now: Date = OfficeUnderTest.noon, placesCalls: Bool = true
    ) -> TeamRunner {
        let office = CampaignOffice(
            store: test.office.store, rules: test.office.rules, agents: test.office.agents, now: { now })
        return TeamRunner(
            store: test.office.store,
            workshop: TeamRunner.Workshop(
                agents: { test.office.agents }, dialogue: { _, _ in Echo() }, office: placesCalls ? office : nil),
            now: { now }, logger: Logger(label: "test"))
    }

    /// A run whose call has been left to the service that places calls.
    private static func begun(
        _ test: OfficeUnderTest
    ) async throws -> (run: String, campaign: CampaignRecord, contact: ContactRecord) {
        let id = try await begin(test)
        try await runner(test).runOnce()
        let campaign = try await test.office.store.campaign(named: "team-\(id)")
        #expect(campaign.state == .running)
        return (id, campaign, try #require(try await test.office.store.contacts(campaign: campaign.id).first))
    }

    private static func attempt(_ id: String, _ campaign: CampaignRecord, _ contact: ContactRecord) -> AttemptRecord {
        AttemptRecord(
            id: id, campaignID: campaign.id, contactID: contact.id, number: contact.number, callerID: "+12125550100",
            agent: "sdr", decision: "{}", intendedAt: OfficeUnderTest.noon)
    }

    private static func call(_ id: String, in store: Store) async throws -> TeamStepRecord? {
        try await store.teamRun(id: id).step("call")
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
            let store = test.office.store
            #expect(try await store.campaigns().map(\.state) == [.created])
            // A day later it says yes: patience with those who place calls begins only now.
            let later = OfficeUnderTest.noon + 86_400
            try await store.setListVersion(
                SuppressionRecord.nationalList, try #require(CalendarDay("2026-12-01")), at: later)
            for seconds in [0, 600.0] { try await Self.runner(test, now: later + seconds).runOnce() }
            #expect(try await store.campaigns().map(\.state) == [.running])
            #expect(try await Self.call(id, in: store)?.state == .waiting)
            #expect(try await store.teamRun(id: id).state == .open)
        }
    }

    @Test("that was not placed is tried again as any campaign's: the run waits for it")
    func again() async throws {
        try await OfficeUnderTest.run { test in
            let store = test.office.store
            let (id, campaign, contact) = try await Self.begun(test)
            let next = OfficeUnderTest.noon + 7200
            #expect(try await store.intend(Self.attempt("a1", campaign, contact)))
            _ = try await store.end(
                attempt: "a1", Store.AttemptEnd(outcome: "not_placed", counts: false, next: next),
                at: OfficeUnderTest.noon)
            for seconds in [0, 7000.0, 7800] {
                try await Self.runner(test, now: OfficeUnderTest.noon + seconds).runOnce()
                #expect(try await Self.call(id, in: store)?.state == .waiting)
            }
            #expect(try await store.campaign(named: campaign.name).state == .running)
            #expect(try await store.intend(Self.attempt("a2", campaign, contact)))
            _ = try await store.end(
                attempt: "a2", Store.AttemptEnd(outcome: "busy", counts: true, next: nil), at: next)
            try await Self.runner(test, now: next).runOnce()
            #expect(try await Self.call(id, in: store)?.result == "busy")
        }
    }

    @Test("that no service takes, or the gate forbids at the last moment, is none: nobody is called afterwards")
    func untaken() async throws {
        try await OfficeUnderTest.run { test in
            let store = test.office.store
            let (id, campaign, contact) = try await Self.begun(test)
            try await Self.runner(test, now: OfficeUnderTest.noon + 601).runOnce()
            #expect(
                try await Self.call(id, in: store)?.reason
                    == "no service placed the call; is `parley serve` placing calls?")
            #expect(try await store.teamRun(id: id).state == .failed)
            #expect(try await !store.intend(Self.attempt("a1", campaign, contact)))
        }
        try await OfficeUnderTest.run { test in
            let store = test.office.store
            let (id, _, contact) = try await Self.begun(test)
            let later = OfficeUnderTest.noon + 50_000
            try await store.postpone(
                [Store.Postponement(contact: contact.id, until: later, outcome: nil, decision: "{}")],
                at: OfficeUnderTest.noon)
            try await Self.runner(test, now: later).runOnce()
            #expect(try await Self.call(id, in: store)?.state == .waiting)
            try await store.postpone(
                [Store.Postponement(contact: contact.id, until: nil, outcome: "do not call", decision: "{}")],
                at: later)
            try await Self.runner(test, now: later).runOnce()
            #expect(try await store.teamRun(id: id).state == .failed)
            #expect(try await Self.call(id, in: store)?.reason == "the call was not placed: do not call")
        }
    }

    @Test("of a run that a person ends is not placed; one under way is not tried again")
    func cancelled() async throws {
        for isUnderWay in [false, true] {
            try await OfficeUnderTest.run { test in
                let store = test.office.store
                let (id, campaign, contact) = try await Self.begun(test)
                if isUnderWay { #expect(try await store.intend(Self.attempt("a1", campaign, contact))) }
                #expect(try await TeamOffice(store: store).cancel(id, by: "eve"))
                let after = try await store.campaign(named: campaign.name)
                #expect(after.state == .paused && after.reason == "cancelled by eve")
                #expect(try await store.openAttempts().count == (isUnderWay ? 1 : 0))
                #expect(try await !store.intend(Self.attempt("a2", campaign, contact)))
            }
        }
    }

    @Test("is left to a process that places calls by one that does not")
    func elsewhere() async throws {
        try await OfficeUnderTest.run { test in
            let store = test.office.store
            let id = try await Self.begin(test)
            let other = Self.runner(test, placesCalls: false)
            for _ in 0..<2 { try await other.runOnce() }
            #expect(try await Self.call(id, in: store)?.attempts == 0)
            #expect(try await other.look().isEmpty)
            try await Self.runner(test).runOnce()
            #expect(try await Self.call(id, in: store)?.state == .waiting)
        }
    }

    @Test("of others is followed only where its contact has what the tasks name")
    func followed() async throws {
        try await OfficeUnderTest.run { test in
            let store = test.office.store
            let (_, campaign, contact) = try await Self.begun(test)
            let start = OfficeUnderTest.noon
            func watched(_ needs: [String]) async throws -> [String] {
                // What a campaign has placed, and no run.
                try await store.callsWithoutTeam(of: "sdr", placedBy: "nothing", having: needs, now: start + 9)
            }
            #expect(try await store.callsWithoutTeam(of: "sdr", placedBy: "nothing", now: start).isEmpty)
            #expect(try await store.intend(Self.attempt("a1", campaign, contact)))
            try await Self.end(Self.attempt("a1", campaign, contact), contact, store)
            try await store.apply(
                ["c1", "in"].map { id in
                    RevisedWrite(
                        revision: 1,
                        write: .call(
                            CallRecord(
                                id: id, carrier: "twilio", direction: id == "in" ? .inbound : .outbound,
                                from: "+12125550100", to: contact.number, agent: "sdr", agentVersion: "v",
                                startedAt: start, endedAt: start + 5)))
                })
            #expect(try await Set(watched([])) == ["c1", "in"])
            #expect(try await watched(["email"]) == ["c1"])
            #expect(try await watched(["email", "since"]) == [])
            // What was reported before a call is not there after another one: none is followed, and none fails.
            #expect(test.office.agents["sdr"]?.team.followsCalls == false)
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
