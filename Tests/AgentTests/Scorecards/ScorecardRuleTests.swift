import Testing

@testable import Agent

@Suite("A rule of a scorecard")
struct ScorecardRuleTests {
    /// A caller books an appointment: read back, agreed to, done, told.
    static let booking = ScoredCall(
        turns: [
            .init(0, .agent, started: 0, ended: 2500, text: "Lakeside Clinic, good day. I can book an appointment."),
            .init(1, .caller, started: 3000, ended: 4500, text: "i need an appointment", intent: "book"),
            .init(1, .agent, started: 5200, ended: 6500, text: "May I have your full name?", latency: 700),
            .init(2, .caller, started: 7000, ended: 8000, text: "Anna Smith", entities: ["name": "Anna Smith"]),
            .init(
                2, .agent, started: 8900, ended: 12_000,
                text: "So that is Tuesday, the first of December at ten thirty, for Anna Smith. Shall I book it?",
                latency: 900),
            .init(3, .caller, started: 12_500, ended: 13_000, text: "yes please", intent: "yes"),
            .init(3, .agent, started: 14_400, ended: 17_000, text: "Your appointment is booked.", latency: 1400),
        ],
        tools: [
            .init(
                "calendar_book", turn: 3,
                arguments: ["name": "Anna Smith", "date": "2026-12-01", "time": "10:30", "slot_id": "x7"],
                succeeded: true, started: 13_500, finished: 13_600)
        ],
        outcome: "calendar_book", resolution: "contained", length: 18_000,
        interaction: .init(bargeIns: 1, yields: [240], agentStarts: 4, overCaller: 0), actingTools: ["calendar_book"])

    private func standing(
        _ rule: ScorecardRule, _ change: (inout ScoredCall) -> Void = { _ in }
    ) -> ScorecardVerdict.Standing {
        var call = Self.booking
        change(&call)
        return rule.result(on: call).standing
    }

    @Test("about words looks at what the agent was heard to say, whatever its spelling, and in its first turns")
    func said() {
        let greeting = ScorecardRule.said(["LAKESIDE clinic"], withinTurns: 1)
        #expect(standing(greeting) == .pass)
        #expect(greeting.result(on: Self.booking).evidence.first?.turn == 0)
        // Only its beginning was heard.
        #expect(standing(greeting) { $0.turns[0].text = "Lakeside" } == .fail)
        #expect(standing(.said(["full name"], withinTurns: 1)) == .fail)
        #expect(standing(.said(["full name"], withinTurns: 2)) == .pass)
        // The caller's words are nobody's greeting, and parts of words are no words.
        #expect(standing(.said(["i need an appointment"], withinTurns: nil)) == .fail)
        #expect(standing(.said(["point"], withinTurns: nil)) == .fail)
        #expect(standing(greeting) { $0.turns.removeAll { $0.speaker == .agent } } == .notApplicable)
        #expect(standing(.neverSaid(["i would recommend"])) == .pass)
        let found = ScorecardRule.neverSaid(["shall I book", "never"]).result(on: Self.booking)
        #expect(found.standing == .fail && found.evidence.map(\.turn) == [2] && found.reason.contains("shall I book"))
        #expect(standing(.neverSaid(["x y"])) { $0.turns = [] } == .notApplicable)
    }

