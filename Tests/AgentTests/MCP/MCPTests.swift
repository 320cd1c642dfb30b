import Agent
import Foundation
import Glibc
import Logging
import Networking
import TestSupport
import Testing

@Suite("A client of MCP servers")
struct MCPTests {
    /// A Python environment with what `Tests/requirements.txt` names.
    private static let peers = ProcessInfo.processInfo.environment["PARLEY_PEERS"].map { "\($0)/bin/python" }
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "peers")

    private func session(_ yaml: String) throws -> (MCPSession, HTTPClient) {
        let server = try MCPServer(yaml: Data(yaml.utf8), file: "mcp.yaml", environment: [:])
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: Logger(label: "test"))
        return (MCPSession(server, client: client), client)
    }

    private func call(
        _ session: MCPSession, _ tool: String, _ arguments: JSONValue = [:], key: String = "k"
    ) async throws -> ToolOutcome {
        let remote = try #require(try await session.tools().first { $0.definition.name == tool })
        do throws(ToolError) {
            return .result(
                try await MCPTool(remote, session: session, ledger: MemoryActLedger()).call(
                    arguments, context: ToolContext(call: CallFacts(callID: "c"), idempotencyKey: key)))
        } catch {
            return .failure(error)
        }
    }

    private func talk(_ yaml: String) async throws {
        let (session, client) = try session(yaml)
        // A server of the SDK takes a moment to start.
        var names: [String] = []
        for _ in 0..<200 where names.isEmpty {
            names = (try? await session.tools().map(\.definition.name)) ?? []
            if names.isEmpty { try await Task.sleep(for: .milliseconds(100)) }
        }
        // Only what the file names, and with its risk.
        #expect(names == ["orders_boom", "orders_lookup_order"])
        let risks = try await session.tools().map(\.definition.risk)
        #expect(risks == [.reversible, .read])
        #expect(
            try await call(session, "orders_lookup_order", ["order_id": 7])
                == .result(["text": "order 7 is on its way"]))
        let failed = try await call(session, "orders_boom").error
        #expect(failed?.code == .unavailable && failed?.detail.contains("boom") == true, "\(failed.debugDescription)")
        let wrong = try await call(session, "orders_lookup_order", ["order_id": "x"]).error
        #expect(wrong != nil)
        await session.close()
        await client.shutdown()
    }

    private static let offered = "tools: {lookup_order: read, boom: reversible}"

    @Test(
        "speaks with the official SDK over standard input and output, in both eras",
        .enabled(if: peers != nil, "PARLEY_PEERS names no environment"), arguments: ["auto", "legacy"])
    func stdio(era: String) async throws {
        let python = try #require(Self.peers)
        try await talk(
            "mcp: orders\nera: \(era)\ntimeout: 20\ncommand: [\(python), \(Self.folder.path)/mcp_server.py, stdio]\n\(Self.offered)"
        )
    }

    @Test(
        "speaks with the official SDK over HTTP, in both eras",
        .enabled(if: peers != nil, "PARLEY_PEERS names no environment"), arguments: ["auto", "legacy"])
    func http(era: String) async throws {
        let python = try #require(Self.peers)
        let port = FreePort.any()
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["\(Self.folder.path)/mcp_server.py", "http", "\(port)"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // Foundation starts programs with SIGTERM held back.
        defer { kill(process.processIdentifier, SIGKILL) }
        try await talk("mcp: orders\nera: \(era)\nurl: http://127.0.0.1:\(port)/mcp\n\(Self.offered)")
    }

    @Test("bears a server that chatters, asks back, hangs and dies", .timeLimit(.minutes(1)))
    func odd() async throws {
        let (session, client) = try session(
            "mcp: odd\ntimeout: 3\ncommand: [python3, \(Self.folder.path)/odd_server.py]\ntools: {say: read, hang: irreversible, die: read, image: read, flood: read, bad: read}"
        )
        // A tool whose header is wrongly annotated is left out.
        #expect(
            try await session.tools().map(\.definition.name) == [
                "odd_die", "odd_flood", "odd_hang", "odd_image", "odd_say",
            ])
        let said = try await call(session, "odd_say").value?["text"]?.string ?? ""
        #expect(said.contains(#""id": 900, "jsonrpc": "2.0", "result": {}"#), "\(said)")
        #expect(said.contains("-32601"))
        #expect(try await call(session, "odd_image") == .result(["text": "[image]"]))
        #expect(try await call(session, "odd_hang").error?.code == .deadlineExceeded)
        #expect(try await call(session, "odd_die").error?.code == .deadlineExceeded)
        // What it says at length is cut, and 50 MB of it end the program.
        let long = try await call(session, "odd_flood", ["bytes": 1_000_000]).value
        #expect((long?.text.utf8.count ?? .max) < 17_000)
        let flooded = try await call(session, "odd_flood", ["bytes": 50_000_000]).error
        #expect(flooded?.detail.contains("a line of more than 8388608 bytes") == true, "\(flooded.debugDescription)")
        // It is started again.
        #expect(try await call(session, "odd_image") == .result(["text": "[image]"]))
        await session.close()
        await client.shutdown()
    }

    @Test("says which program cannot be started")
    func missing() async throws {
        let (session, client) = try session("mcp: gone\ncommand: [/nonexistent/server]\ntools: {x: read}")
        do {
            _ = try await session.tools()
            Issue.record("there were tools")
        } catch {
            #expect("\(error)".contains("list the tools of the MCP server (gone)"))
        }
        await session.close()
        await client.shutdown()
    }

    @Test(
        "reads no file that is wrong",
        arguments: [
            ("mcp: x\ntools: {a: read}", "needs one of `url` and `command`"),
            ("mcp: x\nurl: http://h\ncommand: [a]\ntools: {a: read}", "needs one of `url` and `command`"),
            ("mcp: x\ncommand: []\ntools: {a: read}", "`command` is empty"),
            ("mcp: x y\ncommand: [a]\ntools: {a: read}", "`mcp` is a name"),
            ("mcp: x\ncommand: [a]\ntools: {a: safe}", "must be one of: read, reversible, irreversible"),
            ("mcp: x\nera: new\ncommand: [a]\ntools: {a: read}", "must be one of: auto, legacy"),
        ])
    func faults(yaml: String, reason: String) {
        do throws(AgentFileErrors) {
            _ = try MCPServer(yaml: Data(yaml.utf8), file: "m.yaml", environment: [:])
            Issue.record("was read")
        } catch {
            #expect(error.description.contains(reason), "\(error)")
        }
    }
}
