import Agent
import Callers
import Codecs
import Foundation
import Testing

@testable import Service

@Suite("Simulated callers")
struct SimulationTests {
    @Test("a scenario is held through the bridge in a world of its own, and judged")
    func held() async throws {
        let report = try await run([
            scenario(
                "books", agent: "receptionist",
                answers: [
                    .open: ["i'd like to book an appointment", "goodbye"], .date: ["next tuesday"],
                    .time: ["half past ten"], .name: ["my name is peter miller"], .yesNo: ["yes"],
                ]
            ) {
                $0.tools = ["calendar_find_slots", "calendar_book"]
                $0.appointments = [ScenarioAppointment(name: "Peter Miller", date: "2026-12-01", time: "10:30")]
                $0.says = ["your appointment is booked"]
                $0.ends = "the caller said goodbye"
            },
            scenario("same-slot-again", agent: "thermostat", answers: [.open: ["set it to seventy", "goodbye"]]) {
                $0.temperature = 70
            },
        ])
        #expect(report.cases.map(\.faults) == [[], []])
        #expect(report.isSuccess)
        let booked = try #require(report.cases.first)
        #expect(booked.panel.response.value == 1)
        #expect(booked.timeline.taken.count >= 6)
    }

    @Test("a failure is told, a known one is no failure, and one that is cured is seen")
    func verdicts() async throws {
        var known = scenario("known", agent: "thermostat", answers: [.open: ["goodbye"]]) { $0.temperature = 80 }
        known.knownFailure = "nobody sets it"
        var cured = scenario("cured", agent: "thermostat", answers: [.open: ["goodbye"]]) { $0.temperature = 64 }
        cured.knownFailure = "it used to fail"
        let broken = scenario("broken", agent: "thermostat", answers: [.open: ["goodbye"]]) { $0.temperature = 80 }
        let report = try await run([known, cured, broken])
        let verdicts = Dictionary(uniqueKeysWithValues: report.cases.map { ($0.name, $0.verdict) })
        #expect(verdicts == ["known": .failsAsExpected, "cured": .passedUnexpectedly, "broken": .failed])
        #expect(!report.isSuccess)
        #expect(report.junit.contains("<failure message=\"the room has 64 degrees instead of 80\">"))
        #expect(report.junit.contains("<skipped message=\"nobody sets it"))
        #expect(report.junit.contains("failures=\"1\" skipped=\"1\""))
    }

    @Test("the caller speaks over the agent, and hangs up in the middle of its words")
    func events() async throws {
        var interrupting = scenario("interrupting", agent: "thermostat", answers: [:]) {
            $0.tools = ["thermostat_read", "thermostat_set"]
            $0.ends = "caller hung up"
        }
        interrupting.answers = [.open: [.silence, .hangUp]]
        interrupting.events = [
            Scenario.Event(during: 0, after: .milliseconds(60), act: .say("set it to seventy"), meaning: .bargeIn)
        ]
        var leaving = scenario("leaving", agent: "thermostat", answers: [.open: ["goodbye"]]) {
            $0.ends = "caller hung up"
        }
        leaving.events = [Scenario.Event(during: 0, after: .milliseconds(100), act: .hangUp, meaning: .turn)]
        let report = try await run([interrupting, leaving])
        #expect(report.cases.map(\.faults) == [[], []], "\(report.cases.map(\.story))")
        #expect(report.cases.first?.timeline.caller.map(\.meaning).contains(.bargeIn) == true)
    }

    @Test("an agent that is not there is named")
    func unknownAgent() async {
        let error = await #expect(throws: DemoError.self) {
            try await run([scenario("x", agent: "butler", answers: [.open: ["hi"]]) { _ in }])
        }
        #expect(error?.reason.contains("butler") == true)
    }

    private func run(_ scenarios: [Scenario]) async throws -> SimulationReport {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-simulation-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        var root = ServiceUnderTest.shippedAgents
        for _ in 0..<2 { root.deleteLastPathComponent() }
        var configuration = ParleyConfiguration()
        configuration.agents.directory = ServiceUnderTest.shippedAgents.path
        let report = try await Simulation(
            scenarios,
            options: .init(
                fixtures: root.appending(path: "audio-fixtures").path, concurrency: 3, directory: directory.path,
                seed: 1),
            configuration: configuration, engines: LightEngines(), voice: ReadableVoice(), logger: LogCollector().logger
        ).run { _ in }
        for one in report.cases {
            let audio = try #require(one.audio)
            #expect(audio.hasSuffix("\(one.name).wav") && FileManager.default.fileExists(atPath: audio))
        }
        return report
    }

    private func scenario(
        _ name: String, agent: String, answers: [Agent.Expectation.Kind: [String]],
        _ expect: (inout ScenarioExpectations) -> Void
    ) -> Scenario {
        var scenario = Scenario(name: name, summary: "", agent: agent)
        scenario.answers = answers.mapValues { $0.map(Scenario.Act.say) }
        expect(&scenario.expectations)
        return scenario
    }
}

/// Words that the tests' recognizer can read.
private struct ReadableVoice: ScenarioVoice {
    func sound(of act: Scenario.Act, for scenario: Scenario) async throws -> ScenarioSound {
        guard case .say(let text) = act else { return ScenarioSound(samples: []) }
        return ScenarioSound(samples: SpokenClip.saying(text).audio.map(MuLaw.decode))
    }
}
