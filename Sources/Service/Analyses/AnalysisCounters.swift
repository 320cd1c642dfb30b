import Agent
import Networking

/// What operators watch of what is written down of calls. Any thread.
final class AnalysisCounters: Sendable {
    private struct State {
        var written: [AfterCallRecord.Source: Int] = [:]
        var requests = CallWorkRequests()
    }

    private let state = Lock(State())

    func written(by source: AfterCallRecord.Source) {
        state.withLock { $0.written[source, default: 0] += 1 }
    }

    func asked(answered: Bool) {
        state.withLock { $0.requests.asked(answered: answered) }
    }

    /// Counts a model that calls left no room for.
    func postponed() { state.withLock { $0.requests.postpone() } }

    var samples: [PrometheusSample] {
        let state = state.withLock { $0 }
        return state.requests.samples("parley_call_analysis_requests_total")
            + AfterCallRecord.Source.allCases.map {
                .counter(
                    "parley_call_analyses_total", state.written[$0] ?? 0, dimensions: [("source", $0.rawValue)])
            }
    }
}
