import Agent
import Logging
import ServiceLifecycle

extension ParleyService {
    /// Asked before anything is prepared for a call that nobody would take.
    func agent(named name: String) throws -> AgentDefinition {
        if let agent = agents.agents[name] { return agent }
        let known = agents.agents.keys.sorted().joined(separator: ", ")
        throw DemoError(reason: "there is no agent \"\(name)\"; there are \(known)")
    }

    /// Runs the service for as long as `body` does, and stops it in good order.
    func whileRunning<Result: Sendable>(
        logger: Logger, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let group = ServiceGroup(services: [self], logger: quiet)
        return try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            let outcome: Swift.Result<Result, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try outcome.get()
        }
    }
}
