package import Foundation
import Yams

/// The files of a directory that make tools: connectors, MCP servers, databases, sandboxes and mail servers, each told by
/// its first key.
package struct ConnectorLibrary: Sendable {
    /// In the order of their files.
    package private(set) var connectors: [Connector] = []
    package private(set) var servers: [MCPServer] = []
    package private(set) var databases: [DatabaseSource] = []
    package private(set) var sandboxes: [CodeSandbox] = []
    package private(set) var accounts: [MailAccount] = []

    /// What each file is called, and which variables of the environment it lacks.
    package var lacking: [(name: String, missing: [String])] {
        connectors.map { ($0.name, $0.missing) } + servers.map { ($0.name, $0.missing) }
            + databases.map { ($0.name, $0.missing) } + sandboxes.map { ($0.definition.name, $0.missing) }
            + accounts.map { ($0.name, $0.missing) }
    }

    /// Reads every `*.yaml` file of `directory`. One that is not there holds none.
    ///
    /// - Parameter environment: where `${NAME}` is looked up.
    /// - Throws: all faults of all files at once.
    package static func load(
        directory: URL, environment: [String: String]
    ) throws(AgentFileErrors) -> ConnectorLibrary {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? [])
            .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
        var library = ConnectorLibrary()
        var owners: [String: String] = [:]
        var faults: [AgentFileFault] = []
        for name in names {
            guard let bytes = try? Data(contentsOf: directory.appendingPathComponent(name)) else {
                faults.append(AgentFileFault(file: name, reason: "the file cannot be read"))
                continue
            }
            do throws(AgentFileErrors) {
                for tool in try library.read(bytes, file: name, environment: environment) {
                    if let other = owners[tool.name] {
                        faults.append(
                            AgentFileFault(
                                file: name, reason: "the tool `\(tool.name)` is in \(other), too; rename one of the two"
                            ))
                    }
                    owners[tool.name] = name
                }
            } catch {
                faults += error.faults
            }
        }
        guard faults.isEmpty else { throw AgentFileErrors(faults) }
        return library
    }

    /// Keeps all that is there from reaching anything but what is at `address`: connectors that lead elsewhere, servers,
    /// databases and mail lack something to talk to. Sandboxes reach nothing.
    package mutating func confine(to address: String) {
        let lack = "an emulator of it"
        for index in connectors.indices where !connectors[index].reachesOnly(address) {
            connectors[index].missing.append(lack)
        }
        for index in servers.indices { servers[index].missing.append(lack) }
        for index in databases.indices { databases[index].missing.append(lack) }
        for index in accounts.indices { accounts[index].missing.append(lack) }
    }

    /// - Returns: the tools of the file, as far as it names them itself.
    private mutating func read(
        _ bytes: Data, file: String, environment: [String: String]
    ) throws(AgentFileErrors) -> [ToolDefinition] {
        let keys = YAMLDocument(bytes: bytes, file: file).root?.mapping
        if keys?["mcp"] != nil {
            servers.append(try MCPServer(yaml: bytes, file: file, environment: environment))
            return []
        }
        if keys?["database"] != nil {
            let database = try DatabaseSource(yaml: bytes, file: file, environment: environment)
            databases.append(database)
            return database.definitions
        }
        if keys?["sandbox"] != nil {
            let sandbox = try CodeSandbox(yaml: bytes, file: file, environment: environment)
            sandboxes.append(sandbox)
            return [sandbox.definition]
        }
        if keys?["mail"] != nil {
            let account = try MailAccount(yaml: bytes, file: file, environment: environment)
            accounts.append(account)
            return account.definitions
        }
        let connector = try Connector(yaml: bytes, file: file, environment: environment)
        connectors.append(connector)
        return connector.definitions
    }
}
