import Metrics
import Networking
import Speech

/// What operators watch of the speech providers, by provider and role.
final class SpeechMetrics: Sendable {
    private typealias Labels = [(String, String)]

    /// Metric objects are looked up under a lock and made once.
    private struct Series {
        var times: [String: Timer] = [:]
        var counters: [String: Counter] = [:]
    }

    private let series = Lock(Series())
    private let factory: any MetricsFactory

    init(factory: any MetricsFactory) { self.factory = factory }

    var observer: ProviderBoard.Observer { { self.count($2, provider: $0, role: $1) } }

    private func count(_ event: ProviderEvent, provider: String, role: ProviderEvent.Role) {
        let labels = [("provider", provider), ("role", role.rawValue)]
        switch event {
        case .took(let measure, let duration):
            let time = series.withLock { series in
                series.times.made("\(provider) \(role) \(measure)") {
                    Timer(
                        label: "parley_speech_seconds", dimensions: labels + [("measure", measure.rawValue)],
                        factory: factory)
                }
            }
            time.recordNanoseconds(Int64(duration / .nanoseconds(1)))
        case .realTimeFactor(let factor):
            let time = series.withLock { series in
                series.times.made("\(provider) \(role)") {
                    Timer(label: "parley_speech_real_time_factor", dimensions: labels, factory: factory)
                }
            }
            time.recordNanoseconds(Int64(factor * 1e9))
        case .ended(let outcome): increment("parley_speech_requests_total", labels + [("outcome", outcome.word)])
        case .replaced: increment("parley_speech_replaced_total", labels)
        case .unreadable: increment("parley_speech_unreadable_total", labels)
        case .late: increment("parley_speech_late_events_total", labels)
        case .lost(let bytes): increment("parley_speech_lost_bytes_total", labels, by: bytes)
        }
    }

    private func increment(_ name: String, _ labels: Labels, by amount: Int = 1) {
        let key = ([name] + labels.map(\.1)).joined(separator: " ")
        series.withLock { series in
            series.counters.made(key) { Counter(label: name, dimensions: labels, factory: factory) }
        }.increment(by: amount)
    }
}

extension Dictionary {
    fileprivate mutating func made(_ key: Key, _ make: () -> Value) -> Value {
        if let value = self[key] { return value }
        let value = make()
        self[key] = value
        return value
    }
}

extension ProviderOutcome {
    fileprivate var word: String {
        switch self {
        case .answered: "answered"
        case .cancelledByUs: "cancelled"
        case .nothingRequested: "refused"
        case .failed(let retryable): retryable ? "failed" : "denied"
        }
    }
}
