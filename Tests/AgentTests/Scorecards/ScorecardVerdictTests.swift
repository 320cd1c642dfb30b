import Foundation
import Testing

@testable import Agent

@Suite("What a scorecard makes of a call")
struct ScorecardVerdictTests {
    private func finding(_ standing: ScorecardVerdict.Standing, _ weight: Int = 1) -> ScorecardVerdict.Finding {
        .init(criterion: "c\(weight)\(standing.rawValue)", kind: .rule, weight: weight, standing: standing, reason: "r")
    }

    private func score(_ findings: [ScorecardVerdict.Finding]) -> Int? {
        ScorecardVerdict(card: "c", version: "v", findings: findings).score
    }

    @Test("in points is the weight of what passed, of what counts")
    func points() {
        #expect(score([finding(.pass, 2), finding(.fail)]) == 67)
        #expect(score([finding(.pass, 2), finding(.fail, 0)]) == 100)
        #expect(score([finding(.fail, 9)]) == 0)
        // What is not proven or not judged is neither good nor bad.
        let others: [ScorecardVerdict.Standing] = [.notApplicable, .unproven, .pending, .unjudged]
        #expect(score([finding(.pass), finding(.fail)] + others.map { finding($0, 50) }) == 50)
        #expect(score(others.map { finding($0) }) == nil && score([]) == nil)
    }

    @Test("leaves out criteria that are for other calls, and waits with questions for the judge")
    func card() throws {
        let card = Scorecard(
            name: "q", version: "v1",
            criteria: [
                .init(name: "greets", weight: 3, test: .rule(.said(["Lakeside"], withinTurns: 1))),
                .init(
                    name: "moved", condition: ScorecardCondition(outcomes: ["calendar_move"]),
                    test: .rule(.toolCalled("calendar_move"))),
                .init(name: "booked", condition: ScorecardCondition(tool: "x"), test: .rule(.promisesKept)),
                .init(
                    name: "wanted", condition: ScorecardCondition(intents: ["book"]),
                    test: .rule(.toolCalled("calendar_book"))),
                .init(name: "kind", weight: 6, test: .question("Was the agent kind?")),
            ], judge: JudgeSettings(provider: "p"))
        var verdict = card.verdict(on: ScorecardRuleTests.booking)
        #expect(verdict.findings.map(\.standing) == [.pass, .notApplicable, .notApplicable, .pass, .pending])
        #expect(verdict.score == 100 && verdict.isPending && verdict.version == "v1")
        var judged = verdict.findings[4]
        judged.standing = .fail
        verdict.settle([judged])
        #expect(verdict.score == 40 && !verdict.isPending)
        let stored = try JSONEncoder().encode(verdict)
        #expect(try JSONDecoder().decode(ScorecardVerdict.self, from: stored) == verdict)
        var unanswered = card.verdict(on: ScorecardRuleTests.booking)
        unanswered.giveUp("nobody answered")
        #expect(unanswered.findings[4].standing == .unjudged && unanswered.score == 100)
        #expect(unanswered.findings[4].reason == "nobody answered")
        // Nobody was kind where nobody spoke.
        #expect(card.verdict(on: ScoredCall()).findings[4].standing == .notApplicable)
    }
}
