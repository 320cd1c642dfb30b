import Agent
import Networking
import Store

/// What loops, clients, queues and agents count by themselves, as the page of metrics shows it.
extension PrometheusSample {
    static func loop(_ name: String, _ counts: EventLoopMetrics.Snapshot) -> [PrometheusSample] {
        let label = [("loop", name)]
        let lateness = Double(counts.worstTickLateness.microseconds) / 1e6
        return [
            .gauge("parley_loop_connections", counts.connections, dimensions: label),
            .gauge("parley_loop_web_sockets", counts.webSockets, dimensions: label),
            .counter("parley_loop_connections_accepted_total", counts.accepted, dimensions: label),
            .counter("parley_loop_connections_refused_total", counts.refused, dimensions: label),
            .counter("parley_loop_connections_displaced_total", counts.displaced, dimensions: label),
            .counter("parley_loop_requests_total", counts.requests, dimensions: label),
            .counter("parley_loop_bad_requests_total", counts.badRequests, dimensions: label),
            .counter("parley_loop_messages_received_total", counts.messagesReceived, dimensions: label),
            .counter("parley_loop_messages_sent_total", counts.messagesSent, dimensions: label),
            .counter("parley_loop_received_bytes_total", counts.bytesReceived, dimensions: label),
            .counter("parley_loop_sent_bytes_total", counts.bytesSent, dimensions: label),
            .counter("parley_loop_send_queue_overflows_total", counts.queueOverflows, dimensions: label),
            .counter("parley_loop_oversized_messages_total", counts.oversizedMessages, dimensions: label),
            .counter("parley_loop_timeouts_total", counts.timeouts, dimensions: label),
            .counter("parley_loop_ticks_total", counts.ticks, dimensions: label),
            .counter("parley_loop_missed_ticks_total", counts.missedTicks, dimensions: label),
            .gauge("parley_loop_worst_tick_lateness_seconds", lateness, dimensions: label),
            .gauge("parley_loop_real_time", counts.isRealTime ? 1 : 0, dimensions: label),
            histogram("parley_loop_tick_lateness_seconds", counts.tickLateness, dimensions: label),
            histogram("parley_loop_busy_seconds", counts.busyTime, dimensions: label),
        ]
    }

    private static func histogram(
        _ name: String, _ histogram: LoopHistogram.Snapshot, dimensions: [(String, String)]
    ) -> PrometheusSample {
        let ends = LoopHistogram.bounds.map { Double($0.microseconds) / 1e6 } + [.infinity]
        return .histogram(
            name, buckets: zip(ends, histogram.counts).map { ($0, $1) }, sum: Double(histogram.sum.microseconds) / 1e6,
            dimensions: dimensions)
    }

    static func httpClient(_ name: String, _ counts: HTTPClientMetrics.Snapshot) -> [PrometheusSample] {
        let label = [("client", name)]
        return [
            .gauge("parley_http_client_active_requests", counts.active, dimensions: label),
            .counter("parley_http_client_requests_total", counts.started, dimensions: label),
            .counter("parley_http_client_completed_total", counts.completed, dimensions: label),
            .counter("parley_http_client_failed_total", counts.failed, dimensions: label),
            .counter("parley_http_client_cancelled_total", counts.cancelled, dimensions: label),
            .counter("parley_http_client_deadlines_exceeded_total", counts.deadlinesExceeded, dimensions: label),
            .counter("parley_http_client_pauses_total", counts.pauses, dimensions: label),
            .counter("parley_http_client_reused_connections_total", counts.reusedConnections, dimensions: label),
            .counter("parley_http_client_received_bytes_total", counts.bytesReceived, dimensions: label),
        ]
    }

    static func storeSignals(_ counts: StoreListener.Metrics) -> [PrometheusSample] {
        [
            .gauge("parley_store_signals_connected", counts.isConnected ? 1 : 0),
            .counter("parley_store_signal_failures_total", counts.failures),
        ]
            + StoreSignal.allCases.map {
                .counter("parley_store_signals_total", counts.heard[$0] ?? 0, dimensions: [("signal", $0.rawValue)])
            }
    }

    /// What agents were kept from, and what they prepared.
    static func agents(_ counters: AgentCounters) -> [PrometheusSample] {
        let unused = counters.discardedTokens
        let costs = [("given", unused.given), ("generated", unused.generated)].map {
            PrometheusSample.counter(
                "parley_prepared_replies_discarded_tokens_total", $0.1, dimensions: [("kind", $0.0)])
        }
        return [
            .counter("parley_promises_held_back_total", counters.promisesHeldBack),
            .counter("parley_statements_flagged_total", counters.statementsFlagged),
            .counter("parley_statements_held_back_total", counters.statementsHeldBack),
            .counter("parley_acts_refused_total", counters.actsRefused),
            .counter("parley_reviews_filed_total", counters.reviewsFiled),
            .counter("parley_contexts_summed_up_total", counters.contextsSummedUp),
            .counter("parley_prepared_replies_total", counters.repliesPrepared, dimensions: [("result", "used")]),
            .counter(
                "parley_prepared_replies_total", counters.repliesDiscarded, dimensions: [("result", "discarded")]),
        ] + costs
    }

    static func storeWriter(_ counts: StoreWriterMetrics) -> [PrometheusSample] {
        [
            .gauge("parley_store_queued_records", counts.queued),
            .counter("parley_store_written_records_total", counts.written),
            .counter("parley_store_batches_total", counts.batches),
            .counter("parley_store_spilled_records_total", counts.spilled),
            .counter("parley_store_replayed_records_total", counts.replayed),
            .counter("parley_store_rejected_records_total", counts.rejected),
            .counter("parley_store_dropped_records_total", counts.dropped),
            .counter("parley_store_retries_total", counts.retried),
            .gauge("parley_store_spill_bytes", counts.spillSize),
            .gauge("parley_store_failing", counts.isFailing ? 1 : 0),
        ]
    }
}

extension Duration {
    fileprivate var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
