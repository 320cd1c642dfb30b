import Agent
import CallSession
import Callers
import Foundation
import Store
import Testing

@testable import Service

@Suite("Calls in virtual time")
struct VirtualSimulationTests {
    @Test("a booking is held through the real pipeline, judged, and its journal replays to the last decision")
    func held() async throws {
        try await run([Self.booking]) { report, store in
            let one = try #require(report.cases.first)
            #expect(one.faults == [], "\(one.story)")
            #expect(one.panel.response.value == 1)
            #expect(one.duration > 20)
            // The rules' own wait, the recognizer's delay and the rest: no machine is in it.
            let median = try #require(InteractionPanel.median(one.panel.responseLatencies))
            #expect((300.0...900).contains(median), "\(one.panel.text)")
            let replay = try await CallReplay(call: "booking-1", store: store)
            #expect(replay.run().isExact)
            #expect(replay.inputs.count > 50)
        }
    }

    @Test("the same call has the same journal, whatever the machine does")
    func deterministic() async throws {
        var inputs: [[CallReplay.Input]] = []
        for _ in 0..<2 {
            try await run([Self.noisy]) { _, store in
                inputs.append(try await CallReplay(call: "noisy-1", store: store).inputs)
            }
        }
        #expect(inputs[0] == inputs[1])
    }

    @Test("the caller speaks over the agent, says mm-hm, talks to somebody else, hangs up")
    func events() async throws {
        var listening = Self.setting("listening")
        listening.events = [
            Scenario.Event(
                during: 0, after: .milliseconds(800), act: .fixture("026-backchannel"), meaning: .backchannel)
        ]
        listening.expectations.interruptions = 0...0
        var leaving = Self.setting("leaving")
        leaving.events = [Scenario.Event(during: 0, after: .milliseconds(500), act: .hangUp, meaning: .turn)]
        leaving.expectations = ScenarioExpectations()
        leaving.expectations.ends = "caller hung up"
        leaving.expectations.temperature = 64
        var interrupting = Self.setting("interrupting")
        interrupting.answers = [.open: [.fixture("004-goodbye")]]
        interrupting.events = [
            Scenario.Event(during: 0, after: .seconds(1), act: .fixture("129-thermostat"), meaning: .bargeIn)
        ]
        interrupting.expectations.interruptions = 1...2
        // Whom these words are for is the agent's to tell.
        var talking = Self.setting("talking")
        talking.voice = "slt"
        talking.events = [
            Scenario.Event(during: 0, after: .milliseconds(800), act: .say("the baby is asleep"), meaning: .sideTalk)
        ]
        talking.expectations.interruptions = 0...0
        try await run([listening, leaving, interrupting, talking]) { report, _ in
            for one in report.cases { #expect(one.faults == [], "\(one.name): \(one.story)") }
            #expect(report.panel.ignored[.sideTalk]?.value == 1)
            #expect(report.panel.yield.value == 1)
            #expect(report.panel.ignored[.backchannel]?.value == 1)
        }
    }

    @Test("the agent calls: a person is greeted, and a machine gets its message after the beep")
    func placed() async throws {
        var person = Scenario(name: "person", summary: "", agent: "reminder")
        person.placed = Scenario.Placed(answer: .say("hello"))
        person.answers = [.yesNo: [.say("yes")]]
        person.expectations.answeredBy = "person"
        person.expectations.says = ["Will you be there"]
        var machine = Scenario(name: "machine", summary: "", agent: "reminder")
        machine.placed = Scenario.Placed(
            answer: .say("we can not come to the phone right now please leave a message after the tone [beep]"))
        machine.placed?.policy.machine = .leaveMessage
        machine.placed?.policy.message = "Please call us on {callback}."
        machine.expectations.answeredBy = "machine"
        machine.expectations.says = ["Please call us on five five five"]
        machine.expectations.neverSays = ["Will you be there"]
        machine.expectations.ends = "message left"
        try await run([person, machine]) { report, store in
            for one in report.cases { #expect(one.faults == [], "\(one.name): \(one.story)") }
            let story = try await store.story(ofCall: "machine-1")
            #expect(story.call.direction == .outbound)
        }
    }

    @Test("what the agent does not do is told")
    func failing() async throws {
        var wrong = Self.setting("wrong")
        wrong.expectations.temperature = 80
        try await run([wrong]) { report, _ in
            #expect(report.cases.map(\.verdict) == [.failed])
            #expect(report.cases.first?.faults == ["the room has 70 degrees instead of 80"])
        }
    }

    private func run(
        _ scenarios: [Scenario], check: (SimulationReport, Store) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-virtual-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        var root = ServiceUnderTest.shippedAgents
        for _ in 0..<2 { root.deleteLastPathComponent() }
        var configuration = ParleyConfiguration()
        configuration.agents.directory = ServiceUnderTest.shippedAgents.path
        configuration.tools.directory = root.appending(path: "config/tools").path
        configuration.tools.documents = root.appending(path: "config/documents").path
        let report = try await VirtualSimulation(
            scenarios,
            options: .init(
                fixtures: root.appending(path: "audio-fixtures").path, concurrency: 2, directory: directory.path,
                seed: 1),
            configuration: configuration, logger: LogCollector().logger
        ).run { _ in }
        let store = try Store(path: directory.appending(path: "parley.sqlite").path)
        defer { try? store.close() }
        try await check(report, store)
    }

    private static var booking: Scenario {
        var scenario = Scenario(name: "booking", summary: "", agent: "receptionist")
        scenario.answers = [
            .open: [.fixture("065-booking"), .fixture("100-goodbye")], .date: [.fixture("061-date")],
            .time: [.fixture("020-time")], .name: [.fixture("138-name")], .yesNo: [.fixture("067-confirm")],
        ]
        scenario.expectations.tools = ["calendar_find_slots", "calendar_book"]
        scenario.expectations.appointments = [
            ScenarioAppointment(name: "Peter Miller", date: "2026-12-01", time: "10:30")
        ]
        scenario.expectations.ends = "the caller said goodbye"
        return scenario
    }

    private static var noisy: Scenario {
        var scenario = setting("noisy")
        scenario.noise = Scenario.Noise(kind: .street, ratio: 15)
        scenario.line = Scenario.Line(loss: 0.03, jitter: .milliseconds(60))
        return scenario
    }

    private static func setting(_ name: String) -> Scenario {
        var scenario = Scenario(name: name, summary: "", agent: "thermostat")
        scenario.answers = [.open: [.fixture("129-thermostat"), .fixture("004-goodbye")]]
        scenario.expectations.temperature = 70
        return scenario
    }
}
