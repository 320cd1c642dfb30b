import Foundation
import Testing

@testable import Agent

@Suite("What an agent's file wants written down after a call")
struct AfterCallFileTests {
    private func agent(_ section: String) throws -> AgentDefinition {
        try AgentDefinition(yaml: Data((Faulty.sound + "\n" + section).utf8), file: "small.yaml") { _ in
            throw CocoaError(.fileReadNoSuchFile)
        }
    }

    private func faults(_ section: String) -> [AgentFileFault] {
        do {
            _ = try agent(section)
            return []
        } catch { return (error as? AgentFileErrors)?.faults ?? [] }
    }

    private static let lines = Faulty.sound.split(separator: "\n", omittingEmptySubsequences: false).count

    @Test("is read with every key, and without dispositions of its own it has the usual ones")
    func whole() throws {
        let plan = try #require(
            try agent(
                """
                after_call:
                  summary: true
                  dispositions:
                    - {name: looked, description: Somebody looked., when: {outcome: look, resolution: [contained, failed]}}
                    - {name: none}
                  extract:
                    size: {type: enum, values: [Small, large], description: How big., required: true}
                    count: {type: integer}
                  model: {provider: openai, model: small, timeout: 5, attempts: 3}
                """
            ).afterCall)
        #expect(plan.summarises)
        #expect(
            plan.dispositions == [
                .init(
                    "looked", summary: "Somebody looked.", outcomes: ["look"], resolutions: ["contained", "failed"]),
                .init("none"),
            ])
        #expect(
            plan.fields == [
                ExtractedField("size", .enum, summary: "How big.", isRequired: true, values: ["Small", "large"]),
                ExtractedField("count", .integer),
            ])
        #expect(
            plan.model == JudgeSettings(provider: "openai", model: "small", timeout: .seconds(5), attempts: 3))
        let usual = try agent("after_call: {summary: true}").afterCall
        #expect(usual?.dispositions == AfterCallPlan.usualDispositions && usual?.model == nil)
        #expect(try agent("").afterCall == nil)
        let asked = try agent("after_call: {model: {provider: x}}").afterCall
        #expect(asked?.model?.attempts == 2)
    }

    @Test(
        "has its faults named, with their lines",
        arguments: [
            ("{}", 0, "`after_call` is empty"),
            ("\n  sumary: true", 1, "did you mean `summary`?"),
            ("\n  dispositions: []", 1, "`dispositions` is empty"),
            ("\n  dispositions:\n    - {name: Done}", 2, "may have small letters"),
            ("\n  dispositions:\n    - {name: a}\n    - {name: a}", 3, "is there twice"),
            ("\n  dispositions:\n    - {name: a, when: {resolution: gone}}", 2, "`resolution` names `gone`"),
            ("\n  dispositions:\n    - {name: a, when: {outcome: lock}}", 2, "did you mean `look`?"),
            ("\n  extract:\n    a: {type: text}", 2, "must be one of: string"),
            ("\n  extract:\n    a: {type: enum}", 2, "lacks `values`"),
            ("\n  extract:\n    a: {type: date, values: [x]}", 2, "`type: enum` only"),
            ("\n  extract:\n    a: {type: enum, values: [x, X]}", 2, "twice among the values"),
            ("\n  extract:\n    disposition: {type: string}", 2, "cannot be called `disposition`"),
            ("\n  model: {model: x}", 1, "lacks the key `provider`"),
            ("\n  model: {provider: x, attempts: 0}", 1, "from 1 to 10"),
        ])
    func wrong(section: String, line: Int, reason: String) {
        let found = faults("after_call: " + section)
        #expect(found.count == 1 && found.first?.reason.contains(reason) == true, "\(found)")
        #expect(found.first?.line == Self.lines + 1 + line, "\(found)")
    }
}