    @Test("about a slot tells who asked, who told unasked, and what nobody said")
    func slots() {
        let asked = ScorecardRule.askedFor("name", questions: ["May I have your full name?"])
        #expect(standing(asked) == .pass)
        #expect(standing(asked) { $0.turns[2].text = "Who is it?" } == .notApplicable)
        #expect(
            standing(asked) {
                $0.turns[2].text = "Who is it?"
                $0.turns[3].entities = [:]
            } == .fail)
        #expect(standing(.slotFilled("name")) == .pass)
        // Only the tool knows of it.
        #expect(standing(.slotFilled("time")) == .pass)
        #expect(standing(.slotFilled("phone")) == .fail)
        #expect(standing(.slotFilled("phone")) { $0.turns.removeAll { $0.speaker == .caller } } == .notApplicable)
    }

    @Test("about a read-back wants every argument in a question, and a yes after it")
    func readBack() {
        let rule = ScorecardRule.readBack(tool: "calendar_book", arguments: [])
        let result = rule.result(on: Self.booking)
        #expect(result.standing == .pass && result.evidence.map(\.speaker) == [.agent, .caller], "\(result)")
        #expect(standing(rule) { $0.tools[0].arguments = ["name": "Anna Smith", "time": "11:30"] } == .fail)
        #expect(
            standing(.readBack(tool: "calendar_book", arguments: ["name"])) {
                $0.tools[0].arguments = ["name": "Anna Smith", "time": "11:30"]
            } == .pass)
        #expect(
            standing(rule) { call in
                call.turns[5].text = "no, at eleven"
                call.turns[5].intent = "no"
            } == .fail)
        #expect(standing(rule) { $0.tools[0].started = 8500 } == .fail)
        #expect(standing(rule) { $0.tools[0].succeeded = false } == .notApplicable)
        #expect(standing(rule) { $0.tools[0].arguments = ["phone": "••••• •••"] } == .notApplicable)
        #expect(standing(rule) { $0.language = "es" } == .notApplicable)
    }

    @Test("about promises holds what the agent said against what the tools had done by then")
    func promises() {
        #expect(standing(.promisesKept) == .pass)
        #expect(standing(.promisesKept) { $0.tools[0].succeeded = false } == .fail)
        #expect(standing(.promisesKept) { $0.tools[0].finished = 17_500 } == .fail)
        #expect(standing(.promisesKept) { $0.turns[6].text = "I will see to it." } == .notApplicable)
        let broken = {
            var call = Self.booking
            call.tools = []
            return ScorecardRule.promisesKept.result(on: call)
        }()
        #expect(broken.evidence.first?.quote == "Your appointment is booked.")
    }

    @Test("about tools and outcomes is decided by their rows")
    func record() {
        #expect(standing(.toolCalled("calendar_book")) == .pass && standing(.toolCalled("x")) == .fail)
        #expect(standing(.toolNotCalled("calendar_book")) == .fail && standing(.toolNotCalled("x")) == .pass)
        #expect(standing(.toolSucceeded("calendar_book")) == .pass && standing(.toolSucceeded("x")) == .notApplicable)
        #expect(standing(.toolSucceeded("calendar_book")) { $0.tools[0].succeeded = nil } == .fail)
        #expect(standing(.outcome(["calendar_book", "none"])) == .pass)
        #expect(standing(.outcome(["none"])) == .fail && standing(.outcome(["none"])) { $0.outcome = nil } == .pass)
        #expect(standing(.resolution(["contained"])) == .pass && standing(.resolution(["failed"])) == .fail)
        #expect(standing(.resolution(["contained"])) { $0.resolution = nil } == .notApplicable)
    }

    @Test("about times has its figure, and none where nothing was measured")
    func times() {
        let answers = ScorecardRule.responseBelow(1400).result(on: Self.booking)
        #expect(
            answers.standing == .fail && answers.evidence.first?.figure == 1400 && answers.evidence.first?.turn == 3)
        #expect(standing(.responseBelow(1401)) == .pass)
        // Of a hundred answers the five slowest do not matter.
        #expect(
            standing(.responseBelow(100)) { call in
                call.turns = (0..<100).map { .init($0, .agent, text: "a", latency: $0 < 95 ? 99 : 9000) }
            } == .pass)
        #expect(
            standing(.responseBelow(100)) { call in
                for index in call.turns.indices { call.turns[index].latency = nil }
            } == .notApplicable)
        #expect(standing(.interruptionsAtMost(0)) == .pass)
        #expect(standing(.interruptionsAtMost(1)) { $0.interaction?.overCaller = 2 } == .fail)
        #expect(standing(.interruptionsAtMost(0)) { $0.interaction = nil } == .notApplicable)
        #expect(standing(.yieldBelow(240)) == .fail && standing(.yieldBelow(241)) == .pass)
        #expect(standing(.yieldBelow(900)) { $0.interaction?.bargeIns = 2 } == .fail)
        #expect(standing(.yieldBelow(900)) { $0.interaction?.bargeIns = 0 } == .notApplicable)
        let silence = ScorecardRule.silenceBelow(1400).result(on: Self.booking)
        #expect(silence.standing == .fail && silence.evidence.first?.figure == 1.4 && silence.evidence.first?.turn == 3)
        #expect(standing(.silenceBelow(1401)) == .pass)
        #expect(standing(.silenceBelow(100)) { $0.turns = Array($0.turns.prefix(1)) } == .notApplicable)
        #expect(standing(.length(10_000...18_000)) == .pass && standing(.length(0...17_999)) == .fail)
    }
}
