import Foundation
import Store
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
        losses.damagedPackets = 9
        losses.concealedPackets = 10
        let summary = CallSummary(
            reason: "caller hung up", samples: 8000, underruns: 6, echoes: 7, losses: losses)
        for _ in 0..<2 { metrics.count(.finished(summary)) }
        let page = registry.page()
        let values = [
            ("media_missed_messages", 2), ("media_overtaken_messages", 4), ("recognizer_dropped_samples", 6),
            ("recording_misplaced_samples", 8), ("playout_stale_samples", 10), ("playout_underruns", 12),
            ("echoes", 14), ("media_doubled_messages", 16), ("media_damaged_packets", 18),
            ("media_concealed_packets", 20),
        ]
        for (name, value) in values {
            #expect(page.contains("\nparley_\(name)_total \(value)\n"), "\(name)")
            #expect(page.contains("# HELP parley_\(name)_total "), "\(name)")
        }
    }

    @Test("what callers said of being recorded is counted by what they said")
    func consents() {
        let registry = PrometheusRegistry(help: MetricHelp.texts)
        let metrics = CallMetrics(factory: PrometheusMetricsFactory(registry: registry))
        for state in [RecordingConsent.State.granted, .granted, .withdrawn] {
            metrics.count(.note(position: 0, .consent(RecordingConsent(state: state))))
        }
        let page = registry.page()
        #expect(page.contains("\nparley_recording_consents_total{state=\"granted\"} 2\n"))
        #expect(page.contains("\nparley_recording_consents_total{state=\"withdrawn\"} 1\n"))
        #expect(page.contains("# HELP parley_recording_consents_total "))
    }

    @Test("what a call used and cost is on the page of metrics, by provider")
    func costs() {
        let registry = PrometheusRegistry(help: MetricHelp.texts)
        var metrics = CallMetrics(factory: PrometheusMetricsFactory(registry: registry))
        var call = CallRecord(
            id: "a", carrier: "twilio", direction: .inbound, from: "", to: "", agent: "a", agentVersion: "1",
            startedAt: Date(timeIntervalSince1970: 0))
        call.cost = CallCost(
            currency: "EUR",
            items: [
                CallCost.Item(provider: "ears", unit: "audio_ms", quantity: 1500, amount: Decimal(string: "0.25")),
                CallCost.Item(provider: "mind", unit: "input_tokens", quantity: 7),
            ])
        for _ in 0..<2 { metrics.ended(call) }
        let page = registry.page()
        for line in [
            #"parley_usage_total{provider="ears",unit="audio_ms"} 3000"#,
            #"parley_usage_total{provider="mind",unit="input_tokens"} 14"#,
            #"parley_cost_total{currency="EUR",provider="ears"} 0.5"#,
        ] {
            #expect(page.contains("\n\(line)\n"), "\(page)")
        }
        #expect(page.contains("# HELP parley_cost_total ") && page.contains("# HELP parley_usage_total "))
    }
}
