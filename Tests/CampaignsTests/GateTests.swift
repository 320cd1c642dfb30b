import Foundation
import Store
import Testing

@testable import Campaigns

@Suite("The gate")
struct GateTests {
    /// A Wednesday, 12:00 in New York.
    private func noon() throws -> Date { try Tables.date("2026-12-02T17:00:00Z") }

    private func decide(_ facts: GateFacts, at moment: Date? = nil) throws -> GateDecision {
        let (decision, permit) = Gate.decide(facts, under: try Tables.rules(), at: try moment ?? noon())
        // A permit and only a permit goes with the verdict to dial.
        #expect((permit != nil) == (decision.verdict == .dial))
        // Every rule was asked, whatever the first one said.
        #expect(Set(decision.checks.map(\.rule)) == Set(GateDecision.Rule.allCases))
        return decision
    }

    @Test("lets a call be placed when every rule agrees, and the permit is for this number and short")
    func dial() throws {
        let facts = try Tables.facts()
        let (decision, permit) = Gate.decide(facts, under: try Tables.rules(), at: try noon())
        #expect(decision.verdict == .dial)
        #expect(permit?.number == "+12127365000")
        #expect(permit?.callerID == facts.callerID)
        #expect(permit?.expires == (try noon()) + Gate.permitLifetime)
    }

    @Test("a permit ends with the hours: what is late in them does not ring after them")
    func closing() throws {
        var facts = try Tables.facts()
        facts.campaign.hours = try #require(WeekHours("mon-sun 09:00-12:01"))
        let closing = try noon() + 60
        func expiry(_ moment: Date) throws -> Date? {
            Gate.decide(facts, under: try Tables.rules(), at: moment).permit?.expires
        }
        #expect(try expiry(closing - 30) == closing - 30 + Gate.permitLifetime)
        #expect(try expiry(closing - Gate.permitLifetime) == closing)
        #expect(try expiry(closing - 0.5) == closing)
        #expect(try expiry(closing) == nil)
    }

    @Test("never calls somebody whom a rule protects, and names the rule")
    func never() throws {
        let list = SuppressionRecord(
            list: "internal", number: "+12127365000", reason: "pressed 9", addedAt: .distantPast)
        let registry = SuppressionRecord(list: "national", number: "+12127365000", reason: "", addedAt: .distantPast)
        let cases: [(GateDecision.Rule, (inout GateFacts) -> Void)] = [
            (.doNotCall, { $0.suppressions = [list] }),
            (.revoked, { $0.consents[0].revokedAt = .distantPast }),
            (
                .registry,
                {
                    $0.campaign.purpose = .telemarketing
                    $0.suppressions = [registry]
                    $0.consents = [Tables.consent("+12127365000", .express)]
                }
            ),
            (.number, { $0.parsed = nil }),
            (.number, { $0.parsed = try? PhoneNumber("900-234-5678", country: "US") }),
            (.number, { $0.parsed = try? PhoneNumber("+18769268145", country: "US") }),
            (.number, { $0.parsed = try? PhoneNumber("+493012345678", country: "US") }),
            (.consent, { $0.consents = [] }),
            (.consent, { $0.consents[0].seller = "Somebody Else" }),
            (.consent, { $0.consents[0].expiresAt = .distantPast }),
            (.consent, { $0.consents[0].givenAt = .distantFuture }),
            (
                .consent,
                {
                    $0.campaign.purpose = .telemarketing
                    $0.consents = [Tables.consent("+12127365000", .express)]
                }
            ),
            (.disclosure, { $0.disclosure = nil }),
            (
                .disclosure,
                { $0.disclosure = Disclosure(greeting: "Hello, Lakeside Clinic.", seller: "Lakeside Clinic") }
            ),
            (.callerID, { $0.campaign.callerIDs = [] }),
            (.attempts, { $0.attempts = 4 }),
            (.timeZone, { $0.place.timeZones = [] }),
            (.timeZone, { $0.place.regions = ["ZZ"] }),
            (.hours, { $0.campaign.ends = CalendarDay("2026-12-01") }),
        ]
        for (rule, change) in cases {
            var facts = try Tables.facts()
            change(&facts)
            let decision = try decide(facts)
            #expect(decision.verdict == .never)
            #expect(decision.rule == rule, "\(decision.checks.filter { $0.verdict == .never })")
        }
    }

