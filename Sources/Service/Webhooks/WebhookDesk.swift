import Foundation
import Networking
import Speech
import Store

/// What operators see of the outbox: how each endpoint stands, and what was counted. Written by the dispatcher.
final class WebhookDesk: Sendable {
    /// How an endpoint stands, as the dispatcher saw it last.
    struct Standing: Sendable {
        var lane: WebhookPlanner.Lane?
        var outbox = WebhookStanding()
        var disabled: DisabledWebhookEndpoint?
    }

    private struct Count: Hashable {
        let endpoint: String
        let result: String
    }

    private struct State {
        var standings: [String: Standing] = [:]
        var counts: [Count: Int] = [:]
        var seconds: [String: (buckets: [Int], sum: Double)] = [:]
    }

    /// Upper ends of the histogram of attempts, in seconds.
    private static let bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, .infinity]

    let configuration: ParleyConfiguration.Webhooks
    private let state = Lock(State())

    init(_ configuration: ParleyConfiguration.Webhooks) {
        self.configuration = configuration
        state.withLock { state in
            for name in configuration.endpoints.keys {
                state.standings[name] = Standing()
                state.seconds[name] = ([Int](repeating: 0, count: Self.bounds.count), 0)
                for result in ["delivered", "failed", "dead"] {
                    state.counts[Count(endpoint: name, result: result)] = 0
                }
            }
        }
    }

    func standing(_ endpoint: String) -> Standing { state.withLock { $0.standings[endpoint] ?? Standing() } }

    func publish(_ standings: [String: Standing]) { state.withLock { $0.standings = standings } }

    /// - Parameters:
    ///   - result: `delivered`, `failed` (it is tried again) or `dead`.
    ///   - took: of the attempt; nil where there was none.
    func count(_ result: String, of endpoint: String, number: Int = 1, took: Duration? = nil) {
        state.withLock { state in
            state.counts[Count(endpoint: endpoint, result: result), default: 0] += number
            guard let took, var seconds = state.seconds[endpoint] else { return }
            let value = took / .seconds(1)
            if let index = Self.bounds.firstIndex(where: { value <= $0 }) { seconds.buckets[index] += 1 }
            seconds.sum += value
            state.seconds[endpoint] = seconds
        }
    }

    /// For the page of metrics.
    var samples: [PrometheusSample] {
        let (state, now) = (state.withLock { $0 }, Date())
        var samples: [PrometheusSample] = []
        for (count, value) in state.counts.sorted(by: {
            ($0.key.endpoint, $0.key.result) < ($1.key.endpoint, $1.key.result)
        }) {
            samples.append(
                .counter(
                    "parley_webhook_deliveries_total", value,
                    dimensions: [("endpoint", count.endpoint), ("result", count.result)]))
        }
        for (name, seconds) in state.seconds.sorted(by: { $0.key < $1.key }) {
            samples.append(
                .histogram(
                    "parley_webhook_seconds", buckets: zip(Self.bounds, seconds.buckets).map { ($0, $1) },
                    sum: seconds.sum, dimensions: [("endpoint", name)]))
        }
        for (name, standing) in state.standings.sorted(by: { $0.key < $1.key }) {
            let labels = [("endpoint", name)]
            let age = standing.outbox.oldestPending.map { max(0, now.timeIntervalSince($0)) } ?? 0
            samples.append(.gauge("parley_webhook_pending", standing.outbox.pending, dimensions: labels))
            samples.append(.gauge("parley_webhook_oldest_pending_seconds", age, dimensions: labels))
            samples.append(
                .gauge(
                    "parley_webhook_resting",
                    standing.lane.map { $0.isGone || $0.circuit.state != .closed || now < $0.pausedUntil } == true
                        ? 1 : 0,
                    dimensions: labels))
        }
        return samples
    }
}
