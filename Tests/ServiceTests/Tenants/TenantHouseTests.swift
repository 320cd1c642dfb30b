import Foundation
import Glibc
import Logging
import Networking
import ServiceLifecycle
import Store
import Testing

@testable import Service

@Suite("Tenants that fail", .serialized)
struct TenantHouseTests {
    private struct Fault: Error {}

    @Test("one that fails during the other's call is started again, and the call goes on to its end")
    func failsDuringACall() async throws {
        let (mayFail, starts) = (Lock(false), Lock(0))
        let engines: @Sendable (String) -> any CallEngines = { name in
            guard name == "south" else { return LightEngines() }
            // The first time it breaks when it is told to; from then on it is well.
            let number = starts.withLock { starts in
                starts += 1
                return starts
            }
            return LightEngines(
                preparation: {
                    guard number == 1 else { return }
                    while !mayFail.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
                    throw Fault()
                })
        }
        try await TenantHouseTests.serve(engines) { house, layout, log in
            let north = try await house.tenant("north")
            let neighbour = try await Neighbour(of: try await north.test(layout, log))
            var broken: ParleyService? = try await house.tenant("south")
            weak let old = broken
            #expect(try await house.page("/readyz").text.contains("models: being prepared"))
            mayFail.withLock { $0 = true }
            try await house.waitUntil { house.service(of: "south").map { $0 !== old } ?? false }
            broken = nil
            // One that failed is over and done with: a tenant may fail for days.
            try await house.waitUntil { old == nil }
            let south = try await house.tenant("south")
            _ = try await south.reachable()
            #expect(house.service(of: "north") === north)
            await neighbour.end()
            try await house.waitUntil {
                try await north.store.calls(matching: CallFilter(hasEnded: true)).calls.count == 1
            }
            try await house.waitUntil {
                try await north.store.story(ofCarrierCall: "CAneighbour").recordings.count == 1
            }
            try await Neighbour.check(in: north.store)
            let metrics = try await house.page("/metrics").text
            #expect(metrics.contains("parley_tenant_restarts_total{tenant=\"south\"} 1"), "\(metrics)")
            #expect(metrics.contains("parley_tenant_restarts_total{tenant=\"north\"} 0"))
            #expect(log.contains("a tenant has failed", "tenant=south", "Fault"))
            #expect(try await house.page("/readyz").status == 200)
        }
    }

    @Test("one whose port somebody else has waits for it while the other takes calls")
    func portTaken() async throws {
        let other = try HookReceiver()
        var layout = TwoTenants.Layout()
        layout.ports["south"] = other.port
        try await TenantHouseTests.serve(layout) { house, layout, log in
            let north = try await house.tenant("north")
            let test = try await north.test(layout, log)
            try await house.waitUntil { log.contains("a tenant has failed", "tenant=south", "port \(other.port)") }
            #expect(try await test.call("CA1", saying: ["no thank you"]).contains("1000"))
            let page = try await house.page("/readyz")
            #expect(page.status == 503 && page.text.contains("tenant south"), "\(page)")
            #expect(try await test.ask("/readyz").status == 200)
            other.close()
            try await house.waitUntil(within: .seconds(20)) { try await house.page("/readyz").status == 200 }
            #expect(try await house.tenant("south").privateReachable() == other.port)
        }
    }

    @Test("one whose database is gone says that it is not ready; the other does not notice")
    func databaseGone() async throws {
        try await TwoTenants.run { tenants in
            let neighbour = try await Neighbour(of: tenants.north)
            try tenants.south.service.store.close()
            #expect(try await tenants.south.ask("/readyz").status == 503)
            #expect(try await tenants.north.ask("/readyz").status == 200)
            let page = try await tenants.health("/readyz")
            #expect(page.status == 503 && page.text.contains("store: "), "\(page.text)")
            await neighbour.end()
            let north = tenants.north
            try await north.waitUntil("the call is whole") {
                try await !north.service.store.story(ofCarrierCall: "CAneighbour").recordings.isEmpty
            }
            try await Neighbour.check(in: north.service.store)
        }
    }

