import ArgumentParser
import Callers
import Foundation
import Logging
import Service

/// `parley simulate`
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Holds the calls of simulated callers, through the whole bridge, and judges what came of them.",
        discussion: """
            Scenarios are YAML files; docs/testing-agents.md describes them. Exits with 0 unless a scenario fails that is not \
            known to fail.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "Names of scenarios, or beginnings of them; all when none is given.")
    var names: [String] = []
    @Option(help: "The folder with the scenarios.")
    var scenarios = "config/scenarios"
    @Option(help: "Only those of this agent.")
    var agent: String?
    @Option(help: "The folder with the recorded callers.")
    var fixtures = "audio-fixtures"
    @Option(help: "Calls at a time, 1 to 32. More than two for each core and the recognizer comes too late for some.")
    var concurrency = 4
    @Option(help: "The provider whose language model plays callers who improvise; needed where there are several.")
    var callerModel: String?
    @Option(help: "Draws the noise, losses and delays.")
    var seed: UInt64 = 1
    @Option(help: "Hold each scenario so often, 1 to 100, each time with other noise, losses and delays.")
    var times = 1
    @Option(help: "Holds each scenario's audio (WAV) and database; emptied first. Must hold nothing else.")
    var directory = "var/simulation"
    @Option(help: "Write the results as JUnit XML into this file.")
    var junit: String?
    @Flag(
        help:
            "Hold the calls in virtual time, as fast as they can be computed, with a recognizer that knows what is said."
    )
    var virtual = false
    @Flag(help: "Print one JSON object.")
    var json = false
    @Flag(help: "Read and check the scenarios, and hold no call.")
    var check = false

    func validate() throws {
        guard (1...32).contains(concurrency) else { throw ValidationError("--concurrency is 1 to 32") }
        guard (1...100).contains(times) else { throw ValidationError("--times is 1 to 100") }
    }

    func run() async throws {
        let loaded = try common.load()
        Observability.bootstrap(loaded.configuration, minimumLevel: .warning)
        let chosen: [Scenario]
        do { chosen = try choose() } catch {
            Terminal.complain("\(error)")
            throw ExitCode(78)
        }
        if check { return Terminal.say("\(chosen.count) scenarios, no fault") }
        let report: SimulationReport
        do {
            report = try await hold(chosen, loaded.configuration)
            if let junit { try Data(report.junit.utf8).write(to: URL(fileURLWithPath: junit)) }
        } catch {
            Terminal.complain("the scenarios could not be held: \(error)")
            throw ExitCode.failure
        }
        if json {
            try Terminal.json(report)
        } else {
            Terminal.say("\n\(report.text)\n\nAudio: \(directory)/NAME.wav (left: caller, right: agent)")
        }
        if !report.isSuccess { throw ExitCode.failure }
    }

    private func hold(
        _ chosen: [Scenario], _ configuration: ParleyConfiguration
    ) async throws -> SimulationReport {
        let (logger, printsJSON) = (Logger(label: "parley"), json)
        let show: @Sendable (SimulationReport.Case) -> Void = { if !printsJSON { Terminal.say($0.text) } }
        var cases: [SimulationReport.Case] = []
        for time in 0..<times {
            let options = Simulation.Options(
                fixtures: fixtures, concurrency: concurrency,
                directory: times == 1 ? directory : "\(directory)/\(time + 1)", seed: seed &+ UInt64(time),
                callerModel: callerModel)
            let report =
                if virtual {
                    try await VirtualSimulation(
                        chosen, options: options, configuration: configuration, logger: logger
                    ).run(show: show)
                } else {
                    try await Simulation(chosen, options: options, configuration: configuration, logger: logger)
                        .run(show: show)
                }
            cases += report.cases
        }
        return SimulationReport(cases: cases)
    }

    private func choose() throws -> [Scenario] {
        let ids = Set(try FixtureManifest(directory: fixtures).fixtures.map(\.id))
        let all = try ScenarioFile.load(directory: URL(fileURLWithPath: scenarios)) { ids.contains($0) }
        let chosen = all.filter { scenario in
            (agent == nil || scenario.agent == agent)
                && (names.isEmpty || names.contains { scenario.name.hasPrefix($0) })
        }
        if !virtual, !check {
            let placed = chosen.filter { $0.placed != nil }
            if !placed.isEmpty {
                Terminal.complain(
                    "left out, because only --virtual places calls: \(placed.map(\.name).joined(separator: ", "))")
                guard placed.count < chosen.count else { throw ExitCode(78) }
                return chosen.filter { $0.placed == nil }
            }
        }
        guard !chosen.isEmpty else {
            throw ValidationError("no scenario is called so; there are \(all.map(\.name).joined(separator: ", "))")
        }
        return chosen
    }
}
