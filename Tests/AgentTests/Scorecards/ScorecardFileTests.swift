import Foundation
import Testing

@testable import Agent

@Suite("A scorecard in an agent's file")
struct ScorecardFileTests {
    private func agent(_ card: String, files: [String: String] = [:]) throws -> AgentDefinition {
        try AgentDefinition(yaml: Data((Faulty.sound + "\n" + card).utf8), file: "small.yaml") { path in
            guard let content = files[path] else { throw CocoaError(.fileReadNoSuchFile) }
            return Data(content.utf8)
        }
    }

    private func faults(_ card: String, files: [String: String] = [:]) -> [AgentFileFault] {
        do {
            _ = try agent(card, files: files)
            return []
        } catch { return (error as? AgentFileErrors)?.faults ?? [] }
    }

    private static let lines = Faulty.sound.split(separator: "\n", omittingEmptySubsequences: false).count

    @Test("has every rule, in the units that its file says")
    func rules() throws {
        let card = try #require(
            try agent(
                """
                scorecard:
                  name: quality
                  judge: {provider: openai, model: small, timeout: 5, max_tokens: 900, max_input_tokens: 8000, attempts: 2,
                    daily_requests: 50}
                  criteria:
                    - {name: a, weight: 7, said: [good day, hello], within_turns: 2}
                    - {name: b, never_said: "as an AI"}
                    - {name: c, asked_for: day}
                    - {name: d, asked_for: {slot: shoe, phrases: [what size]}}
                    - {name: e, slot_filled: day, when: {outcome: [look, none], tool_called: look, intent: look}}
                    - {name: f, read_back: look}
                    - {name: g, read_back: {tool: look, arguments: [day]}}
                    - {name: h, tool_called: look}
                    - {name: i, tool_not_called: transfer_warm}
                    - {name: j, tool_succeeded: look}
                    - {name: k, outcome: [none]}
                    - {name: l, resolution: [contained, transferred]}
                    - {name: m, response_p95_below: 1500}
                    - {name: n, interruptions_at_most: 0}
                    - {name: o, yield_below: 600}
                    - {name: p, silence_below: 4.5}
                    - {name: q, promises_kept: true}
                    - {name: r, length: {at_least: 2.01, at_most: 300}}
                    - {name: s, question: "Was the agent kind?"}
                """
            ).scorecard)
        let rules = card.criteria.compactMap { criterion -> ScorecardRule? in
            if case .rule(let rule) = criterion.test { rule } else { nil }
        }
        #expect(
            rules == [
                .said(["good day", "hello"], withinTurns: 2), .neverSaid(["as an AI"]),
                .askedFor("day", questions: ["Which day?"]), .askedFor("shoe", questions: ["what size"]),
                .slotFilled("day"), .readBack(tool: "look", arguments: []),
                .readBack(tool: "look", arguments: ["day"]), .toolCalled("look"), .toolNotCalled("transfer_warm"),
                .toolSucceeded("look"), .outcome(["none"]), .resolution(["contained", "transferred"]),
                .responseBelow(1500), .interruptionsAtMost(0), .yieldBelow(600), .silenceBelow(4500), .promisesKept,
                .length(2010...300_000),
            ])
        #expect(card.criteria[0].weight == 7 && card.criteria[1].weight == 1)
        #expect(
            card.criteria[4].condition
                == ScorecardCondition(outcomes: ["look", "none"], tool: "look", intents: ["look"]))
        #expect(card.criteria.last?.question == "Was the agent kind?")
        #expect(
            card.judge
                == JudgeSettings(
                    provider: "openai", model: "small", timeout: .seconds(5), maxTokens: 900, maxInputTokens: 8000,
                    attempts: 2, dailyRequests: 50))
    }

    @Test(
        "has its faults named, with their lines",
        arguments: [
            ("{}", 0, "the scorecard lacks the key `name`"),
            ("{name: c, criteria: []}", 0, "`criteria` is empty"),
            ("\n  name: c\n  criteria:\n    - {name: a, sayd: [x]}", 3, "did you mean `said`?"),
            ("\n  name: c\n  criteria:\n    - {name: a, said: [good day], tool_called: look}", 3, "needs one rule"),
            ("\n  name: c\n  criteria:\n    - {name: a, tool_called: lock}", 3, "did you mean `look`?"),
            ("\n  name: c\n  criteria:\n    - {name: a, asked_for: dey}", 3, "did you mean `day`?"),
            ("\n  name: c\n  criteria:\n    - {name: a, weight: 0, promises_kept: true}", 3, "from 1 to 100"),
            ("\n  name: c\n  criteria:\n    - {name: a, promises_kept: false}", 3, "judges nothing"),
            ("\n  name: c\n  criteria:\n    - {name: a, said: [\"?!\"]}", 3, "no word to be heard"),
            ("\n  name: c\n  criteria:\n    - {name: a, resolution: won}", 3, "known are: contained"),
            ("\n  name: c\n  criteria:\n    - {name: a, length: {at_least: 9, at_most: 3}}", 3, "must not be above"),
            ("\n  name: c\n  criteria:\n    - {name: a, never_said: x y, within_turns: 1}", 3, "goes with `said`"),
            ("\n  name: c\n  criteria:\n    - {name: a, question: Kind?}", 1, "names no `judge`"),
            (
                "\n  name: c\n  judge: {provider: p}\n  criteria:\n    - {name: a, promises_kept: true}", 2,
                "has nothing to do"
            ),
            (
                "\n  name: c\n  criteria:\n    - {name: a, promises_kept: true}\n    - {name: a, promises_kept: true}",
                4,
                "there twice"
            ),
        ])
    func faulty(text: String, line: Int, reason: String) {
        let found = faults("scorecard: \(text)")
        #expect(
            found.contains { $0.line == Self.lines + 1 + line && $0.reason.contains(reason) },
            "\(found.map(\.description))")
    }

    @Test("finds a flow's question by its words and not by what is said before it, and says where it cannot")
    func questions() {
        func asked(_ question: String) -> [String] {
            faultsOrQuestions(Faulty.sound.replacing("ask: \"Which day?\"", with: "ask: \"\(question)\""))
        }
        #expect(asked("Thank you. Which day is it, {day}, at 9 a.m.?") == ["Which day is it,", ", at 9 a.m.?"])
        #expect(asked("Tell me the day.") == ["Tell me the day."])
        #expect(asked("Right. Day?") == ["the flow's questions for `day` have no two words to know them by"])
    }

    private func faultsOrQuestions(_ agent: String) -> [String] {
        let card = "\nscorecard:\n  name: c\n  criteria:\n    - {name: a, asked_for: day}"
        do {
            let read = try AgentDefinition(yaml: Data((agent + card).utf8), file: "small.yaml") { _ in Data() }
            guard case .rule(.askedFor("day", let questions))? = read.scorecard?.criteria.first?.test else { return [] }
            return questions
        } catch { return error.faults.map { fault in String(fault.reason.prefix { $0 != ";" }) } }
    }

    @Test("may be in a file of its own, whose faults are its own, and which makes the agent another version")
    func file() throws {
        let path = "cards/quality.yaml"
        let card = "name: quality\ncriteria:\n  - {name: a, promises_kept: true}\n"
        let first = try agent("scorecard: \(path)", files: [path: card])
        #expect(first.scorecard?.name == "quality")
        let commented = try agent("scorecard: \(path)", files: [path: "# more words\n" + card])
        #expect(commented.version != first.version && commented.scorecard?.version == first.scorecard?.version)
        let other = try agent("scorecard: \(path)", files: [path: card.replacing("a,", with: "b,")])
        #expect(other.scorecard?.version != first.scorecard?.version)
        let found = faults("scorecard: \(path)", files: [path: "name: quality\ncriteria:\n  - {name: a, promise: 1}\n"])
        #expect(found.map(\.description).contains { $0.hasPrefix("cards/quality.yaml:3:") }, "\(found)")
        let missing = faults("scorecard: \(path)")
        #expect(missing.count == 1 && missing[0].reason.contains("cannot be read"), "\(missing)")
        #expect(missing[0].line == Self.lines + 1)
        let hollow = faults("scorecard: \(path)", files: [path: "# to be written\n"])
        #expect(hollow.count == 1 && hollow[0].reason.contains("comments only"), "\(hollow)")
        let bundle = try AgentBundle.read(
            Data((Faulty.sound + "\nscorecard: \(path)").utf8), file: "small.yaml"
        ) { _ in Data(card.utf8) }
        #expect(bundle.bundle.resources.keys.sorted() == [path])
        #expect(try bundle.bundle.definition().scorecard == first.scorecard)
    }

    @Test("is there for the receptionist and for support, without fault")
    func shipped() throws {
        let receptionist = try #require(try Fixtures.agent("receptionist").scorecard)
        #expect(receptionist.criteria.count >= 10 && !receptionist.hasQuestions)
        let asks = try #require(receptionist.criteria.first { $0.name == "asked_for_the_name" })
        guard case .rule(.askedFor("name", let questions)) = asks.test else {
            Issue.record("\(asks)")
            return
        }
        #expect(questions.contains("What is your full name, please?"))
        // Steps ask in words of their own, and what they say beside it asks for nothing.
        let times = try #require(try Fixtures.flow("receptionist").slotQuestions["time"])
        #expect(times.contains("What time would suit you?") && times.contains("What time on"), "\(times)")
        #expect(!times.contains { $0.contains("for example") }, "\(times)")
        let support = try #require(try Fixtures.agent("support").scorecard)
        #expect(support.hasQuestions && support.judge?.provider == "openai")
    }
}
