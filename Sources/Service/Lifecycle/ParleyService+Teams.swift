import Agent
import Foundation

/// What teams of agents do before and after calls, beside the calls.
extension ParleyService {
    func teams(_ vendors: Vendors, office: CampaignOffice?) -> TeamRunner {
        let (tools, models, webhooks) = (catalogue.tools, vendors.models, WebhookRoster(configuration.webhooks))
        return TeamRunner(
            store: store,
            workshop: TeamRunner.Workshop(
                agents: { [roster] in roster.definitions },
                dialogue: { [roster, store, configuration, counters, logger] agent, call in
                    var environment = DialogueEnvironment(
                        timeZone: configuration.calendar.timeZone, models: models,
                        reviews: StoredReviewDesk(store: store, webhooks: webhooks), counters: counters,
                        hasCaller: false, agents: roster.definitions, logger: logger)
                    environment.mayBeginAnew = true
                    return agent.makeDialogue(call: call, tools: tools, environment: environment)
                },
                office: office),
            webhooks: webhooks, mask: configuration.privacy.mask, logger: logger)
    }

    /// Lets teams work while `body` takes calls. What is under way when the service is told to stop is taken up by the next
    /// process.
    func withTeams(_ teams: TeamRunner, _ body: () async throws -> Void) async throws {
        let outcome: Result<Void, any Error> = await withTaskGroup(of: Void.self) { group in
            group.addTask { await teams.run(every: .seconds(1)) }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            group.cancelAll()
            return outcome
        }
        try outcome.get()
    }
}
