package import Foundation

/// Everything that an agent's version is a hash of: its file, and the files that this one refers to.
package struct AgentBundle: Sendable, Equatable {
    /// The file's name, for faults.
    package var file: String
    /// YAML, byte for byte.
    package var source: Data
    /// Path, as the source writes it → content.
    package var resources: [String: Data]

    package init(file: String, source: Data, resources: [String: Data] = [:]) {
        self.file = file
        self.source = source
        self.resources = resources
    }

    /// Reads an agent's file with all that it refers to.
    ///
    /// - Parameter meanings: what a flow's callers are understood by, where there is a model for it.
    /// - Throws: all its faults, in the order of its lines.
    package static func load(
        file: URL, meanings: SentenceMeanings? = nil
    ) throws(AgentFileErrors) -> (bundle: AgentBundle, agent: AgentDefinition) {
        let source: Data
        do { source = try Data(contentsOf: file) } catch {
            throw AgentFileErrors([
                AgentFileFault(
                    file: file.lastPathComponent, reason: "the file cannot be read: \(error.localizedDescription)")
            ])
        }
        return try read(source, file: file.lastPathComponent, meanings: meanings) { path in
            try Data(contentsOf: file.deletingLastPathComponent().appendingPathComponent(path))
        }
    }

    /// Reads an agent's source, and keeps what it refers to.
    ///
    /// - Parameters:
    ///   - meanings: as in ``load(file:meanings:)``.
    ///   - resource: reads what the source refers to, by relative path.
    /// - Throws: all its faults, in the order of its lines.
    package static func read(
        _ source: Data, file: String, meanings: SentenceMeanings? = nil, resource: (String) throws -> Data
    ) throws(AgentFileErrors) -> (bundle: AgentBundle, agent: AgentDefinition) {
        var bundle = AgentBundle(file: file, source: source)
        let agent = try AgentDefinition(yaml: source, file: file, meanings: meanings) { path in
            let content = try resource(path)
            bundle.resources[path] = content
            return content
        }
        return (bundle, agent)
    }

    /// The agent, of nothing but what is kept here: files may have changed since.
    ///
    /// - Throws: all its faults; a kept version has some where the program reads agents otherwise by now.
    package func definition(meanings: SentenceMeanings? = nil) throws(AgentFileErrors) -> AgentDefinition {
        try AgentDefinition(yaml: source, file: file, meanings: meanings) { path in
            guard let content = resources[path] else { throw Missing(path: path) }
            return content
        }
    }

    private struct Missing: LocalizedError {
        let path: String
        var errorDescription: String? { "\(path) is not kept with this version" }
    }
}
