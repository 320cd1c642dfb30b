import Agent
import Foundation
import Testing

@Suite("Scripts of conversations")
struct ConversationScriptTests {
    private func read(_ yaml: String) throws(AgentFileErrors) -> ConversationScript {
        try ConversationScript(yaml: Data(yaml.utf8), file: "s.yaml")
    }

    private func run(_ yaml: String, rows: Int = 1) async throws -> [ScriptVerdict] {
        let script = try read("agent: thermostat\ntoday: 2026-11-23\nconversations:\n" + yaml)
        let agent = try Fixtures.agent("thermostat")
        var verdicts: [ScriptVerdict] = []
        for scene in script.scenes {
            let call = CallFacts(callID: "c1")
            let dialogue = agent.makeDialogue(
                call: call, tools: FakeThermostat().tools,
                environment: DialogueEnvironment(
                    now: { Fixtures.now }, timeZone: TimeZone(secondsFromGMT: 0) ?? .current, clock: ManualClock()))
            verdicts.append(
                try await ScriptRun(scene).hold(.init(dialogue: dialogue, call: call), rows: { _, _ in rows }))
        }
        return verdicts
    }

    @Test("are met by an agent that does as they say")
    func met() async throws {
        let verdicts = try await run(
            """
              - name: reads
                turns:
                  - caller: what is the temperature
                    calls: thermostat_read
                    says: [sixty six]
                    never_says: [seventy]
                    intent: read_temperature
                stored: {appointments: {name: x}}
                ends: open
            """)
        #expect(verdicts.map(\.failures) == [[]])
    }

    @Test(
        "say what was otherwise, with the line",
        arguments: [
            ("says: [eighty]", 6, "must say \"eighty\"; it said"),
            ("never_says: [SIXTY six]", 6, "must never say \"SIXTY six\""),
            ("calls: thermostat_set", 6, "thermostat_set must be called; called was thermostat_read {}"),
            ("never_calls: [thermostat_read]", 6, "thermostat_read must never be called; it was, with {}"),
            ("intent: set_temperature", 6, "the intent must be `set_temperature`; understood was `read_temperature`"),
            ("says: [six]\n    ends: hang_up", 4, "must hang up; the line is still open"),
            ("says: [six]\n    ends: {transfer: x}", 4, "must transfer to x; the line is still open"),
        ])
    func failures(expectation: String, line: Int, reason: String) async throws {
        let verdicts = try await run(
            "  - name: reads\n    turns:\n      - caller: what is the temperature\n        \(expectation)\n")
        let failure = try #require(verdicts.first?.failures.first)
        #expect(failure.line == line)
        #expect(failure.reason.contains(reason), "\(failure.reason)")
    }

    @Test("miss rows that are not stored")
    func stored() async throws {
        let verdicts = try await run(
            "  - name: reads\n    turns: [{caller: what is the temperature}]\n    stored: {messages: {name: Ann}}\n",
            rows: 0)
        #expect(verdicts.first?.failures.map(\.reason) == [#"messages must hold a row with {"name":"Ann"}"#])
    }

    @Test("notice turns after the end")
    func afterTheEnd() async throws {
        let silence = (1...4).map { "{silence: \($0)}" }.joined(separator: ", ")
        let verdicts = try await run("  - name: silence\n    turns: [\(silence)]\n")
        #expect(verdicts.first?.failures.first?.reason.hasPrefix("the agent had ended before this turn") == true)
    }

    @Test(
        "are refused with file, line and reason",
        arguments: [
            ("agent: a\ntoday: soon\nconversations: [{name: n, turns: [{caller: hi}]}]", "s.yaml:2", "must be a date"),
            ("agent: a\ntoday: 2026-11-23\nconversations: []", "s.yaml:3", "write at least one"),
            ("agent: a\ntoday: 2026-11-23\nconversations: [{name: n, turns: [{}]}]", "s.yaml:3", "one of caller"),
            (
                "agent: a\ntoday: 2026-11-23\nconversations: [{name: n, turn: [{caller: hi}]}]", "s.yaml:3",
                "did you mean `turns`?"
            ),
            (
                "agent: a\ntoday: 2026-11-23\nconversations: [{name: n, ends: badly, turns: [{caller: hi}]}]",
                "s.yaml:3", "`ends` must be one of"
            ),
            (
                "agent: a\ntoday: 2026-11-23\nconversations: [{name: n, tools: {x: {result: 1, error: conflict}}, turns: [{caller: hi}]}]",
                "s.yaml:3", "one of result and error"
            ),
        ])
    func faults(yaml: String, place: String, reason: String) {
        do throws(AgentFileErrors) {
            _ = try read(yaml)
            Issue.record("was read")
        } catch {
            #expect(error.description.contains(place) && error.description.contains(reason), "\(error)")
        }
    }

    @Test("compare part of a JSON value")
    func includes() {
        let whole: JSONValue = ["a": 1, "b": ["c": "x", "d": [1, 2]], "e": nil]
        #expect(whole.includes(["a": 1.0, "b": ["d": [1, 2]]]))
        #expect(whole.includes(["z": nil]))
        #expect(!whole.includes(["b": ["d": [1]]]))
        #expect(!whole.includes(["b": ["c": "y"]]))
    }
}
