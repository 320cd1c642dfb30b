import CallSession
import Metrics
import Store

/// What operators watch, counted as calls go by.
struct CallMetrics {
    private let active = Gauge(label: "parley_calls_active")
    private let started = Counter(label: "parley_calls_started_total")
    private let turns = Counter(label: "parley_caller_turns_total")
    private let notUnderstood = Counter(label: "parley_caller_turns_not_understood_total")
    private let interruptions = Counter(label: "parley_interruptions_total")
    private let underruns = Counter(label: "parley_playout_underruns_total")
    private let echoes = Counter(label: "parley_echoes_total")
    private let response = Timer(label: "parley_response_seconds", dimensions: [("part", "total")])
    private let parts: [(WritableKeyPath<ResponseLatency, Int>, Timer)] = [
        (\.endOfTurnWait, Timer(label: "parley_response_seconds", dimensions: [("part", "end_of_turn")])),
        (\.recognition, Timer(label: "parley_response_seconds", dimensions: [("part", "recognition")])),
        (\.reply, Timer(label: "parley_response_seconds", dimensions: [("part", "reply")])),
        (\.synthesis, Timer(label: "parley_response_seconds", dimensions: [("part", "synthesis")])),
        (\.own, Timer(label: "parley_response_seconds", dimensions: [("part", "own")])),
    ]
    private var activeCount = 0

    mutating func began() {
        activeCount += 1
        active.record(activeCount)
        started.increment()
    }

    mutating func ended(_ call: CallRecord) {
        activeCount -= 1
        active.record(activeCount)
        Counter(label: "parley_calls_ended_total", dimensions: [("outcome", call.outcome ?? "none")]).increment()
    }

    func count(_ event: CallEvent) {
        switch event {
        case .note(_, .callerTurn(let turn)):
            turns.increment()
            if turn.isOutOfTask { notUnderstood.increment() }
        case .note(_, .answered(let verdict)):
            Counter(
                label: "parley_answers_total",
                dimensions: [("answerer", verdict.answerer.rawValue), ("evidence", verdict.evidence.rawValue)]
            ).increment()
        case .note(_, .interrupted): interruptions.increment()
        case .note(_, .speculated(let wasUsed)):
            Counter(label: "parley_prepared_sentences_total", dimensions: [("result", wasUsed ? "used" : "discarded")])
                .increment()
        case .note(_, .latency(let latency)):
            response.recordNanoseconds(Int64(latency.total) * 125_000)
            for (part, timer) in parts { timer.recordNanoseconds(Int64(latency[keyPath: part]) * 125_000) }
        case .note(_, .toolFinished(_, let tool)):
            Counter(
                label: "parley_tool_calls_total",
                dimensions: [("tool", tool.name), ("result", tool.failed ? "failed" : "ok")]
            ).increment()
        case .note(_, .incident(let kind, _)):
            Counter(label: "parley_incidents_total", dimensions: [("kind", kind)]).increment()
        case .finished(let summary):
            underruns.increment(by: summary.underruns)
            echoes.increment(by: summary.echoes)
        default: break
        }
    }
}
