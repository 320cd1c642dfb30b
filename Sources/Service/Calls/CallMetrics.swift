import CallSession
import Foundation
import Metrics
import Store

/// What operators watch, counted as calls go by.
struct CallMetrics {
    private let active: Gauge
    private let started, resumed, turns, notUnderstood, interruptions, underruns, echoes: Counter
    private let response: Timer
    private let parts: [(WritableKeyPath<ResponseLatency, Int>, Timer)]
    private let losses: [(WritableKeyPath<MediaLosses, Int>, Counter)]
    private let factory: any MetricsFactory
    private var activeCount = 0

    init(factory: any MetricsFactory = MetricsSystem.factory) {
        self.factory = factory
        func counter(_ label: String) -> Counter { Counter(label: label, factory: factory) }
        func part(_ name: String) -> Timer {
            Timer(label: "parley_response_seconds", dimensions: [("part", name)], factory: factory)
        }
        active = Gauge(label: "parley_calls_active", factory: factory)
        started = counter("parley_calls_started_total")
        resumed = counter("parley_calls_resumed_total")
        turns = counter("parley_caller_turns_total")
        notUnderstood = counter("parley_caller_turns_not_understood_total")
        interruptions = counter("parley_interruptions_total")
        underruns = counter("parley_playout_underruns_total")
        echoes = counter("parley_echoes_total")
        response = part("total")
        parts = [
            (\.endOfTurnWait, part("end_of_turn")), (\.recognition, part("recognition")), (\.reply, part("reply")),
            (\.synthesis, part("synthesis")), (\.own, part("own")),
        ]
        losses = [
            (\.missedMessages, counter("parley_media_missed_messages_total")),
            (\.overtakenMessages, counter("parley_media_overtaken_messages_total")),
            (\.doubledMessages, counter("parley_media_doubled_messages_total")),
            (\.damagedPackets, counter("parley_media_damaged_packets_total")),
            (\.concealedPackets, counter("parley_media_concealed_packets_total")),
            (\.recognizerSamples, counter("parley_recognizer_dropped_samples_total")),
            (\.recordingSamples, counter("parley_recording_misplaced_samples_total")),
            (\.staleSamples, counter("parley_playout_stale_samples_total")),
        ]
    }

    mutating func began(_ call: CallRecord) {
        activeCount += 1
        active.record(activeCount)
        started.increment()
        if call.resumes != nil { resumed.increment() }
    }

    mutating func ended(_ call: CallRecord) {
        activeCount -= 1
        active.record(activeCount)
        Counter(label: "parley_calls_ended_total", dimensions: [("outcome", call.outcome ?? "none")], factory: factory)
            .increment()
        if let cost = call.cost { Self.count(cost, factory: factory) }
    }

    /// Counts what was used of others.
    static func count(_ cost: CallCost, factory: any MetricsFactory) {
        for item in cost.items { count(item, currency: cost.currency, factory) }
    }

    private static func count(_ item: CallCost.Item, currency: String?, _ factory: any MetricsFactory) {
        Counter(
            label: "parley_usage_total", dimensions: [("provider", item.provider), ("unit", item.unit)],
            factory: factory
        ).increment(by: item.quantity)
        guard let amount = item.amount, let currency else { return }
        FloatingPointCounter(
            label: "parley_cost_total", dimensions: [("provider", item.provider), ("currency", currency)],
            factory: factory
        ).increment(by: NSDecimalNumber(decimal: amount).doubleValue)
    }

    func count(_ event: CallEvent) {
        switch event {
        case .note(_, .callerTurn(let turn)):
            turns.increment()
            if turn.isOutOfTask { notUnderstood.increment() }
        case .note(_, .answered(let verdict)):
            Counter(
                label: "parley_answers_total",
                dimensions: [("answerer", verdict.answerer.rawValue), ("evidence", verdict.evidence.rawValue)],
                factory: factory
            ).increment()
        case .note(_, .transferred(let outcome)):
            Counter(
                label: "parley_warm_transfers_total", dimensions: [("outcome", outcome.rawValue)], factory: factory
            ).increment()
        case .note(_, .consent(let consent)):
            Counter(
                label: "parley_recording_consents_total", dimensions: [("state", consent.state.rawValue)],
                factory: factory
            ).increment()
        case .note(_, .interrupted): interruptions.increment()
        case .note(_, .speculated(let wasUsed, let characters)):
            let result = [("result", wasUsed ? "used" : "discarded")]
            Counter(label: "parley_prepared_sentences_total", dimensions: result, factory: factory).increment()
            Counter(label: "parley_prepared_sentences_characters_total", dimensions: result, factory: factory)
                .increment(by: characters)
        case .note(_, .latency(let latency)):
            response.recordNanoseconds(Int64(latency.total) * 125_000)
            for (part, timer) in parts { timer.recordNanoseconds(Int64(latency[keyPath: part]) * 125_000) }
        case .note(_, .toolFinished(_, let tool)):
            Counter(
                label: "parley_tool_calls_total",
                dimensions: [("tool", tool.name), ("result", tool.failed ? "failed" : "ok")], factory: factory
            ).increment()
        case .note(_, .incident(let kind, _)):
            Counter(label: "parley_incidents_total", dimensions: [("kind", kind)], factory: factory).increment()
        case .finished(let summary):
            underruns.increment(by: summary.underruns)
            echoes.increment(by: summary.echoes)
            for (loss, counter) in losses { counter.increment(by: summary.losses[keyPath: loss]) }
        default: break
        }
    }
}
