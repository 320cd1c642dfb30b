import Campaigns
import Emulators
import Foundation
import GRDB
import Networking
import Store
import Telephony
import Testing

@testable import Service

@Suite("The runner of campaigns, with a carrier", .serialized)
struct CampaignRunnerTests {
    @Test("everybody is called once, and what became of it is known: talk, busy, nobody, machine, hung up, refused")
    func everyOutcome() async throws {
        let numbers = CampaignUnderTest.numbers(7)
        try await CampaignUnderTest.run {
            $0.callee = { number, _ in
                switch number {
                case numbers[0]: .talks([SpokenClip.saying("yes")])
                case numbers[1]: .busy
                case numbers[2]: .noAnswer
                case numbers[3]: .voicemail(greeting: SpokenClip.saying("leave a message"))
                case numbers[4]: .hangsUp(after: .milliseconds(300))
                case numbers[5]: .fails(sipCode: 404)
                default: .fails(sipCode: 603)
                }
            }
        } _: { test in
            try await test.begin(numbers)
            try await test.serve(until: CampaignUnderTest.isFinished)
            let outcomes = try await test.outcomes()
            #expect(outcomes[numbers[0]] == "reached")
            #expect(outcomes[numbers[1]] == "busy")
            #expect(outcomes[numbers[2]] == "no_answer")
            #expect(outcomes[numbers[3]] == "machine")
            #expect(outcomes[numbers[4]] == "hung_up_early")
            #expect(outcomes[numbers[5]] == "wrong_number")
            #expect(outcomes[numbers[6]] == "rejected")
            #expect(test.carrier.calls.count == 7)
            try await test.afterwards { store in
                let reached = try await store.contact(campaign: store.campaign(named: "test").id, number: numbers[0])
                let attempt = try #require(try await store.attempts(contact: reached.id).first)
                let call = try await store.story(ofCall: try #require(attempt.callID))
                #expect(call.call.direction == .outbound)
                #expect(call.call.to == numbers[0])
                #expect(call.call.carrierCallID == attempt.carrierCallID)
                let said = call.turns.filter { $0.speaker == .agent }.map(\.text).joined(separator: " ")
                // What the file of contacts says about the person.
                #expect(said.contains("Anna Smith, Tuesday the first of December at ten"))
                #expect(said.contains("We look forward to seeing you"))
                let decision = try JSONDecoder().decode(GateDecision.self, from: Data(attempt.decision.utf8))
                #expect(decision.verdict == .dial)
            }
        }
    }

    @Test("who presses 9, or says that they want no calls, is on the list at once and called by nobody again")
    func optOut() async throws {
        let numbers = CampaignUnderTest.numbers(2)
        try await CampaignUnderTest.run {
            $0.callee = { number, _ in
                number == numbers[0]
                    ? .presses("9", after: .milliseconds(200))
                    : .talks([SpokenClip.saying("please don't ever call me again")])
            }
        } _: { test in
            // Five attempts would be allowed.
            try await test.begin(numbers) { $0.frequency.attempts = 5 }
            try await test.serve(until: CampaignUnderTest.isFinished)
            let outcomes = try await test.outcomes()
            #expect(outcomes == [numbers[0]: "opted_out", numbers[1]: "opted_out"])
            #expect(test.carrier.calls.count == 2)
            try await test.afterwards { store in
                for number in numbers {
                    let standing = try await store.standing(of: number, conversations: [], now: Date())
                    #expect(standing.suppressions.map(\.list) == ["internal"])
                    #expect(standing.consents.allSatisfy { $0.revokedAt != nil })
                    let explanation = try await test.office(store).explain("test", number: number)
                    #expect(explanation.now.verdict == .never)
                    #expect(explanation.now.rule == .doNotCall)
                }
            }
            // The agent said so, and the call ended by its side.
            #expect(test.carrier.calls.allSatisfy { $0.status == .completed })
        }
    }

    @Test(
        "with a target of one answered call and everybody answering one call follows the other, from the number nearby")
    func target() async throws {
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in .hangsUp(after: .milliseconds(200)) }
        } _: { test in
            try await test.begin(CampaignUnderTest.numbers(5)) {
                $0.pacing.targetAnswered = 1
                $0.callerIDs = ["+13057365999", "+12127365999"]
            }
            try await test.serve(until: CampaignUnderTest.isFinished)
            let calls = test.carrier.calls.sorted { $0.created < $1.created }
            #expect(calls.count == 5)
            for (one, next) in zip(calls, calls.dropFirst()) {
                let ended = try #require(one.ended)
                #expect(ended <= next.created)
            }
            #expect(calls.allSatisfy { $0.from == "+12127365999" })
        }
    }

    @Test("to a person who talks over the agent it gives way at once, and does what they say")
    func talkedOver() async throws {
        let numbers = CampaignUnderTest.numbers(1)
        let words = "please don't ever call me again"
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in .talksOver([SpokenClip.saying(words)], after: .milliseconds(1500)) }
        } _: { test in
            // The shipped greeting is protected nearly to its end: it says who calls.
            let file = test.directory.appending(path: "agents/reminder.yaml")
            let shipped = try String(contentsOf: file, encoding: .utf8)
            let open = shipped.replacing("protected_greeting_words: 20", with: "protected_greeting_words: 0")
            #expect(open != shipped)
            try Data(open.utf8).write(to: file)
            try await test.begin(numbers)
            try await test.serve(
                engines: LightEngines(voice: SlowHum()), until: CampaignUnderTest.isFinished)
            let outcomes = try await test.outcomes()
            #expect(outcomes == [numbers[0]: "opted_out"])
            let acts = try #require(test.carrier.calls.first?.acts)
            #expect(acts.contains("said \(words) over the agent"))
            #expect(acts.contains("was given way"))
            try await test.afterwards { store in
                let contact = try await store.contact(campaign: store.campaign(named: "test").id, number: numbers[0])
                let attempt = try #require(try await store.attempts(contact: contact.id).first)
                let call = try await store.story(ofCall: try #require(attempt.callID))
                #expect(call.call.counts.interruptions >= 1)
                let greeting = try #require(call.turns.first { $0.speaker == .agent })
                #expect(greeting.interrupted)
                #expect((greeting.heard ?? greeting.text).count < greeting.text.count)
            }
        }
    }

    @Test("every attempt leaves a signed record of the gate's decision, and a record that was changed is told")
    func signedDecisions() async throws {
        let numbers = CampaignUnderTest.numbers(3)
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in .busy }
        } _: { test in
            try await test.begin(numbers)
            try await test.serve(until: CampaignUnderTest.isFinished)
            let queue = try DatabaseQueue(path: test.database)
            try await queue.write { db in
                try db.execute(
                    sql: "UPDATE attempts SET decision = replace(decision, 'express', 'written') WHERE number = ?",
                    arguments: [numbers[1]])
                #expect(db.changesCount == 1)
                try db.execute(sql: "UPDATE attempts SET signature = NULL WHERE number = ?", arguments: [numbers[2]])
            }
            try queue.close()
            try await test.afterwards { store in
                let office = try test.office(store)
                let marks = [
                    "signature: holds, by the key", "signature: DOES NOT HOLD; this record was changed", "unsigned",
                ]
                for (number, mark) in zip(numbers, marks) {
                    let text = CampaignText.explanation(try await office.explain("test", number: number))
                    #expect(text.contains(mark), "\(text)")
                    #expect(text.contains("gate, before it"))
                    // And nobody's key is printed.
                    #expect(!text.contains(CampaignUnderTest.decisionKey))
                }
                let explanation = try await office.explain("test", number: numbers[1])
                let json = String(decoding: try JSONEncoder().encode(explanation), as: UTF8.self)
                #expect(json.contains(#""state":"changed""#))
                // One who knows another key alone can say neither.
                let stranger = CampaignOffice(store: store, rules: office.rules, agents: office.agents)
                let unknown = CampaignText.explanation(try await stranger.explain("test", number: numbers[0]))
                #expect(unknown.contains("signature: cannot be checked"))
            }
        }
    }

    @Test("busy is tried again as often as allowed, and not once more")
    func retries() async throws {
        try await CampaignUnderTest.run {
            $0.callee = { _, call in call < 2 ? .busy : .noAnswer }
        } _: { test in
            try await test.begin(CampaignUnderTest.numbers(3)) { $0.frequency.attempts = 3 }
            try await test.serve(until: CampaignUnderTest.isFinished)
            #expect(test.carrier.calls.count == 9)
            let outcomes = try await test.outcomes()
            #expect(Set(outcomes.values) == ["no_answer"])
        }
    }

    @Test("an answer that is lost, a refusal for the moment, news that come never, twice or backwards: one call each")
    func faults() async throws {
        let numbers = CampaignUnderTest.numbers(12)
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in .busy }
            $0.fault = { request in
                switch request {
                case 0, 3: .answerLost
                case 1: .refuse(429)
                default: .none
                }
            }
            $0.callbacks = { request in
                switch request % 4 {
                case 0: .none
                case 1: .twice
                case 2: .reversed
                default: .normal
                }
            }
        } _: { test in
            try await test.begin(numbers)
            try await test.serve(until: CampaignUnderTest.isFinished)
            let outcomes = try await test.outcomes()
            #expect(Set(outcomes.values) == ["busy"])
            #expect(
                Dictionary(grouping: test.carrier.calls, by: \.to).mapValues(\.count)
                    == Dictionary(uniqueKeysWithValues: numbers.map { ($0, 1) }))
            #expect(test.carriedByAttempt.values.allSatisfy { $0 == 1 })
        }
    }

    @Test("when the carrier does not accept the account, campaigns pause with the reason and nobody is called")
    func account() async throws {
        try await CampaignUnderTest.run {
            $0.authToken = "another"
        } _: { test in
            try await test.begin(CampaignUnderTest.numbers(3))
            try await test.serve { try await $0.campaign(named: "test").state == .paused }
            #expect(test.carrier.calls.isEmpty)
            try await test.afterwards { store in
                let campaign = try await store.campaign(named: "test")
                #expect(campaign.reason?.contains("does not accept the account") == true)
                #expect(try await store.contacts(campaign: campaign.id).allSatisfy { $0.attempts == 0 })
            }
        }
    }

    @Test("a campaign whose attempts fail is paused by its breaker")
    func breaker() async throws {
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in .fails(sipCode: 500) }
        } _: { test in
            try await test.begin(CampaignUnderTest.numbers(40)) {
                $0.pacing.breakerShare = 0.5
                $0.pacing.breakerWindow = 10
                $0.pacing.concurrency = 2
            }
            try await test.serve { try await $0.campaign(named: "test").state == .paused }
            #expect((10...14).contains(test.carrier.calls.count))
        }
    }

    @Test("a single call goes the same way, and is refused with every rule where the gate says no")
    func dial() async throws {
        let number = CampaignUnderTest.numbers(1)[0]
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in .talks([SpokenClip.saying("yes")]) }
        } _: { test in
            let done = Flag()
            try await withThrowingTaskGroup { group in
                group.addTask { try await test.serve { _ in done.isSet } }
                defer { done.set() }
                let store = try Store(path: test.database)
                let request = SingleDial.Request(
                    number: number, agent: "reminder", callerID: "+12127365999", seller: "Lakeside Clinic",
                    purpose: .informational, consent: .express, consentSource: "test", variables: ["name": "Bob"],
                    country: "US")
                let dial = SingleDial(office: try test.office(store))
                let report = try await dial.run(request, patience: .seconds(60)) { _ in }
                #expect(report.outcome == "reached")
                #expect(report.callID != nil)
                while try await store.campaign(named: report.campaign).state == .running {
                    try await Task.sleep(for: .milliseconds(5))
                }
                #expect(try await store.campaign(named: report.campaign).state == .finished)
                // The same person within the quiet days.
                let again = try await dial.run(request) { _ in }
                #expect(again.refusal?.rule == .quiet)
                #expect(try await store.campaign(named: again.campaign).state == .finished)
                #expect(test.carrier.calls.count == 1)
                try store.close()
            }
        }
    }

    @Test(
        "words that mean no more calls are found in any sentence, and others are not",
        arguments: [
            ("please stop calling me", true), ("I said don't you ever call me again", true),
            ("take my name off your list", true),
            ("could you remove me", true), ("stop these calls now", true), ("I don't want any more calls", true),
            ("never call this number", true), ("unsubscribe", true), ("don’t call", true),
            ("yes I'll be there", false), ("no I can't come", false), ("call me tomorrow", false), ("stop", false),
            ("don't worry", false), ("I will call you", false), ("", false),
        ])
    func phrases(text: String, isOptOut: Bool) { #expect(OptOutPhrases.matches(text) == isOptOut) }
}

/// Set once, by anybody.
final class Flag: Sendable {
    private let state = Lock(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}
