import Campaigns
import Foundation
import Testing

@testable import Service

@Suite("Who answers which number, and when")
struct InboundRulesTests {
    private static let office = "+493012345678"
    private static let other = "+15550100"
    private static let caller = "+4915112345678"
    /// Ten in the morning in Berlin, a Monday.
    private static let monday = "2026-11-30T09:00:00Z"
    private static let night = "2026-11-30T21:00:00Z"

    /// An office with hours, and a second number that the map of numbers has alone.
    private static func configuration(
        _ change: (inout ParleyConfiguration.Inbound) throws -> Void = { _ in }
    ) throws -> ParleyConfiguration {
        var configuration = ParleyConfiguration()
        configuration.agents.default = "receptionist"
        configuration.agents.numbers = [other: "thermostat"]
        configuration.calendar.timeZone = try #require(TimeZone(identifier: "America/New_York"))
        var rule = ParleyConfiguration.Inbound.Rule()
        rule.numbers = [office]
        rule.agent = "clerk"
        let hours: OpeningHours = try #require(OpeningHours("mon-fri 09:00-12:00 13:00-17:00"))
        rule.hours = hours
        let zone: TimeZone = try #require(TimeZone(identifier: "Europe/Berlin"))
        rule.zone = zone
        rule.closedMessage = "Closed."
        rule.language = "de-DE"
        configuration.inbound.rules = ["office": rule]
        try change(&configuration.inbound)
        return configuration
    }

    private static func call(
        _ id: String = "CA1", to called: String = Self.office, from caller: String = Self.caller,
        at moment: String = monday
    ) throws -> InboundCall {
        InboundCall(id: id, called: called, caller: caller, at: try Date(moment, strategy: .iso8601))
    }

    private static func decide(
        _ call: InboundCall, load: InboundRules.Load = .free, tables: CallingRules? = nil,
        _ change: (inout ParleyConfiguration.Inbound) throws -> Void = { _ in }
    ) throws -> InboundDecision {
        var counts = CallerCounts()
        return InboundRules(try configuration(change), tables: tables).decision(on: call, load: load, counts: &counts)
    }

    private static func message(_ text: String, _ language: String) -> InboundDecision.Answer {
        .reply(.message(SpokenMessage(text, language: language)))
    }

    // MARK: Numbers and hours

    @Test("numbers without a rule are answered as before, at any hour")
    func map() throws {
        for moment in [Self.monday, Self.night] {
            let mapped = try Self.decide(try Self.call(to: Self.other, at: moment))
            #expect(mapped == InboundDecision(.agent("thermostat"), .number))
            let unknown = try Self.decide(try Self.call(to: "+15550199", at: moment))
            #expect(unknown == InboundDecision(.agent("receptionist"), .number))
        }
    }

    @Test("a rule without an agent leaves it to the map of numbers and the default")
    func ruleWithoutAgent() throws {
        let decision = try Self.decide(try Self.call()) { $0.rules["office"]?.agent = nil }
        #expect(decision == InboundDecision(.agent("receptionist"), .number, "office"))
        let mapped = try Self.decide(try Self.call(to: Self.other)) {
            $0.rules["office"]?.agent = nil
            $0.rules["office"]?.numbers.append(Self.other)
        }
        #expect(mapped == InboundDecision(.agent("thermostat"), .number, "office"))
    }

    @Test("out of hours callers get what the rule says, in its language")
    func closed() throws {
        let call = try Self.call(at: Self.night)
        #expect(try Self.decide(try Self.call()) == InboundDecision(.agent("clerk"), .number, "office"))
        let message = try Self.decide(call)
        #expect(message == InboundDecision(Self.message("Closed.", "de-DE"), .closed, "office"))
        let busy = try Self.decide(call) { $0.rules["office"]?.closed = .busy }
        #expect(busy == InboundDecision(.reply(.busy), .closed, "office"))
        let agent = try Self.decide(call) {
            $0.rules["office"]?.closed = .agent
            $0.rules["office"]?.closedAgent = "night"
        }
        #expect(agent == InboundDecision(.agent("night"), .closed, "office"))
        let number = try Self.decide(call) {
            $0.rules["office"]?.closed = .number
            $0.rules["office"]?.closedNumber = "+493099"
        }
        #expect(number == InboundDecision(.reply(.forward(.number("+493099"))), .closed, "office"))
    }

