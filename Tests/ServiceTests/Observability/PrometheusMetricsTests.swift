import CoreMetrics
import Foundation
import Testing

@testable import Service

@Suite("Metrics for Prometheus")
struct PrometheusMetricsTests {
    private let registry = PrometheusRegistry(help: ["calls_total": "Calls \\ by\nkind \"all\"."])
    private var factory: PrometheusMetricsFactory { PrometheusMetricsFactory(registry: registry) }

    /// The page without the registry's own counter.
    private var page: String {
        registry.page().replacing(
            /# HELP parley_metrics_overflow_total[^§]*?parley_metrics_overflow_total \d+\n/, with: "")
    }

    @Test("A counter has help, type, and a line for each set of labels, whatever the order they were given in")
    func counters() {
        factory.makeCounter(label: "calls", dimensions: [("b", "2"), ("a", "1")]).increment(by: 2)
        factory.makeCounter(label: "calls_total", dimensions: [("a", "1"), ("b", "2")]).increment(by: 3)
        factory.makeCounter(label: "calls", dimensions: []).increment(by: 1)
        factory.makeCounter(label: "calls", dimensions: []).increment(by: -5)
        #expect(
            page == """
                # HELP calls_total Calls \\\\ by\\nkind "all".
                # TYPE calls_total counter
                calls_total 1
                calls_total{a="1",b="2"} 5

                """)
    }

    @Test(
        "Label values are escaped",
        arguments: [
            ("a\"b", "a\\\"b"), ("a\\b", "a\\\\b"), ("a\nb", "a\\nb"), ("é ☎", "é ☎"), ("\\n", "\\\\n"), ("", ""),
        ])
    func escaping(value: String, escaped: String) {
        factory.makeCounter(label: "calls", dimensions: [("kind", value)]).increment(by: 1)
        #expect(page.contains("calls_total{kind=\"\(escaped)\"} 1\n"))
    }

    @Test(
        "Names that the format does not allow are made so",
        arguments: [
            ("hb.requests", "hb_requests"), ("9lives", "_9lives"), ("", "_"), ("a:b", "a:b"), ("größe", "gr__e"),
            ("½", "_"),
        ])
    func names(label: String, name: String) {
        #expect(PrometheusName(label).text == name)
    }

    @Test(
        "Label names that the format keeps for itself are made harmless",
        arguments: [
            ("le", "label_le"), ("quantile", "label_quantile"), ("__name__", "label___name__"), ("a:b", "a_b"),
            ("part", "part"),
        ])
    func labelNames(dimension: String, name: String) {
        #expect(PrometheusName(dimension: dimension).text == name)
    }

    @Test("Of a label given twice the later value holds")
    func repeatedLabel() {
        factory.makeCounter(label: "calls", dimensions: [("a", "1"), ("a", "2")]).increment(by: 1)
        #expect(page.contains("calls_total{a=\"2\"} 1\n"))
    }

    @Test("Gauges rise and fall")
    func gauges() {
        let meter = factory.makeMeter(label: "calls_active", dimensions: [])
        meter.set(Int64(5))
        meter.increment(by: 1.5)
        meter.decrement(by: 3)
        factory.makeRecorder(label: "load", dimensions: [], aggregate: false).record(0.25)
        #expect(page.contains("# TYPE calls_active gauge\ncalls_active 3.5\n"))
        #expect(page.contains("# TYPE load gauge\nload 0.25\n"))
    }

    @Test(
        "Numbers that are none are written as the format says",
        arguments: [
            (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e300, "1e+300"), (3, "3"), (-0.5, "-0.5"),
            (0.0005, "0.0005"),
        ])
    func numbers(value: Double, text: String) {
        #expect(PrometheusText.number(value) == text)
    }

