import Agent
import Emulators
import Foundation
import Logging
import Networking

/// The connectors that ship, over their emulators.
struct ConnectedTools {
    let emulator: ConnectorEmulator
    let address: String
    let tools: [String: any Tool]

    /// Runs `body` with every tool of `config/tools`.
    ///
    /// - Parameters:
    ///   - allows: what the address policy lets through beside the public internet.
    ///   - withGoogle: makes the key of a service account, which takes a moment.
    static func serve<Result>(
        allows: [String] = ["127.0.0.1"], withGoogle: Bool = false, ledger: any ToolActLedger = MemoryActLedger(),
        environment changes: [String: String] = [:], _ body: (ConnectedTools) async throws -> Result
    ) async throws -> Result {
        let emulator = ConnectorEmulator()
        let address = try emulator.start()
        defer { emulator.stop() }
        var keyFile: String?
        if withGoogle {
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("key-\(UUID().uuidString).json")
            try emulator.writeKey(to: file.path, address: address)
            keyFile = file.path
        }
        defer { keyFile.map { try? FileManager.default.removeItem(atPath: $0) } }
        let environment = ConnectorEmulator.environment(address, keyFile: keyFile).merging(changes) { $1 }
        let library = try ConnectorLibrary.load(directory: directory, environment: environment)
        let client = HTTPClient(
            configuration: HTTPClientConfiguration(
                proxy: .none, addresses: .publicOnly(except: allows.compactMap(AddressBlock.init))),
            logger: Logger(label: "test"))
        let tools = library.connectors.flatMap { HTTPTool.all($0, client: client, ledger: ledger) }
        do {
            let result = try await body(
                ConnectedTools(
                    emulator: emulator, address: address,
                    tools: Dictionary(tools.map { ($0.definition.name, $0) }, uniquingKeysWith: { $1 })))
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    static let directory = Fixtures.directory.deletingLastPathComponent().appendingPathComponent("tools")

    /// Requests but for tokens.
    var requests: [ConnectorEmulator.Request] { emulator.requests.filter { !$0.path.hasSuffix("/token") } }

    func call(_ name: String, _ arguments: JSONValue, key: String = "c1/1/tool") async -> ToolOutcome {
        guard let tool = tools[name] else { return .failure(ToolError(.unavailable, tool: name, detail: "unknown")) }
        let violations = JSONSchema(tool.definition.parameters).violations(in: arguments)
        if let violation = violations.first {
            return .failure(ToolError(.invalidArguments, tool: name, detail: violation.description))
        }
        do throws(ToolError) {
            return .result(
                try await tool.call(
                    arguments, context: ToolContext(call: CallFacts(callID: "c1"), idempotencyKey: key)))
        } catch {
            return .failure(error)
        }
    }
}

extension ToolOutcome {
    var value: JSONValue? { if case .result(let value) = self { value } else { nil } }
    var error: ToolError? { if case .failure(let error) = self { error } else { nil } }
}