    @Test("hours are those of the rule's zone, and without one those of the calendar")
    func zones() throws {
        // Nine in the morning in New York is three in the afternoon in Berlin.
        let call = try Self.call(at: "2026-11-30T14:00:00Z")
        #expect(try Self.decide(call).answer == .agent("clerk"))
        let evening = try Self.call(at: "2026-11-30T20:00:00Z")
        #expect(try Self.decide(evening).reason == .closed)
        let there = try Self.decide(evening) { $0.rules["office"]?.zone = nil }
        #expect(there.answer == .agent("clerk"))
    }

    @Test(
        "hours move with the clocks",
        arguments: [
            // The Fridays before and the Mondays after they are put forward and back; nine o'clock to the second.
            ("2026-03-27T07:59:59Z", false), ("2026-03-27T08:00:00Z", true), ("2026-03-30T06:59:59Z", false),
            ("2026-03-30T07:00:00Z", true), ("2026-10-23T07:00:00Z", true), ("2026-10-26T07:59:59Z", false),
            ("2026-10-26T08:00:00Z", true),
        ])
    func daylightSaving(moment: String, isOpen: Bool) throws {
        let decision = try Self.decide(try Self.call(at: moment))
        #expect((decision.answer == .agent("clerk")) == isOpen)
    }

    @Test("holidays are closed within the hours, by date, every year, and by the table of a region")
    func holidays() throws {
        let days = try #require(ClosedDays(["2026-11-30", "12-25"]))
        let once = try Self.decide(try Self.call()) { $0.rules["office"]?.holidays = days }
        #expect(once == InboundDecision(Self.message("Closed.", "de-DE"), .holiday, "office"))
        let nextDay = try Self.decide(try Self.call(at: "2026-12-01T09:00:00Z")) { $0.rules["office"]?.holidays = days }
        #expect(nextDay.answer == .agent("clerk"))
        let yearly = try Self.decide(try Self.call(at: "2028-12-25T09:00:00Z")) { $0.rules["office"]?.holidays = days }
        #expect(yearly.reason == .holiday)

        let directory = ServiceUnderTest.shippedAgents.deletingLastPathComponent().appending(path: "campaigns").path
        let tables = try CallingRules(directory: directory)
        // Thanksgiving, by the table that Parley ships.
        let thanksgiving = try Self.call(at: "2026-11-26T09:00:00Z")
        let there = try Self.decide(thanksgiving, tables: tables) { $0.rules["office"]?.holidayRegions = ["US"] }
        #expect(there.reason == .holiday && there.detail == "Thanksgiving Day")
        let here = try Self.decide(thanksgiving, tables: tables)
        #expect(here.answer == .agent("clerk"))
    }