    @Test("waits until the rule that objects does not any more")
    func wait() throws {
        let noon = try noon()
        let cases: [(GateDecision.Rule, Date?, (inout GateFacts) -> Void)] = [
            (.campaign, nil, { $0.isRunning = false }),
            (
                .registry, nil,
                {
                    $0.campaign.purpose = .telemarketing; $0.registryVersion = nil
                }
            ),
            (
                .registry, nil,
                {
                    $0.campaign.purpose = .telemarketing; $0.registryVersion = CalendarDay("2026-10-31")
                }
            ),
            (
                .registry, nil,
                {
                    $0.campaign.purpose = .telemarketing; $0.registryVersion = CalendarDay("2026-12-31")
                }
            ),
            (.callerID, nil, { $0.callerID = nil }),
            (.agent, nil, { $0.isAgentTakenOff = true }), (.agent, nil, { $0.isAgentStopped = true }),
            (.openCall, nil, { $0.history.hasOpenAttempt = true }),
            (.abandonment, nil, { $0.abandonment = AbandonmentRate(answered: 60, abandoned: 2) }),
            // The second of three leaves the window of 24 hours tomorrow at eleven.
            (
                .attemptsPerDay, noon + 82_800,
                { $0.history.attempts = [noon - 3600, noon - 3000, noon - 2000] }
            ),
            // Seven in the week: the oldest leaves it tomorrow at noon.
            (
                .attemptsPerWeek, noon + 86_400,
                { $0.history.attempts = (1...7).map { noon - 86_400 * 6 + Double($0 - 1) * 3600 * 16 } }
            ),
            (.quiet, try Tables.date("2026-12-07T17:00:00Z"), { $0.history.lastConversation = noon - 2 * 86_400 }),
        ]
        for (rule, until, change) in cases {
            var facts = try Tables.facts()
            change(&facts)
            let decision = try decide(facts)
            guard case .wait(let found) = decision.verdict else {
                Issue.record("\(rule): \(decision.verdict)")
                continue
            }
            #expect(decision.rule == rule)
            if let until { #expect(found == until, "\(rule)") }
        }
    }

    @Test("whoever asked to be called is called then, by the law's rules and against none of theirs")
    func callback() throws {
        let noon = try noon()
        var facts = try Tables.facts()
        facts.history.lastConversation = noon - 3600
        facts.attempts = 4
        facts.callbackAt = noon
        #expect(try decide(facts).verdict == .dial)
        #expect(try decide(facts, at: noon - 60).verdict != .dial)
        facts.attempts = 1
        #expect(try decide(facts, at: noon - 60).verdict == .wait(until: noon))
        #expect(try decide(facts, at: noon - 60).rule == .quiet)
        let night = try Tables.date("2026-12-03T03:00:00Z")
        facts.callbackAt = night
        #expect(try decide(facts, at: night).verdict == .wait(until: try Tables.date("2026-12-03T14:00:00Z")))
        facts.suppressions = [
            SuppressionRecord(list: "internal", number: facts.number, reason: "x", addedAt: .distantPast)
        ]
        #expect(try decide(facts).verdict == .never)
    }

    @Test(
        "whoever cannot be called because the table of holidays has ended waits for its next days, and is not given up")
    func endOfHolidays() throws {
        let rules = try Tables.rules(holidays: "2026-12-25,US,Christmas Day\n")
        let alabama = try Tables.facts("+12052345678")
        let monday = try Tables.date("2026-12-28T18:00:00Z")
        let (decision, permit) = Gate.decide(alabama, under: rules, at: monday)
        #expect(decision.verdict == .wait(until: monday + Gate.tableRecheck))
        #expect(decision.rule == .hours && permit == nil)
        #expect(decision.checks.last?.detail.contains("ends on 2026-12-25") == true)
        // A campaign that is over by then has nothing to wait for.
        var over = alabama
        over.campaign.ends = CalendarDay("2026-12-24")
        #expect(Gate.decide(over, under: rules, at: monday).decision.verdict == .never)
        #expect(Gate.decide(alabama, under: try Tables.rules(), at: monday).permit != nil)
    }

    @Test("a wait that ends at night is a wait until the morning, and the hours say so")
    func waitIntoTheNight() throws {
        var facts = try Tables.facts()
        let evening = try Tables.date("2026-12-02T23:00:00Z")
        // Busy at half past five in the evening, three times: free again at the same time tomorrow, within hours.
        facts.history.lastConversation = try Tables.date("2026-11-26T05:00:00Z")
        let decision = try decide(facts, at: evening)
        // Quiet until the 3rd at 05:00 in Greenwich, which is midnight in New York; the campaign begins at nine.
        #expect(decision.verdict == .wait(until: try Tables.date("2026-12-03T14:00:00Z")))
        #expect(decision.rule == .hours)
    }

    @Test("at every quarter of an hour of a year, nobody in Idaho is called out of hours")
    func everyQuarter() throws {
        var facts = try Tables.facts("+12083425000")
        facts.campaign.hours = try #require(WeekHours("mon-sun 00:00-24:00"))
        let rules = try Tables.rules()
        let calendars = try ["America/Boise", "America/Los_Angeles"].map { name in
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = try #require(TimeZone(identifier: name))
            return calendar
        }
        var dialled = 0
        for quarter in 0..<365 * 24 * 4 {
            let moment = try noon() + Double(quarter) * 900
            let (decision, permit) = Gate.decide(facts, under: rules, at: moment)
            if permit != nil {
                dialled += 1
                // Foundation's calendar, which the gate does not use, must agree.
                for calendar in calendars {
                    #expect((8..<20).contains(calendar.component(.hour, from: moment)))
                }
            } else if case .wait(let until) = decision.verdict {
                #expect(until > moment)
            }
        }
        // Eleven of twelve hours: Mountain's last one is Pacific's.
        #expect(dialled == 365 * 44)
    }

    @Test("a greeting must name the business, say that it is a machine, and how to opt out")
    func disclosures() {
        #expect(Disclosure(greeting: Tables.greeting, seller: "Lakeside Clinic").missing == [])
        #expect(Disclosure(greeting: Tables.greeting, seller: "Other Clinic").missing == [.identity])
        #expect(Disclosure(greeting: Tables.greeting, seller: "").missing == [.identity])
        #expect(
            Disclosure(greeting: "This is Lakeside Clinic. Press 9 to opt out.", seller: "Lakeside Clinic").missing
                == [.automated])
        #expect(Disclosure(greeting: "An AI of Lakeside Clinic.", seller: "lakeside clinic").missing == [.optOut])
        // A maid is no AI.
        #expect(Disclosure(greeting: "The maid of X. Press nine.", seller: "X").missing == [.automated])
    }

    @Test("what it decided is kept as text and read back the same")
    func stored() throws {
        let decision = try decide(try Tables.facts())
        let text = try JSONEncoder().encode(decision)
        #expect(try JSONDecoder().decode(GateDecision.self, from: text) == decision)
    }
}