    @Test("is started again later each time, and soon once it has run for a while")
    func restartPlan() {
        var plan = RestartPlan(first: .seconds(1), longest: .seconds(8), recovered: .seconds(60))
        let pauses = (0..<5).map { _ in plan.pause(after: .seconds(2)) }
        #expect(pauses == [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(8)])
        #expect(plan.pause(after: .seconds(60)) == .seconds(1))
        #expect(plan.pause(after: .seconds(59)) == .seconds(2))
    }

    @Test("engines inside the program are made once for those whose settings of them are the same")
    func sharedEngines() async throws {
        let house = EmbeddedEngineHouse(logger: LogCollector().logger)
        var speech = ParleyConfiguration().speech
        speech.recognizer = [.provider("ears")]
        speech.voices = 1
        let one = try await house.engines(speech)
        // Whose ears these are, and what was said before, is each tenant's own.
        speech.recognizer = [.provider("other ears")]
        speech.phraseStore = "/elsewhere"
        speech.decoders = 7
        speech.loudness = nil
        #expect(try await house.engines(speech) === one)
        speech.voices = 2
        let two = try await house.engines(speech)
        #expect(two !== one && one.voice != nil && one.recognizer == nil)
        #expect(await house.count == 2)
        await house.close()
    }

    private static func serve(
        _ engines: @escaping @Sendable (String) -> any CallEngines,
        _ body: (TenantHouse, TwoTenants.Layout, LogCollector) async throws -> Void
    ) async throws { try await serve(TwoTenants.Layout(), engines, body) }

    /// Serves two tenants, of which not both may come to be reachable.
    private static func serve(
        _ layout: TwoTenants.Layout,
        _ engines: @escaping @Sendable (String) -> any CallEngines = { _ in LightEngines() },
        _ body: (TenantHouse, TwoTenants.Layout, LogCollector) async throws -> Void
    ) async throws {
        defer { try? FileManager.default.removeItem(at: layout.folder) }
        try layout.write()
        let directory = try TenantDirectory(layout.configurations.path, environment: layout.environment)
        let log = LogCollector()
        let house = TenantHouse(
            directory.tenants, healthPort: 0, plan: RestartPlan(first: .milliseconds(50), longest: .milliseconds(200)),
            logger: log.logger
        ) { tenant, house in
            try ParleyService(
                configuration: tenant.configuration, logger: log.logger, metrics: PrometheusRegistry(),
                engines: engines(tenant.name), engineHouse: house, environment: tenant.environment)
        }
        let group = ServiceGroup(services: [house], logger: log.logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(house, layout, log)) } catch {
                Issue.record("\(log.lines.suffix(30).joined(separator: "\n"))")
                outcome = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try outcome.get()
        }
    }
}

extension TenantHouse {
    func waitUntil(within limit: Duration = .seconds(20), _ isSo: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + limit
        while try await !isSo() {
            try #require(ContinuousClock.now < end, "not within \(limit)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    fileprivate func tenant(_ name: String) async throws -> ParleyService {
        try await waitUntil { service(of: name) != nil }
        return try #require(service(of: name))
    }

    fileprivate func page(_ path: String) async throws -> (status: Int, text: String) {
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: LogCollector().logger)
        let result: Result<(status: Int, text: String), any Error>
        do {
            let answer = try await client.send(
                HTTPClientRequest(method: "GET", url: "http://127.0.0.1:\(try await healthReachable())\(path)"))
            result = .success(
                (answer.status, String(decoding: try await answer.body.collect(upTo: 1_000_000), as: UTF8.self)))
        } catch { result = .failure(error) }
        await client.shutdown()
        return try result.get()
    }
}

extension ParleyService {
    /// For a test's calls; its loop and client are left to the process.
    fileprivate func test(_ layout: TwoTenants.Layout, _ log: LogCollector) async throws -> ServiceUnderTest {
        let loop = EventLoop(name: "test", logger: log.logger)
        try loop.start()
        return ServiceUnderTest(
            service: self, log: log, port: try await reachable().publicPort,
            privatePort: try await privateReachable(), directory: layout.folder,
            group: ServiceGroup(services: [], logger: log.logger), loop: loop,
            client: HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: log.logger))
    }
}
