package import Foundation
import Yams

/// The connectors and MCP servers of a directory.
package struct ConnectorLibrary: Sendable {
    /// In the order of their files.
    package let connectors: [Connector]
    package let servers: [MCPServer]

    /// Reads every `*.yaml` file of `directory`. One that is not there holds none.
    ///
    /// - Parameter environment: where `${NAME}` is looked up.
    /// - Throws: all faults of all files at once.
    package static func load(
        directory: URL, environment: [String: String]
    ) throws(AgentFileErrors) -> ConnectorLibrary {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? [])
            .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
        var connectors: [Connector] = []
        var servers: [MCPServer] = []
        var owners: [String: String] = [:]
        var faults: [AgentFileFault] = []
        for name in names {
            guard let bytes = try? Data(contentsOf: directory.appendingPathComponent(name)) else {
                faults.append(AgentFileFault(file: name, reason: "the file cannot be read"))
                continue
            }
            do throws(AgentFileErrors) {
                if YAMLDocument(bytes: bytes, file: name).root?.mapping?["mcp"] != nil {
                    servers.append(try MCPServer(yaml: bytes, file: name, environment: environment))
                    continue
                }
                let connector = try Connector(yaml: bytes, file: name, environment: environment)
                for tool in connector.definitions {
                    if let other = owners[tool.name] {
                        faults.append(
                            AgentFileFault(
                                file: name, reason: "the tool `\(tool.name)` is in \(other), too; rename one of the two"
                            ))
                    }
                    owners[tool.name] = name
                }
                connectors.append(connector)
            } catch {
                faults += error.faults
            }
        }
        guard faults.isEmpty else { throw AgentFileErrors(faults) }
        return ConnectorLibrary(connectors: connectors, servers: servers)
    }
}