    @Test("a region that the table of holidays lacks stops the start, and a table that is not asked for is not read")
    func unknownRegion() throws {
        var configuration = try Self.configuration()
        configuration.campaigns.directory = "/nowhere"
        _ = try InboundRules(reading: configuration)
        configuration.campaigns.directory =
            ServiceUnderTest.shippedAgents.deletingLastPathComponent().appending(path: "campaigns").path
        configuration.inbound.rules["office"]?.holidayRegions = ["XX"]
        let unknown = configuration
        #expect {
            _ = try InboundRules(reading: unknown)
        } throws: { error in
            "\(error)".contains("holidays.csv") && "\(error)".contains("inbound.rules.office.holiday_regions")
        }
    }

    // MARK: Callers

    private static func list(
        _ numbers: [String], _ answer: ParleyConfiguration.Inbound.Answer, agent: String? = nil
    ) -> ParleyConfiguration.Inbound.CallerList {
        var list = ParleyConfiguration.Inbound.CallerList()
        list.numbers = numbers
        list.answer = answer
        list.agent = agent
        return list
    }

    @Test("callers on a list get what it says, and what says most of a number counts")
    func lists() throws {
        func decide(_ caller: String, to called: String = Self.office) throws -> InboundDecision {
            try Self.decide(try Self.call(to: called, from: caller)) { inbound in
                inbound.callers["blocked"] = Self.list(["+4915*", "+888*"], .busy)
                inbound.callers["spanish"] = Self.list(["+34*"], .agent, agent: "recepcion")
                inbound.callers["vip"] = Self.list([Self.caller], .agent, agent: "concierge")
                inbound.callers["vip"]?.to = [Self.office]
            }
        }
        let prefixed = try decide("+4915199999999")
        #expect(prefixed == InboundDecision(.reply(.busy), .list, "blocked"))
        let whole = try decide(Self.caller)
        #expect(whole == InboundDecision(.agent("concierge"), .list, "vip"))
        // At another number the list of the few does not hold.
        let elsewhere = try decide(Self.caller, to: Self.other)
        #expect(elsewhere == InboundDecision(.reply(.busy), .list, "blocked"))
        let country = try decide("+34911234567")
        #expect(country == InboundDecision(.agent("recepcion"), .list, "spanish"))
        let onNone = try decide("+4930111222")
        #expect(onNone == InboundDecision(.agent("clerk"), .number, "office"))
    }

    @Test("who is on a list of an agent is held to hours and limits, unless it says always")
    func always() throws {
        for always in [false, true] {
            let decision = try Self.decide(try Self.call(at: Self.night)) { inbound in
                inbound.callers["vip"] = Self.list([Self.caller], .agent, agent: "concierge")
                inbound.callers["vip"]?.always = always
            }
            #expect(decision.reason == (always ? .list : .closed))
            #expect((decision.answer == .agent("concierge")) == always)
        }
    }

    @Test(
        "hidden numbers are those of no digits, and the words that carriers write for them",
        arguments: [
            ("", true), ("anonymous", true), ("Restricted", true), ("+266696687", true), ("+7378742833", true),
            ("sip:anonymous@anonymous.invalid", true), ("+4915112345678", false), ("sip:1001@pbx.example", false),
            ("1001", false), ("client:alice", false),
        ])
    func hidden(caller: String, isHidden: Bool) throws {
        #expect(try Self.call(from: caller).isHidden == isHidden)
        let answered = try Self.decide(try Self.call(from: caller))
        #expect(answered.answer == .agent("clerk"))
        let busy = try Self.decide(try Self.call(from: caller)) { $0.hiddenCallers = .busy }
        #expect((busy == InboundDecision(.reply(.busy), .hidden)) == isHidden)
        let message = try Self.decide(try Self.call(from: caller)) {
            $0.hiddenCallers = .message
            $0.hiddenCallersMessage = "Show it."
        }
        #expect((message == InboundDecision(Self.message("Show it.", "de-DE"), .hidden)) == isHidden)
    }

    @Test(
        "a caller may call so often within a window, a webhook that is sent again counts once, and others are not held to it"
    )
    func limit() throws {
        let rules = InboundRules(
            try Self.configuration {
                $0.callerLimit = 2
                $0.callerWindow = .seconds(600)
                $0.callerLimitAnswer = .message
                $0.callerLimitMessage = "Too often."
            })
        var counts = CallerCounts()
        func decide(_ id: String, _ moment: String, from caller: String = Self.caller) throws -> InboundDecision {
            rules.decision(on: try Self.call(id, from: caller, at: moment), load: .free, counts: &counts)
        }
        let taken = InboundDecision(.agent("clerk"), .number, "office")
        let refused = InboundDecision(Self.message("Too often.", "de-DE"), .limit)
        let answers = try [
            decide("CA1", "2026-11-30T09:00:00Z"), decide("CA1", "2026-11-30T09:00:01Z"),
            decide("CA2", "2026-11-30T09:05:00Z"), decide("CA3", "2026-11-30T09:09:59Z"),
            decide("CA3", "2026-11-30T09:09:59Z"), decide("CA4", "2026-11-30T09:09:59Z", from: "+4930111222"),
            // The first one does not count any more; those that were refused never did.
            decide("CA5", "2026-11-30T09:10:00Z"), decide("CA6", "2026-11-30T09:10:01Z"),
        ]
        #expect(answers == [taken, taken, taken, refused, refused, taken, taken, refused])
    }

    @Test("what is remembered of callers has a bound: those who called longest ago go first, and are counted")
    func bound() throws {
        var counts = CallerCounts(capacity: 3)
        let start = try Date(Self.monday, strategy: .iso8601)
        func admits(_ caller: String, _ id: String, after seconds: Double) -> Bool {
            counts.admits(
                caller, call: id, at: start.addingTimeInterval(seconds), limit: 1, window: .seconds(100))
        }
        let first = [admits("a", "1", after: 0), admits("b", "2", after: 1), admits("c", "3", after: 2)]
        #expect(first == [true, true, true])
        let held = admits("a", "4", after: 3)
        #expect(!held && counts.evictions == 0)
        // A fourth caller takes the place of the first, who may call again, in the place of the second.
        let next = [admits("d", "5", after: 4), admits("a", "6", after: 5)]
        #expect(next == [true, true])
        #expect(counts.evictions == 2 && counts.count == 3)
        let others = [admits("c", "7", after: 6), admits("d", "8", after: 7)]
        #expect(others == [false, false])
        // Whose calls count no longer goes without being counted.
        let later = admits("e", "9", after: 1000)
        #expect(later && counts.evictions == 2 && counts.count == 1)
    }

    // MARK: Load

    @Test("when no line is free callers get what the configuration says, unless they would not be answered anyway")
    func overload() throws {
        let call = try Self.call()
        let busy = try Self.decide(call, load: .full)
        #expect(busy == InboundDecision(.reply(.busy), .overload))
        let message = try Self.decide(call, load: .full) {
            $0.overload = .message
            $0.overloadMessage = "Later."
        }
        #expect(message == InboundDecision(Self.message("Later.", "de-DE"), .overload))
        let number = try Self.decide(call, load: .full) {
            $0.overload = .number
            $0.overloadNumber = "sip:others@example.org"
        }
        #expect(number == InboundDecision(.reply(.forward(.sip("sip:others@example.org"))), .overload))
        let closed = try Self.decide(try Self.call(at: Self.night), load: .full)
        #expect(closed.reason == .closed)
    }

    @Test(
        "who finds no line and calls again is not held to the limit for it; who was sent on is",
        arguments: [false, true])
    func overloadedCallers(isSentOn: Bool) throws {
        let rules = InboundRules(
            try Self.configuration {
                $0.callerLimit = 1
                $0.overload = isSentOn ? .number : .busy
                $0.overloadNumber = "+493099999999"
            })
        var counts = CallerCounts()
        // As the desk asks: whether anything speaks against the call, and once more where it finds no line.
        let asked: [(String, InboundRules.Load)] = [("CA1", .free), ("CA1", .full), ("CA2", .free)]
        for (id, load) in asked {
            let decision = rules.decision(on: try Self.call(id), load: load, counts: &counts)
            let expected: InboundDecision.Reason =
                switch (id, load) {
                case ("CA1", .free): .number
                case ("CA1", .full): .overload
                default: isSentOn ? .limit : .number
                }
            #expect(decision.reason == expected, "\(id) \(load)")
        }
    }

    @Test("nobody is sent to the number that they have called: it is one of ours that nothing names")
    func roundAndRound() throws {
        let number = "+493099999999"
        let overload = try Self.decide(try Self.call(to: number), load: .full) {
            $0.overload = .number
            $0.overloadNumber = number
        }
        #expect(overload == InboundDecision(.reply(.busy), .overload))
        let listed = try Self.decide(try Self.call(to: number)) {
            $0.callers["others"] = Self.list([Self.caller], .number)
            $0.callers["others"]?.number = number
        }
        #expect(listed == InboundDecision(.reply(.busy), .list, "others"))
    }
}
