import Agent
import Foundation

/// Reads drafts of agents as the service would, one after the other, so that any number of people typing keep one core
/// busy at most.
actor AgentValidator {
    private let directory: URL
    private let objection: @Sendable (AgentDefinition) -> String?

    /// - Parameters:
    ///   - directory: of the agents, whose files a draft may refer to.
    ///   - objection: why a draft cannot work beside the agents that there are.
    init(directory: URL, objection: @escaping @Sendable (AgentDefinition) -> String? = { _ in nil }) {
        self.directory = directory
        self.objection = objection
    }

    func verdict(on source: String) -> AgentVerdict {
        do throws(AgentFileErrors) {
            let agent = try read(source, file: "draft.yaml").agent
            if let reason = objection(agent) {
                throw AgentFileErrors([AgentFileFault(file: "draft.yaml", reason: reason)])
            }
            let graph: FlowGraph? = if case .flow(let flow) = agent.engine { flow.graph } else { nil }
            return AgentVerdict(isValid: true, name: agent.name, kind: agent.kind, faults: [], graph: graph)
        } catch {
            return AgentVerdict(
                isValid: false, name: nil, kind: nil, faults: error.faults.map(AgentVerdict.Fault.init), graph: nil)
        }
    }

    /// A draft with all that it refers to.
    ///
    /// - Throws: all its faults.
    func read(
        _ source: String, file: String
    ) throws(AgentFileErrors) -> (bundle: AgentBundle, agent: AgentDefinition) {
        try AgentBundle.read(Data(source.utf8), file: file) { try resource($0) }
    }

    /// The agent of a draft that was read, as it would answer calls. It learns its sentences here, too.
    func definition(
        of bundle: AgentBundle, meanings: SentenceMeanings?
    ) throws(AgentFileErrors) -> AgentDefinition { try bundle.definition(meanings: meanings) }

    /// A file below the directory of agents, and no other: a draft comes over the network.
    private func resource(_ path: String) throws -> Data {
        let file = directory.appendingPathComponent(path).resolvingSymlinksInPath().standardizedFileURL
        let root = directory.resolvingSymlinksInPath().standardizedFileURL.path
        guard file.path.hasPrefix(root + "/") else { throw Outside() }
        return try Data(contentsOf: file)
    }

    private struct Outside: LocalizedError {
        var errorDescription: String? { "it is outside the directory of agents" }
    }
}
