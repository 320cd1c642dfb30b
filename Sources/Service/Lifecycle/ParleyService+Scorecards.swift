import Agent
import Foundation

/// What scorecards make of calls that have ended, beside the calls.
extension ParleyService {
    func scorecards(_ vendors: Vendors) -> ScorecardRunner {
        let counters = ScorecardCounters()
        metrics.collect { counters.samples }
        let models = vendors.unlimitedModels
        return ScorecardRunner(
            store: store,
            agents: ScoredAgents(
                store: store,
                current: { [roster] in
                    let lanes = roster.lanes.values.flatMap { [$0.live, $0.trial].compactMap(\.self) }
                    return lanes.map(\.definition) + Array(roster.definitions.values)
                }, logger: logger),
            models: { models }, gate: { vendors.gate($0) }, prices: configuration.prices, counters: counters,
            metrics: metrics.factory,
            logger: logger)
    }

    /// Lets calls be scored while `body` takes calls. What is under way when the service is told to stop is taken up by the
    /// next process.
    func withScorecards(_ runner: ScorecardRunner, _ body: () async throws -> Void) async throws {
        let outcome: Result<Void, any Error> = await withTaskGroup(of: Void.self) { group in
            group.addTask { await runner.run(every: .seconds(1)) }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            group.cancelAll()
            return outcome
        }
        try outcome.get()
    }
}
