import Agent
import Emulators
import Foundation
import Logging
import Networking

/// A bench on which nothing that an agent does lasts: its store is empty and deleted afterwards, and its connectors talk to
/// emulators of their vendors on this machine. What has none there, as MCP servers, mail and databases, is not set up.
enum DryBench {
    /// Sets a bench up for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - environment: where connectors' files look `${NAME}` up, see ``withConnectors(_:)``.
    ///   - emulators: where those are; nil lets the tools reach whom they are meant for.
    ///   - now: wall time of calendar and conversation.
    static func run<Value>(
        _ configuration: ParleyConfiguration, agents: AgentLibrary, environment: [String: String], emulators: String?,
        logger: Logger, now: @escaping @Sendable () -> Date = { Date() }, _ body: (AgentBench) async throws -> Value
    ) async throws -> Value {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("parley-script-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        var configuration = configuration
        configuration.store.confine(to: directory)
        let bench = try AgentBench(
            configuration: configuration, agents: agents, environment: environment, emulators: emulators,
            logger: logger, now: now)
        do {
            try await bench.setUp()
            let value = try await body(bench)
            await bench.close()
            return value
        } catch {
            await bench.close()
            throw error
        }
    }

    /// Starts what connectors talk to for as long as `body` runs, which is given where that is and the environment that
    /// leads there.
    static func withConnectors<Value>(
        _ body: (_ emulators: String, _ environment: [String: String]) async throws -> Value
    ) async throws -> Value {
        let emulator = ConnectorEmulator()
        let address = try emulator.start()
        defer { emulator.stop() }
        return try await body(address, ConnectorEmulator.environment(address))
    }
}

extension ParleyConfiguration {
    /// These settings for connectors that talk to emulators on this machine, and to no other private address.
    var withEmulatedConnectors: ParleyConfiguration {
        var configuration = self
        configuration.tools.allowedAddresses = [AddressBlock("127.0.0.1")].compactMap(\.self)
        return configuration
    }
}