    @Test("A timer is a histogram in seconds, its buckets cumulative")
    func timers() {
        let timer = factory.makeTimer(label: "response", dimensions: [("part", "own")])
        for milliseconds in [1, 5, 6, 480, 60_000] { timer.recordNanoseconds(Int64(milliseconds) * 1_000_000) }
        let lines = page.split(separator: "\n").map(String.init)
        #expect(lines.contains("# TYPE response_seconds histogram"))
        #expect(lines.contains("response_seconds_bucket{part=\"own\",le=\"0.0005\"} 0"))
        #expect(lines.contains("response_seconds_bucket{part=\"own\",le=\"0.001\"} 1"))
        #expect(lines.contains("response_seconds_bucket{part=\"own\",le=\"0.005\"} 2"))
        #expect(lines.contains("response_seconds_bucket{part=\"own\",le=\"0.01\"} 3"))
        #expect(lines.contains("response_seconds_bucket{part=\"own\",le=\"0.5\"} 4"))
        #expect(lines.contains("response_seconds_bucket{part=\"own\",le=\"10\"} 4"))
        #expect(lines.contains("response_seconds_bucket{part=\"own\",le=\"+Inf\"} 5"))
        #expect(lines.contains("response_seconds_count{part=\"own\"} 5"))
        #expect(lines.contains("response_seconds_sum{part=\"own\"} 60.492"))
    }

    @Test("What is no number does not spoil a histogram or a sum")
    func notANumber() {
        let recorder = factory.makeRecorder(label: "size", dimensions: [], aggregate: true)
        for value in [Double.nan, .infinity, 3] { recorder.record(value) }
        let sum = factory.makeFloatingPointCounter(label: "work", dimensions: [])
        for value in [Double.nan, -1, .infinity, 0.5] { sum.increment(by: value) }
        #expect(page.contains("size_sum 3\nsize_count 1\n"))
        #expect(page.contains("work_total 0.5\n"))
    }

