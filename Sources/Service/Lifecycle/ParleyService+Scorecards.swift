import Agent
import Foundation

/// What is made of calls that have ended, beside the calls.
extension ParleyService {
    /// Finds the agents that took calls as they were then, and asks models as those who talk do.
    private func bench(_ vendors: Vendors) -> CallWorkbench {
        let agents = ScoredAgents(
            store: store,
            current: { [roster] in
                let lanes = roster.lanes.values.flatMap { [$0.live, $0.trial].compactMap(\.self) }
                return lanes.map(\.definition) + Array(roster.definitions.values)
            }, logger: logger)
        let models = vendors.unlimitedModels
        return CallWorkbench(
            store: store, agents: agents, models: { models }, gate: { vendors.gate($0) }, prices: configuration.prices,
            metrics: metrics.factory, logger: logger)
    }

    func scorecards(_ vendors: Vendors) -> ScorecardRunner {
        let counters = ScorecardCounters()
        metrics.collect { counters.samples }
        return ScorecardRunner(bench: bench(vendors), counters: counters)
    }

    func analyses(_ vendors: Vendors) -> AnalysisRunner {
        let counters = AnalysisCounters()
        metrics.collect { counters.samples }
        return AnalysisRunner(
            bench: bench(vendors), mask: configuration.privacy.mask, webhooks: WebhookRoster(configuration.webhooks),
            counters: counters)
    }

    /// Lets calls be scored and written down while `body` takes calls. What is under way when the service is told to stop is
    /// taken up by the next process.
    func withCallWork(
        _ scorecards: ScorecardRunner, _ analyses: AnalysisRunner, _ body: () async throws -> Void
    ) async throws {
        let outcome: Result<Void, any Error> = await withTaskGroup(of: Void.self) { group in
            group.addTask { [callWorkPace] in await scorecards.run(every: callWorkPace) }
            group.addTask { [callWorkPace] in await analyses.run(every: callWorkPace) }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            group.cancelAll()
            return outcome
        }
        try outcome.get()
    }
}
