package import Foundation

/// The agents of a directory.
package struct AgentLibrary: Sendable {
    /// By name.
    package let agents: [String: AgentDefinition]

    /// Reads every `*.yaml` file of `directory`; folders in it hold what these files refer to.
    ///
    /// - Throws: all faults of all files at once.
    package static func load(directory: URL) throws(AgentFileErrors) -> AgentLibrary {
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
        for name in names.sorted() where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            do throws(AgentFileErrors) {
                let agent = try AgentDefinition.load(file: directory.appendingPathComponent(name))
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
                faults += error.faults
            }
        }
        if names.isEmpty || (agents.isEmpty && faults.isEmpty) {
            faults.append(
                AgentFileFault(
                    file: directory.path, reason: "there is no agent here; add a file such as receptionist.yaml"))
        }
        guard faults.isEmpty else { throw AgentFileErrors(faults) }
        return AgentLibrary(agents: agents)
    }
}

extension AgentDefinition {
    /// Reads one agent file.
    ///
    /// - Throws: all its faults, in the order of its lines.
    package static func load(file: URL) throws(AgentFileErrors) -> AgentDefinition {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: file)
        } catch {
            throw AgentFileErrors([
                AgentFileFault(
                    file: file.lastPathComponent, reason: "the file cannot be read: \(error.localizedDescription)")
            ])
        }
        return try AgentDefinition(yaml: bytes, file: file.lastPathComponent) { path in
            try Data(contentsOf: file.deletingLastPathComponent().appendingPathComponent(path))
        }
    }
}
