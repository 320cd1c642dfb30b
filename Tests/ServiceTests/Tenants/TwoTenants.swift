import Foundation
import Logging
import Networking
import ServiceLifecycle
import Store
import Telephony
import Testing

@testable import Service

/// Two tenants in one process, read from their files as `parley serve --tenants` reads them, with ears and voices that need
/// no models.
struct TwoTenants: Sendable {
    static let southToken = "abcdefghijklmnopqrstuvwxyz543210"

    let north: ServiceUnderTest
    let south: ServiceUnderTest
    let house: TenantHouse
    /// What both have logged, a JSON object a line.
    let lines: Lock<[String]>

    /// A folder with a configuration for each name, and agents, documents and room for everything of theirs.
    struct Layout {
        let folder: URL
        /// Added to a tenant's configuration.
        var more: [String: String] = [:]
        /// Of a tenant's agent, by its name: the agent's own name and its greeting.
        var agents: [String: (name: String, greeting: String)] = [:]
        var documents: [String: String] = [:]
        /// Of the private plane; a free one where none is said.
        var ports: [String: Int] = [:]

        var configurations: URL { folder.appending(path: "tenants") }

        init() {
            folder = FileManager.default.temporaryDirectory.appending(path: "parley-tenants-\(UUID().uuidString)")
        }

        func write(_ names: [String] = ["north", "south"]) throws {
            let manager = FileManager.default
            try manager.createDirectory(at: configurations, withIntermediateDirectories: true)
            for name in names {
                let own = folder.appending(path: name)
                for part in ["agents", "documents"] {
                    try manager.createDirectory(at: own.appending(path: part), withIntermediateDirectories: true)
                }
                let agent = agents[name] ?? ("thermostat", "Hello, this is the thermostat.")
                let shipped = ServiceUnderTest.shippedAgents
                let text = try String(contentsOf: shipped.appending(path: "thermostat.yaml"), encoding: .utf8)
                    .replacing("name: thermostat", with: "name: \(agent.name)")
                    .replacing("Hello, this is the thermostat.", with: agent.greeting)
                    // Whoever calls to say nothing stays on the line for as long as a test takes.
                    .replacing("reprompt_after: 7", with: "reprompt_after: 120")
                try Data(text.utf8).write(to: own.appending(path: "agents/\(agent.name).yaml"))
                for file in ["reminder.yaml", "names"] {
                    try manager.copyItem(
                        at: shipped.appending(path: file), to: own.appending(path: "agents/\(file)"))
                }
                if let text = documents[name] {
                    try Data(text.utf8).write(to: own.appending(path: "documents/house.md"))
                }
                try Data(configuration(of: name, in: own.path, agent: agent.name).utf8)
                    .write(to: configurations.appending(path: "\(name).yaml"))
            }
        }

        private func configuration(of name: String, in folder: String, agent: String) -> String {
            let campaigns = OfficeUnderTest.configurationFolder.appending(path: "campaigns").path
            return """
                public: {port: 0}
                private: {port: \(ports[name] ?? 0)}
                media: {loops: 1, late_beat: 1s}
                calls: {drain_deadline: 2s}
                agents: {directory: "\(folder)/agents", default: \(agent)}
                carriers: {twilio: {auth_token: "${TWILIO_TOKEN}"}}
                store: {path: "\(folder)/parley.db"}
                recordings: {directory: "\(folder)/recordings"}
                tools: {directory: "\(folder)/tools", documents: "\(folder)/documents"}
                campaigns: {directory: "\(campaigns)", imports: "\(folder)/imports"}
                speech: {phrase_store: "\(folder)/phrases"}
                log: {format: json}
                \(more[name] ?? "")
                """
        }

        /// What the process that serves them has in its environment.
        var environment: [String: String] {
            [
                "PARLEY_TENANT_NORTH__TWILIO_TOKEN": ServiceUnderTest.authToken,
                "PARLEY_TENANT_SOUTH__TWILIO_TOKEN": TwoTenants.southToken,
            ]
        }
    }

    /// Serves `layout`, which is written and removed here, for as long as `body` runs.
    ///
    /// - Parameter engines: the ears and the voice of a tenant, anew for each start.
    static func run(
        _ layout: Layout = Layout(), engines: @escaping @Sendable (String) -> any CallEngines = { _ in LightEngines() },
        _ body: (TwoTenants) async throws -> Void
    ) async throws {
        defer { try? FileManager.default.removeItem(at: layout.folder) }
        try layout.write()
        let directory = try TenantDirectory(layout.configurations.path, environment: layout.environment)
        let lines = Lock<[String]>([])
        let sink = LogSink(isTerminal: false) { line in lines.withLock { $0.append(line) } }
        let log = LogCollector()
        let house = TenantHouse(
            directory.tenants, healthPort: 0, plan: RestartPlan(first: .milliseconds(50), longest: .milliseconds(200)),
            logger: log.logger
        ) { tenant, house in
            try ParleyService(
                configuration: tenant.configuration,
                logger: Observability.logger(tenant.configuration, tenant: tenant.name, sink: sink),
                metrics: PrometheusRegistry(), engines: engines(tenant.name), engineHouse: house,
                environment: tenant.environment)
        }
        let group = ServiceGroup(services: [house], logger: log.logger)
        let loop = EventLoop(name: "test", logger: log.logger)
        try loop.start()
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: log.logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            let outcome: Result<Void, any Error>
            do {
                func tenant(_ name: String) async throws -> ServiceUnderTest {
                    let end = ContinuousClock.now + .seconds(20)
                    while house.service(of: name) == nil, ContinuousClock.now < end {
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    let service = try #require(house.service(of: name), "\(log.lines)")
                    return ServiceUnderTest(
                        service: service, log: log, port: try await service.reachable().publicPort,
                        privatePort: try await service.privateReachable(),
                        directory: layout.folder.appending(path: name), group: group, loop: loop, client: client)
                }
                let both = TwoTenants(
                    north: try await tenant("north"), south: try await tenant("south"), house: house, lines: lines)
                outcome = .success(try await body(both))
            } catch { outcome = .failure(error) }
            await group.triggerGracefulShutdown()
            await client.shutdown()
            await loop.shutdown()
            try await tasks.waitForAll()
            try outcome.get()
        }
    }

    /// A form posted to a tenant's public plane, signed with the account of the south at the address of the south.
    func postToSouth(_ path: String, _ form: [String: String]) async throws -> (status: Int, text: String) {
        let fields = FormBody(form.sorted { $0.key < $1.key }.map { FormBody.Field($0.key, $0.value) })
        let signature = TwilioSignature(authToken: Self.southToken).sign(
            url: "http://127.0.0.1:\(south.port)\(path)", form: fields)
        return try await south.post(path, form, signature: signature)
    }

    /// The status and text of a page of the process.
    func health(_ path: String) async throws -> (status: Int, text: String) {
        let port = try await house.healthReachable()
        let answer = try await north.client.send(
            HTTPClientRequest(method: "GET", url: "http://127.0.0.1:\(port)\(path)"))
        return (answer.status, String(decoding: try await answer.body.collect(upTo: 1_000_000), as: UTF8.self))
    }
}
