import Campaigns
import Foundation
import Speech
import Store

/// Decides which deliveries are sent now and what follows from each answer. A value; time is an argument.
///
/// An endpoint that fails again and again rests, and one request then tries it for all others; what a `Retry-After` asks
/// for is kept for the whole endpoint. Deliveries of one stream go out one after the other, those of others beside them.
struct WebhookPlanner: Sendable {
    struct Settings: Sendable, Equatable {
        var concurrency = 16
        var firstRetry = Duration.seconds(5)
        var longestRetry = Duration.seconds(3600)
        var giveUpAfter = Duration.seconds(86_400)
        /// What a `Retry-After` may ask for at most.
        var longestPause = Duration.seconds(3600)
        var circuit = {
            var circuit = CircuitBreaker.Settings()
            circuit.failuresToOpen = 5
            circuit.shortestRest = .seconds(5)
            circuit.longestRest = .seconds(300)
            circuit.probeDeadline = .seconds(90)
            return circuit
        }()

        init() {}

        init(_ configuration: ParleyConfiguration.Webhooks) {
            concurrency = configuration.concurrency
            firstRetry = configuration.firstRetry
            longestRetry = configuration.longestRetry
            giveUpAfter = configuration.giveUpAfter
        }

        /// Requests to one endpoint at a time: no slow one may keep the others waiting.
        var concurrencyPerEndpoint: Int { max(1, concurrency / 4) }
    }

    /// What is known of one endpoint.
    struct Lane: Sendable, Equatable {
        fileprivate(set) var circuit: CircuitBreaker
        /// It asked for a pause until then.
        fileprivate(set) var pausedUntil = Date.distantPast
        /// Streams of which something is under way, and what.
        fileprivate(set) var underWay: [String: String] = [:]
        fileprivate(set) var isGone = false
    }

    let settings: Settings
    private(set) var lanes: [String: Lane] = [:]

    init(_ settings: Settings = Settings()) { self.settings = settings }

    private func lane(_ endpoint: String) -> Lane { lanes[endpoint] ?? Lane(circuit: CircuitBreaker(settings.circuit)) }

    /// Requests under way, to all endpoints.
    var underWay: Int { lanes.values.reduce(0) { $0 + $1.underWay.count } }

    /// How many deliveries an endpoint may be sent now; the outbox need not be looked at for one that takes none.
    func room(_ endpoint: String, at now: Date) -> Int {
        let lane = lane(endpoint)
        guard !lane.isGone, now >= lane.pausedUntil, lane.circuit.permits(at: Self.time(now)) else { return 0 }
        // One request tries it for all others.
        let own = lane.circuit.state == .closed ? settings.concurrencyPerEndpoint : 1
        return max(0, min(own - lane.underWay.count, settings.concurrency - underWay))
    }

    /// Chooses what is sent now, and counts it as under way.
    ///
    /// - Parameter candidates: of one endpoint, waiting, in the order of the outbox.
    mutating func begin(_ candidates: [WebhookDelivery], at now: Date) -> [WebhookDelivery] {
        var begun: [WebhookDelivery] = []
        var seen: Set<String> = []
        for delivery in candidates {
            // The first of a stream that waits holds back those behind it, whether it is due or not.
            guard seen.insert(delivery.stream).inserted, delivery.state == .pending, delivery.payload != nil,
                delivery.nextAt <= now, room(delivery.endpoint, at: now) > 0
            else { continue }
            var lane = lane(delivery.endpoint)
            guard lane.underWay[delivery.stream] == nil else { continue }
            lane.underWay[delivery.stream] = delivery.id
            lane.circuit.began(at: Self.time(now))
            lanes[delivery.endpoint] = lane
            begun.append(delivery)
        }
        return begun
    }

    /// What follows from an answer for the delivery.
    ///
    /// - Parameter delivery: as it was begun.
    func verdict(on delivery: WebhookDelivery, _ answer: WebhookAnswer, at now: Date) -> WebhookVerdict {
        guard answer != .cancelled else { return .untried }
        guard let fault = answer.fault else { return .delivered }
        if case .status(410, _, _) = answer { return .gone(reason: fault) }
        var delay = Self.delay(afterAttempts: delivery.attempts + 1, of: delivery.id, settings)
        if let pause = pause(answer) { delay = max(delay, pause) }
        let next = now + delay / .seconds(1)
        guard next < delivery.queuedAt + settings.giveUpAfter / .seconds(1) else {
            return .dead(reason: "given up after \(delivery.attempts + 1) attempts; \(fault)")
        }
        return .again(at: next, reason: fault)
    }

    /// Takes what follows from an answer for the endpoint; the next of the stream may go.
    mutating func finish(_ delivery: WebhookDelivery, _ answer: WebhookAnswer, at now: Date) {
        var lane = lane(delivery.endpoint)
        lane.underWay[delivery.stream] = nil
        let outcome: ProviderOutcome =
            answer == .cancelled ? .cancelledByUs : answer.isEndpointsFault ? .failed(retryable: true) : .answered
        lane.circuit.note(outcome, at: Self.time(now))
        if let pause = pause(answer) { lane.pausedUntil = max(lane.pausedUntil, now + pause / .seconds(1)) }
        if case .status(410, _, _) = answer { lane.isGone = true }
        lanes[delivery.endpoint] = lane
    }

    private func pause(_ answer: WebhookAnswer) -> Duration? {
        guard case .status(_, let wanted?, _) = answer, answer.fault != nil else { return nil }
        return min(wanted, settings.longestPause)
    }

    /// The endpoint is another one now, or is to be tried again.
    mutating func enable(_ endpoint: String) { lanes[endpoint]?.isGone = false }

    /// The endpoint wants nothing any more, as an earlier process was told.
    mutating func disable(_ endpoint: String) {
        var lane = lane(endpoint)
        lane.isGone = true
        lanes[endpoint] = lane
    }

    /// Doubles with each attempt up to the longest; a fifth more or less, so that what failed together does not come back
    /// together. The same for the same delivery and attempt.
    static func delay(afterAttempts attempts: Int, of id: String, _ settings: Settings) -> Duration {
        let doubled = settings.firstRetry * (1 << min(attempts - 1, 20))
        let seed = id.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        var chance = SplitMix(seed: seed &+ UInt64(attempts))
        return min(doubled, settings.longestRetry) * (0.8 + 0.4 * chance.unit())
    }

    private static func time(_ now: Date) -> Duration { .seconds(now.timeIntervalSince1970) }
}
