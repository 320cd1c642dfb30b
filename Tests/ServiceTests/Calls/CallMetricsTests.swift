import Testing

@testable import CallSession
@testable import Service

@Suite("Metrics of calls")
struct CallMetricsTests {
    @Test("what was lost on a call is on the page of metrics, each kind by itself and with what it means")
    func losses() {
        let registry = PrometheusRegistry(help: MetricHelp.texts)
        let metrics = CallMetrics(factory: PrometheusMetricsFactory(registry: registry))
        var losses = MediaLosses()
        losses.missedMessages = 1
        losses.overtakenMessages = 2
        losses.recognizerSamples = 3
        losses.recordingSamples = 4
        losses.staleSamples = 5
        losses.doubledMessages = 8
        let summary = CallSummary(
            reason: "caller hung up", samples: 8000, underruns: 6, echoes: 7, losses: losses)
        for _ in 0..<2 { metrics.count(.finished(summary)) }
        let page = registry.page()
        let values = [
            ("media_missed_messages", 2), ("media_overtaken_messages", 4), ("recognizer_dropped_samples", 6),
            ("recording_misplaced_samples", 8), ("playout_stale_samples", 10), ("playout_underruns", 12),
            ("echoes", 14), ("media_doubled_messages", 16),
        ]
        for (name, value) in values {
            #expect(page.contains("\nparley_\(name)_total \(value)\n"), "\(name)")
            #expect(page.contains("# HELP parley_\(name)_total "), "\(name)")
        }
    }
}
