import Agent
package import Foundation

/// Looks an agent's file over: what is wrong in it, and what it names that the service lacks.
package enum AgentCheck {
    package struct Finding: Sendable, Encodable, Equatable {
        package var file: String
        /// From 1; 0 when the fault is of the file as a whole.
        package var line: Int
        package var reason: String
        /// False for what only the configuration lacks, so that the agent is left out but nothing in its file is wrong.
        package var isFault: Bool

        fileprivate init(_ fault: AgentFileFault, isFault: Bool = true) {
            (file, line, reason) = (fault.file, fault.line, fault.reason)
            self.isFault = isFault
        }
    }

    /// Every fault of one agent, or of all.
    ///
    /// - Parameters:
    ///   - name: an agent's name or its file's, with or without `.yaml`; nil for all.
    /// - Throws: when there is no such file.
    package static func findings(_ name: String?, configuration: ParleyConfiguration) async throws -> [Finding] {
        let tools = try await ToolCatalogue.definitions(configuration)
        let directory = URL(fileURLWithPath: configuration.agents.directory)
        let files = try files(name, in: directory)
        let models = Set(configuration.providers.filter { $0.value.kind.roles.contains(.languageModel) }.keys)
        return files.flatMap { file -> [Finding] in
            var faults: [AgentFileFault]
            var notes: [AgentFileFault] = []
            do throws(AgentFileErrors) {
                let agent = try AgentDefinition.load(file: file)
                faults = agent.faults(tools: tools, providers: Set(agent.providers))
                notes = agent.faults(tools: tools, providers: models).filter { !faults.contains($0) }
                if let judge = agent.scorecard?.judge, !models.contains(judge.provider) {
                    notes.append(
                        AgentFileFault(
                            file: agent.file,
                            reason: "nobody answers the scorecard's questions: there is no model provider "
                                + "`\(judge.provider)`; add providers.\(judge.provider) to the configuration"))
                }
                if let model = agent.afterCall?.model, !models.contains(model.provider) {
                    notes.append(
                        AgentFileFault(
                            file: agent.file,
                            reason: "what is written down after calls is by rules alone: there is no model provider "
                                + "`\(model.provider)`; add providers.\(model.provider) to the configuration"))
                }
            } catch {
                faults = error.faults
            }
            if let bytes = try? Data(contentsOf: file) {
                faults += AgentDefinition.overlaps(yaml: bytes, file: file.lastPathComponent)
            }
            return faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) }.map { Finding($0) }
                + notes.map { Finding($0, isFault: false) }
        }
    }

    /// The names of the files that were looked at by ``findings(_:configuration:)``.
    package static func files(_ name: String?, in directory: URL) throws -> [URL] {
        let entries: [String]
        do { entries = try FileManager.default.contentsOfDirectory(atPath: directory.path) } catch {
            throw AgentError(
                .invalidAgent, operation: "read the directory of agents", subject: directory.path,
                detail: "\(error.localizedDescription); --config names the configuration that has agents.directory")
        }
        let all = entries.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
        guard let name else { return all.map { directory.appendingPathComponent($0) } }
        let fitting = all.filter { file in
            file == name || file.prefix { $0 != "." } == name
                || (try? AgentDefinition.load(file: directory.appendingPathComponent(file)))?.name == name
        }
        guard !fitting.isEmpty else {
            throw AgentError(
                .invalidAgent, operation: "find the agent", subject: name,
                detail: "there is no such file in \(directory.path); there are: \(all.joined(separator: ", "))")
        }
        return fitting.map { directory.appendingPathComponent($0) }
    }
}

extension AgentDefinition {
    /// The model providers it names.
    fileprivate var providers: [String] {
        if case .model(let settings) = engine { settings.providers } else { [] }
    }
}
