import Foundation
package import Logging
import Networking
import ServiceLifecycle
import UnixSignals

/// Many tenants in one process: a whole service each, and speech engines that those with the same settings share.
///
/// A tenant that fails is started again, later each time, and the others go on meanwhile. All drain at the same time when the
/// process is told to stop.
package final class TenantHouse: ServiceLifecycle.Service {
    /// Makes a tenant's service, anew for each start.
    typealias Maker = @Sendable (Tenant, EmbeddedEngineHouse) throws -> ParleyService

    private struct Room {
        /// Nil while it waits to be started again.
        var service: ParleyService?
        /// Why it is not there.
        var reason = "being started"
        var restarts = 0
    }

    private let tenants: [Tenant]
    private let healthPort: Int?
    private let plan: RestartPlan
    private let make: Maker
    private let engines: EmbeddedEngineHouse
    /// A service opens its database when it is made, and waits for a server that does not answer: not on the threads that
    /// the others' calls go on with.
    private let makers = DispatchQueue(label: "parley.tenants", attributes: .concurrent)
    private let rooms = Lock<[String: Room]>([:])
    private let logger: Logger
    private let health = Arrival<Int>()

    /// - Parameters:
    ///   - healthPort: of 127.0.0.1, for health, readiness and metrics of the process; 0 takes a free one, nil has none.
    ///   - logger: of the process.
    package convenience init(_ tenants: [Tenant], healthPort: Int? = nil, logger: Logger) {
        self.init(tenants, healthPort: healthPort, logger: logger) { tenant, engines in
            try ParleyService(
                configuration: tenant.configuration,
                logger: Observability.logger(tenant.configuration, tenant: tenant.name),
                metrics: PrometheusRegistry(), engineHouse: engines, environment: tenant.environment)
        }
    }

    /// - Parameters:
    ///   - plan: of starting those again that have failed.
    ///   - make: must give each service a registry of its own.
    init(
        _ tenants: [Tenant], healthPort: Int? = nil, plan: RestartPlan = RestartPlan(), logger: Logger,
        make: @escaping Maker
    ) {
        self.tenants = tenants
        self.healthPort = healthPort
        self.plan = plan
        self.make = make
        self.logger = logger
        engines = EmbeddedEngineHouse(logger: logger)
        rooms.withLock { rooms in for tenant in tenants { rooms[tenant.name] = Room() } }
    }

    /// The service of the moment; nil while the tenant waits to be started.
    func service(of name: String) -> ParleyService? { rooms.withLock { $0[name]?.service } }

    /// Where health and metrics of the process are, once they are.
    func healthReachable() async throws -> Int { try await health.value() }

    /// Runs until SIGTERM or SIGINT.
    package func runUntilSignal() async throws {
        try await ServiceGroup(services: [self], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
    }

    package func run() async throws {
        defer { health.fail(CancellationError()) }
        // The page of the process first, so that it can be asked until the last tenant has stopped.
        var services: [any ServiceLifecycle.Service] = []
        if let healthPort { services.append(healthPage(healthPort)) }
        services.append(Residents(house: self))
        do {
            try await ServiceGroup(services: services, logger: logger).run()
        } catch {
            await engines.close()
            throw error
        }
        await engines.close()
    }

    /// All tenants, as one member of a group: a group stops its members one after the other, and they shall drain at once.
    private struct Residents: ServiceLifecycle.Service {
        let house: TenantHouse

        func run() async throws {
            await withTaskGroup { group in
                for tenant in house.tenants { group.addTask { await house.keep(tenant) } }
            }
        }
    }

    /// Runs a tenant, again and again where it fails, until the process is told to stop.
    private func keep(_ tenant: Tenant) async {
        var plan = plan
        let clock = ContinuousClock()
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            let start = clock.now
            let reason: String
            do {
                let service = try await made(tenant)
                rooms.withLock { $0[tenant.name]?.service = service }
                logger.info("tenant started", metadata: ["tenant": "\(tenant.name)", "file": "\(tenant.file)"])
                // A service that is over is held by nothing.
                defer { service.metrics.stopCollecting() }
                try await service.run()
                reason = "it ended by itself"
            } catch { reason = "\(error)" }
            let isOver = Task.isCancelled || Task.isShuttingDownGracefully
            rooms.withLock { rooms in
                rooms[tenant.name]?.service = nil
                rooms[tenant.name]?.reason = isOver ? "stopped" : reason
                if !isOver { rooms[tenant.name]?.restarts += 1 }
            }
            guard !isOver else { return }
            let pause = plan.pause(after: clock.now - start)
            logger.error(
                "a tenant has failed; the others go on, and it is started again",
                metadata: ["tenant": "\(tenant.name)", "reason": "\(reason)", "pause": "\(pause)"])
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
    }

    private func made(_ tenant: Tenant) async throws -> ParleyService {
        try await withCheckedThrowingContinuation { answer in
            makers.async { answer.resume(with: Result { try self.make(tenant, self.engines) }) }
        }
    }

    // MARK: The process's own page

    private func healthPage(_ port: Int) -> PrivateAPI {
        let readiness = Readiness(expecting: [])
        for tenant in tenants {
            readiness.probe("tenant \(tenant.name)") { [self] in await state(of: tenant.name) }
        }
        PrometheusRegistry.shared.collect { [weak self] in self?.samples ?? [] }
        var configuration = ParleyConfiguration.Private()
        configuration.port = port
        return PrivateAPI(
            configuration: configuration, readiness: readiness, logger: logger,
            listening: { [health] in health.arrive($0) })
    }

    private func state(of name: String) async -> Readiness.State {
        guard let room = rooms.withLock({ $0[name] }) else { return .notReady("not there") }
        guard let service = room.service else { return .notReady(room.reason) }
        let report = await service.readiness.report()
        if report.isReady { return .ready }
        let reasons = report.states.sorted { $0.key < $1.key }.compactMap { name, state -> String? in
            if case .notReady(let reason) = state { "\(name): \(reason)" } else { nil }
        }
        return .notReady(report.isDraining ? "draining" : reasons.joined(separator: "; "))
    }

    private var samples: [PrometheusSample] {
        let tenants: [PrometheusSample] = rooms.withLock { $0 }.sorted { $0.key < $1.key }.flatMap { name, room in
            let dimensions = [("tenant", name)]
            return [
                PrometheusSample.gauge("parley_tenant_up", room.service == nil ? 0 : 1, dimensions: dimensions),
                .counter("parley_tenant_restarts_total", room.restarts, dimensions: dimensions),
            ]
        }
        return tenants + engines.samples
    }
}
