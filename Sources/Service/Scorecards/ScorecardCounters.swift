import Agent
import Networking
import Store

/// What operators watch of scorecards. Any thread.
final class ScorecardCounters: Sendable {
    private struct State {
        var scored = 0
        var standings: [ScorecardVerdict.Standing: Int] = [:]
        var requests = CallWorkRequests()
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
        state.withLock { $0.requests.asked(answered: answered) }
    }

    /// Counts a judge that calls left no room for.
    func postponed() { state.withLock { $0.requests.postpone() } }

    var samples: [PrometheusSample] {
        let state = state.withLock { $0 }
        let standings = ScorecardVerdict.Standing.allCases.map { standing in
            PrometheusSample.counter(
                "parley_scorecard_criteria_total", state.standings[standing] ?? 0,
                dimensions: [("standing", standing.rawValue)])
        }
        let scored = PrometheusSample.counter("parley_scorecards_total", state.scored)
        return [scored] + state.requests.samples("parley_scorecard_judge_requests_total") + standings
    }
}
