import Agent
import Networking

/// What operators watch of what is written down of calls. Any thread.
final class AnalysisCounters: Sendable {
    private struct State {
        var written: [AfterCallRecord.Source: Int] = [:]
        var answered = 0
        var failed = 0
        var postponed = 0
    }

    private let state = Lock(State())

    func written(by source: AfterCallRecord.Source) {
        state.withLock { $0.written[source, default: 0] += 1 }
    }

    func asked(answered: Bool) {
        state.withLock { state in
            if answered { state.answered += 1 } else { state.failed += 1 }
        }
    }

    /// Counts a model that calls left no room for.
    func postponed() { state.withLock { $0.postponed += 1 } }

    var samples: [PrometheusSample] {
        let state = state.withLock { $0 }
        return [
            .counter("parley_call_analysis_requests_total", state.answered, dimensions: [("result", "answered")]),
            .counter("parley_call_analysis_requests_total", state.failed, dimensions: [("result", "failed")]),
            .counter(
                "parley_call_analysis_requests_total", state.postponed, dimensions: [("result", "postponed")]),
        ]
            + AfterCallRecord.Source.allCases.map {
                .counter(
                    "parley_call_analyses_total", state.written[$0] ?? 0, dimensions: [("source", $0.rawValue)])
            }
    }
}
