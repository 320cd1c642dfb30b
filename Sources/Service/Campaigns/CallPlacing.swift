import Agent
import Campaigns
import Foundation
import Logging
import Networking
import ServiceLifecycle
import Store
import Telephony

extension AgentDefinition {
    /// Whether a campaign of some business could use it: no other agent needs to hear who answers.
    var canPlaceCalls: Bool {
        Disclosure(greeting: greeting, seller: "").missing.allSatisfy { $0 == .identity }
    }
}

extension CampaignRunner.Options {
    init(_ configuration: ParleyConfiguration.Campaigns) {
        self.init()
        grace = configuration.lookUpAfter / .seconds(1)
        patience = configuration.giveUpAfter / .seconds(1)
        silence = configuration.askAfter / .seconds(1)
        recheck = min(recheck, max(1, silence))
    }
}

/// The part of the service that places calls: the runner of campaigns and its connections to the carrier.
struct CallPlacing {
    let runner: CampaignRunner
    private let client: HTTPClient

    /// Nil when this service does not place calls, or has no account to place them with.
    ///
    /// - Parameters:
    ///   - agents: those that can hold a call, at any moment.
    ///   - rates: of the accounts, for whoever places calls with them.
    ///   - freeLines: how many more calls can be held.
    init?(
        _ configuration: ParleyConfiguration, store: Store, agents: AgentRoster, rates: CallRates,
        freeLines: @escaping @Sendable () -> Int, options: CampaignRunner.Options, metrics: PrometheusRegistry,
        logger: Logger
    ) throws {
        guard Self.isPossible(configuration), let account = try CallingAccount(configuration) else { return nil }
        client = HTTPClient(logger: logger)
        runner = CampaignRunner(
            office: CampaignOffice(
                store: store, rules: try CallingRules(directory: configuration.campaigns.directory),
                current: { agents.lanes.mapValues(\.live.definition) },
                decisionKeys: try configuration.campaigns.decisionKeys()),
            carrier: CallControl(client: client, account.dialect), rate: rates.rate(of: account),
            concurrency: configuration.campaigns.concurrency, options: options,
            webhooks: WebhookRoster(configuration.webhooks), metrics: metrics.factory, freeLines: freeLines,
            logger: logger)
    }

    /// Whether this service places calls.
    static func isPossible(_ configuration: ParleyConfiguration) -> Bool {
        configuration.campaigns.isCalling && CallingAccount.missing(in: configuration).isEmpty
    }

    /// Places calls while `body` holds them, and stops when the service is told to stop.
    func run(_ body: () async throws -> Void) async throws {
        let outcome: Result<Void, any Error> = await withTaskGroup(of: Void.self) { group in
            let runner = runner
            group.addTask { await runner.follow() }
            // No new calls from that moment on; requests under way are looked up at the next start.
            group.addTask { await cancelWhenGracefulShutdown { await runner.run() } }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            group.cancelAll()
            return outcome
        }
        await client.shutdown()
        try outcome.get()
    }
}
