import Agent
import Foundation
import Testing

@Suite("The steps around a call in an agent's file")
struct TeamFileTests {
    private func load(_ team: String) throws -> AgentDefinition {
        let text = """
            name: crew
            kind: model
            greeting: "Ready."
            thresholds: {reask_below: 0.0, escalate_below: 0.0, max_reasks: 1}
            silence: {reprompt_after: 60, max_reprompts: 0, prompts: ["Still here."], farewell: "Done."}
            escalation: [{hang_up: true, say: "I could not do it."}]
            model: {provider: one, max_tokens: 500, step_budget: 6, apology: "Failed.", not_understood: "What?"}
            instructions: Work.
            team: \(team)
            """
        return try AgentDefinition(yaml: Data(text.utf8), file: "crew.yaml") { _ in Data() }
    }

    @Test("say who does what, in which order, and what they need")
    func read() throws {
        let team = try load(
            """
            {before: [{parallel: [{step: a, goal: "x {email}"}, {step: b, goal: y, agent: other, optional: true}]}],
              after: [{step: c, goal: "{a} {transcript} {number}", review: always, review_hours: 2, min_confidence: 0.7}]}
            """
        ).team
        #expect(team.before.map { $0.map(\.name) } == [["a", "b"]] && team.after.map { $0.map(\.name) } == [["c"]])
        #expect(team.step("a")?.agent == "crew" && team.step("b")?.agent == "other")
        #expect(team.step("a")?.review == .below && team.step("a")?.minConfidence == 0.5)
        #expect(team.step("c")?.review == .always && team.step("c")?.reviewHours == 2)
        #expect(team.variables(holdsCall: true) == ["email"])
        #expect(team.step("c")?.task(with: ["a": "12", "transcript": "t"]) == nil)
        #expect(team.step("c")?.task(with: ["a": "12", "transcript": "t", "number": "+1"]) == "12 t +1")
    }

    @Test(
        "are refused with the reason",
        arguments: [
            ("{}", "neither `before` nor `after`"),
            ("{before: [{step: a, goal: x}, {step: a, goal: y}]}", "the step `a` is there twice"),
            ("{before: [{step: call, goal: x}]}", "has the name of the call"),
            ("{before: [{step: a, goal: \"{transcript}\"}]}", "which only a call that is over has"),
            ("{before: [{parallel: [{step: a, goal: x}, {step: b, goal: \"{a}\"}]}]}", "done side by side"),
            ("{before: [{step: a, goal: \"{b}\"}, {step: b, goal: x}]}", "needs {b}, which is reported later"),
            ("{before: [{step: a, goal: \"{b}\"}], after: [{step: b, goal: x}]}", "needs {b}, which is reported later"),
            ("{before: [{step: a}]}", "lacks the key `goal`"),
            ("{before: [{step: A-b, goal: x}]}", "small letters, figures and _ only"),
            ("{before: [{step: a, goal: \"{x\"}]}", "a { without }"),
            ("{before: [{step: a, goal: x, review: never, review_hours: 3}]}", "does nothing with `review: never`"),
        ])
    func refused(team: String, reason: String) throws {
        let error = #expect(throws: AgentFileErrors.self) { _ = try load(team) }
        #expect(error?.faults.contains { $0.reason.contains(reason) } == true, "\(error?.description ?? "")")
    }

    @Test("are done after calls of others only where these have what the tasks name")
    func follow() throws {
        let own = try load("{before: [{step: a, goal: x}], after: [{step: b, goal: \"{a} {number}\"}]}").team
        #expect(!own.followsCalls)
        let team = try load(
            "{before: [{step: a, goal: \"{number}\"}], after: [{step: b, goal: \"{email} {outcome}\"}, {step: c, goal: \"{b}\"}]}"
        ).team
        #expect(team.followsCalls && team.variablesAfter == ["email"])
        // Without a call there is no number but the one that is given.
        #expect(team.variables(holdsCall: false) == ["number"] && team.variables(holdsCall: true) == ["email"])
        #expect(try !load("{before: [{step: a, goal: x}]}").team.followsCalls)
    }

    @Test("name agents that must be there")
    func unknown() throws {
        let faults = try load("{before: [{step: a, goal: x, agent: nobody}]}").faults(
            tools: [], providers: ["one"], agents: ["crew"])
        #expect(faults.map(\.reason) == ["the step `a` of `team`: there is no agent `nobody`; add its file"])
    }
}
