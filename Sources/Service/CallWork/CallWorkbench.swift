import Agent
import Foundation
import Logging
import Metrics
import Speech
import Store

/// What everything that is done with calls when they are over works with, and what all of it does alike: ask a model behind
/// those who talk, pay for it, and store what was found.
struct CallWorkbench: Sendable {
    let store: Store
    /// As they were when they took the calls.
    let agents: ScoredAgents
    private let models: @Sendable () -> [String: any LanguageModel]
    private let gate: @Sendable (String) -> AccountGate?
    private let longestWait: Duration
    private let prices: ParleyConfiguration.Prices
    private let metrics: any MetricsFactory
    let lease: Duration
    let now: @Sendable () -> Date
    let logger: Logger

    /// - Parameters:
    ///   - models: those of the configuration, by provider; without the limits of their accounts.
    ///   - gate: those limits, which this shares with calls.
    ///   - longestWait: for room in an account, before it is asked for later.
    ///   - prices: what a model's tokens cost.
    ///   - metrics: where they are counted.
    ///   - lease: how long a process may take for a call's rules; for a model it takes more.
    init(
        store: Store, agents: ScoredAgents, models: @escaping @Sendable () -> [String: any LanguageModel],
        gate: @escaping @Sendable (String) -> AccountGate?, longestWait: Duration = .seconds(5),
        prices: ParleyConfiguration.Prices, metrics: any MetricsFactory = MetricsSystem.factory,
        lease: Duration = .seconds(60), now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) {
        self.store = store
        self.agents = agents
        self.models = models
        self.gate = gate
        self.longestWait = longestWait
        self.prices = prices
        self.metrics = metrics
        self.lease = lease
        self.now = now
        self.logger = logger
    }

    // MARK: Asking a model

    /// - Returns: nil where no such provider is configured.
    func model(of provider: String, meter: UsageMeter) -> MeteredModel? {
        models()[provider].map { MeteredModel(model: $0, provider: provider, meter: { meter }) }
    }

    /// The right to ask a model, given back when it has answered.
    struct Room: Sendable {
        /// Nil where the account has no limit.
        fileprivate let permit: AccountGate.Permit?

        func giveBack() { permit?.giveBack() }
    }

    /// Waits for room in the account of a provider. Those who talk come first: what is done with calls that are over is late
    /// rather than lost.
    ///
    /// - Returns: nil where calls leave none.
    func room(at provider: String) async -> Room? {
        guard let gate = gate(provider) else { return Room(permit: nil) }
        return await gate.enterAside(within: longestWait).map { Room(permit: $0) }
    }

    /// When a model is asked again that did not answer.
    func nextRequest(after attempt: Int) -> Date { now().addingTimeInterval(CallWorkRetry.wait(after: attempt)) }

    /// What was used of models alone.
    func cost(of meter: UsageMeter) -> CallCost? { prices.cost(of: meter.usage, carrier: "", length: .zero) }

    // MARK: Storing

    /// Works on a call that was taken.
    ///
    /// - Parameter failure: what is logged where it goes wrong. The lease ends by itself, and the call is taken again.
    func work(on call: String, failure: Logger.Message, _ work: () async throws -> Void) async {
        do { try await work() } catch {
            logger.error(failure, metadata: ["call.id": "\(call)", "error": "\(error)"])
        }
    }

    /// Counts what work on a call cost, and stores what was found.
    ///
    /// - Parameters:
    ///   - failure: what is logged each time that it could not be stored and is tried again.
    ///   - store: stores it; false where the call is somebody else's by now.
    func keep(
        on call: String, cost: CallCost?, failure: Logger.Message, _ store: () async throws -> Bool
    ) async throws -> Bool {
        // First: it is paid for, whether or not what came of it can be stored.
        if let cost { CallMetrics.count(cost, factory: metrics) }
        return try await CallWorkResult.store(
            isPaid: cost != nil,
            failed: { logger.warning(failure, metadata: ["call.id": "\(call)", "error": "\($0)"]) }, store)
    }
}
