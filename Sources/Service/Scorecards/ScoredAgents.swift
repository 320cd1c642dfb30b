import Agent
import Logging
import Networking
import Store

/// Finds the agent that took a call, with the scorecard, and what is to be written down, that it had then.
struct ScoredAgents: Sendable {
    /// Kept versions that are no longer live, at most: each costs the learning of its intents to read.
    private static let mostKept = 8

    private let current: @Sendable () -> [AgentDefinition]
    private let store: Store
    private let kept = Lock<[String: AgentDefinition]>([:])
    private let logger: Logger

    /// - Parameter current: those that answer now, also such as are on trial.
    init(store: Store, current: @escaping @Sendable () -> [AgentDefinition], logger: Logger) {
        self.store = store
        self.current = current
        self.logger = logger
    }

    /// Those whose calls are scored, by name.
    var scored: [String] { Set(current().filter { $0.scorecard != nil }.map(\.name)).sorted() }

    /// Those whose calls are written down, by name.
    var analyzed: [String] { Set(current().filter { $0.afterCall != nil }.map(\.name)).sorted() }

    /// The version that took the call: one that answers now, or one that was published. Where it is kept nowhere (a file
    /// that was changed since) it is the agent as it is now.
    func agent(_ name: String, version: String) async throws -> AgentDefinition? {
        let own = current().filter { $0.name == name }
        if let exact = own.first(where: { $0.version == version }) { return exact }
        if let exact = kept.withLock({ $0[version] }) { return exact }
        if let record = try await store.versions(of: name).first(where: { $0.hash == version }) {
            let content = try await store.content(ofVersion: record.number, of: name)
            do {
                let definition = try AgentBundle(content).definition()
                kept.withLock { kept in
                    if kept.count >= Self.mostKept { kept.removeAll() }
                    kept[version] = definition
                }
                return definition
            } catch {
                logger.warning(
                    "a kept version cannot be read; its calls are scored by the agent as it is now",
                    metadata: ["agent": "\(name)", "version": "\(record.number)", "reason": "\(error)"])
            }
        }
        return own.first
    }
}
