import Agent
import Foundation
import Networking
import Speech
import Store
import Testing

@testable import Service

/// Keepers of one store, one after the other, as processes that start on it.
@Suite("Versions that a service cannot load")
final class VersionRefusalTests {
    private let directory: URL
    private let configuration: ParleyConfiguration
    private let store: Store
    private let log = LogCollector()
    private let isDeaf = Lock(false)

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "parley-versions-\(UUID().uuidString)")
        let agents = directory.appending(path: "agents")
        try FileManager.default.createDirectory(at: agents, withIntermediateDirectories: true)
        var configuration = ParleyConfiguration()
        configuration.agents.directory = agents.path
        configuration.store.path = directory.appending(path: "parley.db").path
        self.configuration = configuration
        store = try Store(path: configuration.store.path)
        try write("The file.")
    }

    deinit {
        try? store.close()
        try? FileManager.default.removeItem(at: directory)
    }

    private static func source(_ greeting: String) throws -> Data {
        let file = ServiceUnderTest.shippedAgents.appending(path: "thermostat.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
            .replacing("Hello, this is the thermostat.", with: greeting)
        return Data((text + "\nerror_budget: {allowed: 0.4, min_calls: 3, on_burn: roll_back}\n").utf8)
    }

    private func write(_ greeting: String) throws {
        try Self.source(greeting).write(to: directory.appending(path: "agents/thermostat.yaml"))
    }

    @discardableResult
    private func publish(_ greeting: String, percent: Int = 100) async throws -> AgentVersionRecord {
        let bundle = AgentBundle(file: "thermostat.yaml", source: try Self.source(greeting))
        return try await store.publish(
            AgentVersionContent(hash: try bundle.definition().version, file: bundle.file, source: bundle.source),
            of: "thermostat", by: "ann", percent: percent)
    }

    /// Of a kind that this program does not know, as after a way back to an older one.
    private func publishUnreadable(_ hash: String, percent: Int = 100) async throws {
        _ = try await store.publish(
            AgentVersionContent(
                hash: hash, file: "thermostat.yaml", source: Data("name: thermostat\nkind: \(hash)\n".utf8)),
            of: "thermostat", by: "ann", percent: percent)
    }

    private func call(_ id: String, of version: AgentVersionRecord, faults: [String: Int]) -> CallRecord {
        var call = CallRecord(
            id: id, carrier: "twilio", direction: .inbound, from: "", to: "", agent: "thermostat",
            agentVersion: version.hash, startedAt: Date(), endedAt: Date())
        call.faults = faults
        return call
    }

    private func start() async throws -> VersionKeeper {
        let tools = try await ToolCatalogue.definitions(configuration)
        let files = try AgentLibrary.load(directory: URL(fileURLWithPath: configuration.agents.directory))
        let keeper = VersionKeeper(
            configuration: configuration, store: store, files: files, tools: { tools },
            lines: BrowserLines(configuration: configuration.public, calls: BrowserCalls()),
            roster: AgentRoster(files), logger: log.logger)
        let isDeaf = isDeaf
        try await keeper.start(
            LightEngines {
                guard isDeaf.withLock({ $0 }) else { return }
                throw SpeechError(.invalidModel, operation: "prepare", provider: "ears", detail: "no such word")
            })
        return keeper
    }

    private func list() async throws -> VersionList {
        try await VersionOffice(configuration, store: store) { [] }.list("thermostat")
    }

    @Test("a trial that cannot be loaded takes nothing off: the live version takes all calls, and is watched")
    func trial() async throws {
        let good = try await publish("One.")
        try await publishUnreadable("riddle", percent: 50)
        let keeper = try await start()
        let lane = try #require(keeper.roster.lane("thermostat"))
        #expect(lane.live.number == 1 && lane.trial == nil && lane.split.percent == 0 && lane.act > 0)
        #expect(await keeper.watched.map(\.record.number) == [1])
        #expect(try await list().refused?.contains("kind") == true)
        for index in 0..<3 { keeper.ended(call("c\(index)", of: good, faults: ["tool_failures": 1])) }
        await keeper.tick()
        #expect(try await store.version(1, of: "thermostat").burntAt != nil)
    }

    @Test("what stands in at the start is the version that was live before, and is watched; burnt, it says so")
    func standsIn() async throws {
        try await publish("One.")
        let second = try await publish("Two.")
        try await publishUnreadable("riddle")
        let keeper = try await start()
        #expect(keeper.roster.lane("thermostat")?.live.number == 2)
        #expect(await keeper.watched.map(\.record.number) == [2])
        for index in 0..<3 { keeper.ended(call("c\(index)", of: second, faults: ["tool_failures": 1])) }
        await keeper.tick()
        #expect(try await store.standing(of: "thermostat")?.live == 3)
        #expect(
            try await store.incidents().map(\.detail).first?.hasSuffix(
                "it goes on in place of version 3, which cannot be loaded") == true)
    }

    @Test("a burnt version whose predecessor cannot be loaded gives its calls to the one before that")
    func passedOver() async throws {
        try await publish("One.")
        try await publishUnreadable("riddle")
        let bad = try await publish("Three.")
        let keeper = try await start()
        #expect(keeper.roster.lane("thermostat")?.live.number == 3)
        for index in 0..<3 { keeper.ended(call("c\(index)", of: bad, faults: ["tool_failures": 1])) }
        await keeper.tick()
        #expect(keeper.roster.lane("thermostat")?.live.number == 1)
        #expect(try await store.standing(of: "thermostat")?.live == 1)
        #expect(try await list().refused == nil)
    }

    @Test("where nothing before it can be loaded a burnt version goes on, and the incident says so")
    func goesOn() async throws {
        try await publishUnreadable("riddle")
        let bad = try await publish("Two.")
        let keeper = try await start()
        for index in 0..<3 { keeper.ended(call("c\(index)", of: bad, faults: ["tool_failures": 1])) }
        await keeper.tick()
        await keeper.tick()
        #expect(keeper.roster.lane("thermostat")?.live.number == 2)
        #expect(try await store.standing(of: "thermostat")?.live == 2)
        let incidents = try await store.incidents().map(\.detail)
        #expect(incidents.count == 2, "\(incidents)")
        #expect(incidents.contains { $0.contains("version 2 goes on though its error budget is spent") })
    }

    @Test("a file that cannot be heard takes no calls back: the version goes on, watched, and it is tried once")
    func unheardFile() async throws {
        let version = try await publish("One.")
        let keeper = try await start()
        isDeaf.withLock { $0 = true }
        try await store.unpublish("thermostat", by: "ann")
        for _ in 0..<3 { await keeper.tick() }
        #expect(keeper.roster.lane("thermostat")?.live.number == version.number)
        #expect(await keeper.watched.map(\.record.number) == [1])
        let acts = try await store.agentActs(of: "thermostat")
        #expect(acts.count { $0.kind == .refused } == 1)
        #expect(try await list().refused?.contains("no such word") == true)
        #expect(!log.contains("agents' versions could not be followed"))
        // The next start hears it.
        isDeaf.withLock { $0 = false }
        #expect(try await start().roster.lane("thermostat")?.live.definition.greeting == "The file.")
        #expect(try await list().refused == nil)
    }

    @Test("what takes the calls back is the file as it is at that moment")
    func currentFile() async throws {
        try await publish("One.")
        let keeper = try await start()
        try write("Edited.")
        try await store.unpublish("thermostat", by: "ann")
        await keeper.tick()
        #expect(keeper.roster.lane("thermostat")?.live.definition.greeting == "Edited.")
        #expect(await keeper.watched.isEmpty)
    }

    @Test("what a service refused and the next one takes is not said to be refused any more")
    func takenAfterAll() async throws {
        try await publish("One.")
        let keeper = try await start()
        isDeaf.withLock { $0 = true }
        try await publish("Two.")
        await keeper.tick()
        #expect(keeper.roster.lane("thermostat")?.live.number == 1)
        #expect(try await list().refused?.contains("no such word") == true)
        isDeaf.withLock { $0 = false }
        #expect(try await start().roster.lane("thermostat")?.live.number == 2)
        #expect(try await list().refused == nil)
    }

    @Test("a placed call goes to a trial only if its greeting discloses what the gate asks for")
    func placed() async throws {
        try await publish("This is the automated assistant of Acme. Press nine to opt out.")
        try await publish("Hello.", percent: 99)
        var keeper = try await start()
        let id = try #require((0..<50).map { "c\($0)" }.first { TrafficSplit(percent: 99).takes(callID: $0) })
        #expect(keeper.roster.agent("thermostat", forCall: id)?.number == 2)
        #expect(keeper.roster.agent("thermostat", forCall: id, placedFor: "Acme")?.number == 1)
        _ = try await store.split("thermostat", to: 2, percent: 0, by: "ann")
        try await publish("Good day, an automated call of Acme. Press nine to opt out.", percent: 99)
        keeper = try await start()
        #expect(keeper.roster.agent("thermostat", forCall: id, placedFor: "Acme")?.number == 3)
        #expect(keeper.roster.agent("thermostat", forCall: id, placedFor: "Bolt")?.number == 1)
    }
}
