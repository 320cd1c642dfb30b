import Networking

/// Counts what came to the carriers' addresses and was not believed. Any thread.
final class WebhookRefusals: Sendable {
    private struct Place: Hashable {
        let carrier: String
        let fault: WebhookFault
    }

    private let counts = Lock<[Place: Int]>([:])

    /// Begins to count a carrier's, from zero: what is not there before it rises is not seen to rise.
    func watch(_ carrier: String) {
        counts.withLock { counts in
            for fault in WebhookFault.allCases { counts[Place(carrier: carrier, fault: fault), default: 0] += 0 }
        }
    }

    /// - Parameter carrier: one of ours; never what a request says of itself.
    func add(_ fault: WebhookFault, of carrier: String) {
        counts.withLock { $0[Place(carrier: carrier, fault: fault), default: 0] += 1 }
    }

    var samples: [PrometheusSample] {
        counts.withLock { $0 }.map { place, count in
            PrometheusSample.counter(
                "parley_carrier_webhooks_refused_total", count,
                dimensions: [("carrier", place.carrier), ("reason", place.fault.rawValue)])
        }
    }
}
