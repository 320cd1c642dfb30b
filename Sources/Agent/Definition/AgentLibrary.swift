package import Foundation

/// The agents of a directory.
package struct AgentLibrary: Sendable {
    /// By name.
    package let agents: [String: AgentDefinition]
    /// What is wrong in files that were read as drafts; their agents are not in ``agents``.
    package let draftFaults: [AgentFileFault]

    package init(agents: [String: AgentDefinition], draftFaults: [AgentFileFault] = []) {
        self.agents = agents
        self.draftFaults = draftFaults
    }

    /// Reads every `*.yaml` file of `directory`; folders in it hold what these files refer to.
    ///
    /// - Parameters:
    ///   - drafts: names of files that may have faults, because something else answers in their place.
    ///   - meanings: what flows' callers are understood by, where there is a model for it.
    /// - Throws: all faults of all other files at once.
    package static func load(
        directory: URL, drafts: Set<String> = [], meanings: SentenceMeanings? = nil
    ) throws(AgentFileErrors) -> AgentLibrary {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        } catch {
            throw AgentFileErrors([
                AgentFileFault(
                    file: directory.path,
                    reason: "the directory of agents cannot be read: \(error.localizedDescription)")
            ])
        }
        var agents: [String: AgentDefinition] = [:]
        var faults: [AgentFileFault] = []
        var draftFaults: [AgentFileFault] = []
        for name in names.sorted() where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            do throws(AgentFileErrors) {
                let agent = try AgentDefinition.load(
                    file: directory.appendingPathComponent(name), meanings: meanings)
                if let other = agents[agent.name] {
                    faults.append(
                        AgentFileFault(
                            file: name,
                            reason:
                                "the agent is called `\(agent.name)`, as is the one in \(other.file); rename one of the two"
                        ))
                }
                agents[agent.name] = agent
            } catch {
                if drafts.contains(name) { draftFaults += error.faults } else { faults += error.faults }
            }
        }
        if names.isEmpty || (agents.isEmpty && faults.isEmpty && draftFaults.isEmpty) {
            faults.append(
                AgentFileFault(
                    file: directory.path, reason: "there is no agent here; add a file such as receptionist.yaml"))
        }
        guard faults.isEmpty else { throw AgentFileErrors(faults) }
        return AgentLibrary(agents: agents, draftFaults: draftFaults)
    }
}

extension AgentDefinition {
    /// Reads one agent file.
    ///
    /// - Throws: all its faults, in the order of its lines.
    package static func load(
        file: URL, meanings: SentenceMeanings? = nil
    ) throws(AgentFileErrors) -> AgentDefinition {
        try AgentBundle.load(file: file, meanings: meanings).agent
    }
}
