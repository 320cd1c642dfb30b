import Agent
import Networking
import Store

/// What operators watch of scorecards. Any thread.
final class ScorecardCounters: Sendable {
    private struct State {
        var scored = 0
        var standings: [ScorecardVerdict.Standing: Int] = [:]
        var answered = 0
        var failed = 0
        var postponed = 0
    }

    private let state = Lock(State())

    /// Counts what was stored of a call.
    func scored(_ outcome: ScorecardOutcome) {
        state.withLock { state in
            state.scored += 1
            for finding in outcome.findings {
                guard let standing = ScorecardVerdict.Standing(rawValue: finding.standing) else { continue }
                state.standings[standing, default: 0] += 1
            }
        }
    }

    func judged(answered: Bool) {
        state.withLock { state in
            if answered { state.answered += 1 } else { state.failed += 1 }
        }
    }

    /// Counts a judge that calls left no room for.
    func postponed() { state.withLock { $0.postponed += 1 } }

    var samples: [PrometheusSample] {
        let state = state.withLock { $0 }
        return [
            .counter("parley_scorecards_total", state.scored),
            .counter(
                "parley_scorecard_judge_requests_total", state.answered, dimensions: [("result", "answered")]),
            .counter("parley_scorecard_judge_requests_total", state.failed, dimensions: [("result", "failed")]),
            .counter(
                "parley_scorecard_judge_requests_total", state.postponed, dimensions: [("result", "postponed")]),
        ]
            + ScorecardVerdict.Standing.allCases.map {
                .counter(
                    "parley_scorecard_criteria_total", state.standings[$0] ?? 0,
                    dimensions: [("standing", $0.rawValue)])
            }
    }
}
