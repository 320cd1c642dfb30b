import Agent
import Foundation
package import Logging
package import Store

/// Scores calls without a service: behind `parley calls score`.
package enum ScorecardDesk {
    /// Whether another process has scored a call that it has taken, at most.
    private static let looks = 300

    /// Scores calls anew, one after the other.
    ///
    /// - Parameters:
    ///   - ids: whole ids.
    ///   - wanted: told of each call that is to be scored from then on, whatever becomes of the others.
    /// - Returns: what is stored of each.
    /// - Throws: ``StoreError``, ``AgentFileErrors``.
    package static func score(
        _ ids: [String], in store: Store, configuration: ParleyConfiguration, logger: Logger,
        wanted: (String) async -> Void
    ) async throws -> [ScorecardView] {
        let library = try AgentLibrary.load(
            directory: URL(fileURLWithPath: configuration.agents.directory), drafts: try store.publishedFiles())
        let vendors = Vendors(configuration, logger: logger)
        let runner = ScorecardRunner(
            bench: CallWorkbench(
                store: store,
                agents: ScoredAgents(store: store, current: { Array(library.agents.values) }, logger: logger),
                models: { vendors.unlimitedModels }, gate: { vendors.gate($0) }, prices: configuration.prices,
                logger: logger))
        var views: [ScorecardView] = []
        do {
            for id in ids {
                try await store.wantScore(ofCall: id)
                await wanted(id)
                try await runner.score(call: id)
                var record = try await store.scorecard(ofCall: id)
                // A service on the same database may have been quicker.
                for _ in 0..<looks where record?.state == .pending {
                    try await Task.sleep(for: .milliseconds(200))
                    record = try await store.scorecard(ofCall: id)
                }
                if let record { views.append(ScorecardView(record)) }
            }
        } catch {
            await vendors.close()
            throw error
        }
        await vendors.close()
        return views
    }
}