    @Test("Labels from outside cannot take memory without end: the rest is folded into one series and counted")
    func cardinality() {
        var limits = PrometheusRegistry.Limits()
        limits.seriesPerMetric = 3
        let registry = PrometheusRegistry(limits: limits)
        let factory = PrometheusMetricsFactory(registry: registry)
        for number in 0..<10 {
            factory.makeCounter(label: "calls", dimensions: [("from", "\(number)")]).increment(by: 1)
        }
        factory.makeCounter(label: "calls", dimensions: [("from", "1")]).increment(by: 1)
        let lines = registry.page().split(separator: "\n")
        #expect(
            lines.filter { $0.hasPrefix("calls_total{") } == [
                "calls_total{from=\"0\"} 1", "calls_total{from=\"1\"} 2", "calls_total{from=\"2\"} 1",
                "calls_total{from=\"other\"} 7",
            ])
        #expect(lines.contains("parley_metrics_overflow_total 7"))
    }

    @Test("The number of metrics is bounded too")
    func metricCount() {
        var limits = PrometheusRegistry.Limits()
        limits.metrics = 2
        let registry = PrometheusRegistry(limits: limits)
        let factory = PrometheusMetricsFactory(registry: registry)
        for number in 0..<5 { factory.makeCounter(label: "metric\(number)", dimensions: []).increment(by: 1) }
        #expect(registry.page().contains("metric1_total 1"))
        #expect(!registry.page().contains("metric2"))
        #expect(registry.page().contains("parley_metrics_overflow_total 3"))
    }

    @Test("A name that means another kind of metric already is left out and counted")
    func conflictingKinds() {
        factory.makeMeter(label: "load", dimensions: []).set(Int64(1))
        factory.makeRecorder(label: "load", dimensions: [], aggregate: true).record(Int64(7))
        #expect(page.contains("# TYPE load gauge\nload 1\n"))
        #expect(registry.page().contains("parley_metrics_overflow_total 1"))
    }

    @Test("What is destroyed is forgotten")
    func destruction() {
        let counter = factory.makeCounter(label: "calls", dimensions: [])
        counter.increment(by: 1)
        factory.destroyCounter(counter)
        #expect(page == "")
        factory.makeCounter(label: "calls", dimensions: []).increment(by: 1)
        #expect(page.contains("calls_total 1\n"))
    }

    @Test("Values that others keep are read when the page is")
    func collectors() {
        registry.collect {
            [.gauge("sockets", 3, dimensions: [("loop", "0")]), .gauge("sockets", 4, dimensions: [("loop", "1")])]
        }
        #expect(page.contains("# TYPE sockets gauge\nsockets{loop=\"0\"} 3\nsockets{loop=\"1\"} 4\n"))
    }

    @Test("The process's own figures are there and plausible")
    func processMetrics() {
        let samples = Dictionary(uniqueKeysWithValues: ProcessMetrics().samples().map { ($0.name, $0.value) })
        #expect(samples["process_cpu_seconds_total", default: 0] > 0)
        #expect(samples["process_resident_memory_bytes", default: 0] > 1_000_000)
        #expect(samples["process_open_fds", default: 0] > 2)
        #expect(samples["process_threads", default: 0] >= 1)
        #expect(abs(samples["process_start_time_seconds", default: 0] - Date().timeIntervalSince1970) < 60)
    }

    @Test("Nothing is lost when many tasks count at once, and make the same series at once")
    func concurrency() async {
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        factory.makeCounter(label: "calls", dimensions: [("a", "b")]).increment(by: 1)
                        factory.makeFloatingPointCounter(label: "work", dimensions: []).increment(by: 0.5)
                        factory.makeTimer(label: "response", dimensions: []).recordNanoseconds(1_000_000_000)
                    }
                }
            }
        }
        #expect(page.contains("calls_total{a=\"b\"} 8000\n"))
        #expect(page.contains("work_total 4000\n"))
        #expect(page.contains("response_seconds_sum 8000\nresponse_seconds_count 8000\n"))
    }

    @Test(
        "Prometheus's own parser reads the page as it was meant",
        .enabled(if: TestPeers.python != nil, "set PARLEY_PEERS to the directory of the peers, as make test does"))
    func foreignParser() throws {
        factory.makeCounter(label: "calls", dimensions: [("kind", "a\"b\\c\nd"), ("le", "x")]).increment(by: 7)
        factory.makeTimer(label: "response", dimensions: [("part", "own")]).recordNanoseconds(480_000_000)
        factory.makeMeter(label: "load", dimensions: []).set(-2.5)
        registry.collect {
            ProcessMetrics().samples() + [
                .histogram(
                    "lateness_seconds", buckets: [(0.001, 5), (0.01, 2), (.infinity, 1)], sum: 0.5,
                    dimensions: [("loop", "media-0")])
            ]
        }
        let program = """
            import sys
            from prometheus_client.parser import text_string_to_metric_families
            families = {f.name: f for f in text_string_to_metric_families(sys.stdin.read())}
            calls = families["calls"].samples[0]
            assert (calls.name, calls.value) == ("calls_total", 7.0), calls
            assert calls.labels == {"kind": 'a"b\\\\c\\nd', "label_le": "x"}, calls
            assert families["calls"].documentation == 'Calls \\\\ by\\nkind "all".', families["calls"].documentation
            assert families["response_seconds"].type == "histogram"
            buckets = {s.labels.get("le"): s.value for s in families["response_seconds"].samples if s.name.endswith("_bucket")}
            assert buckets["0.4"] == 0 and buckets["0.5"] == 1 and buckets["+Inf"] == 1, buckets
            assert families["lateness_seconds"].type == "histogram"
            late = {s.labels.get("le", s.name): s.value for s in families["lateness_seconds"].samples}
            assert late == {"0.001": 5, "0.01": 7, "+Inf": 8, "lateness_seconds_sum": 0.5, "lateness_seconds_count": 8}, late
            assert families["load"].samples[0].value == -2.5
            assert families["process_cpu_seconds"].samples[0].value > 0
            print(len(families))
            """
        let output = try TestPeers.run(program, input: registry.page())
        #expect(output.status == 0, "\(output.error)")
        #expect(Int(output.text.trimmingCharacters(in: .newlines)) ?? 0 >= 9)
    }
}
