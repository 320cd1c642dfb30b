import Agent
import CallSession
import Callers
import Foundation
import Testing

@testable import Service

@Suite("Scenario files")
struct ScenarioFileTests {
    @Test("the shipped ones are sound, and enough")
    func shipped() throws {
        var root = ServiceUnderTest.shippedAgents
        for _ in 0..<2 { root.deleteLastPathComponent() }
        let manifest = try FixtureManifest(directory: root.appending(path: "audio-fixtures").path)
        let ids = Set(manifest.fixtures.map(\.id))
        let scenarios = try ScenarioFile.load(directory: root.appending(path: "config/scenarios")) { ids.contains($0) }
        #expect(scenarios.count >= 60)
        // A rate of the panel means something only where there are cases of it, in more than one call and voice.
        let sounds = scenarios.flatMap { scenario in scenario.events.map { (scenario, $0.meaning) } }
        for (meaning, least) in [
            (CallTimeline.Meaning.backchannel, 10), (.tic, 10), (.sideTalk, 10), (.bargeIn, 30),
        ] {
            let cases = sounds.filter { $0.1 == meaning }
            #expect(cases.count >= least, "\(meaning)")
            #expect(Set(cases.map(\.0.name)).count >= 5 && Set(cases.map(\.0.voice)).count == 3, "\(meaning)")
        }
        let agents = try AgentLibrary.load(directory: ServiceUnderTest.shippedAgents).agents
        #expect(scenarios.allSatisfy { agents[$0.agent] != nil })
        // A scenario that expects nothing cannot fail.
        #expect(scenarios.allSatisfy { $0.expectations != ScenarioExpectations() })
    }

    @Test("is read whole")
    func whole() throws {
        let scenario = try ScenarioFile.read(Self.everything, file: "everything.yaml") { $0 == "001-x" }
        #expect(scenario.name == "everything")
        #expect(scenario.voice == "awb" && scenario.speed == 1.25)
        #expect(scenario.noise == Scenario.Noise(kind: .babble, ratio: 12))
        #expect(scenario.line == Scenario.Line(loss: 0.05, jitter: .milliseconds(60)))
        #expect(scenario.answers[.open] == [.say("hello"), .fixture("001-x"), .silence, .press("12#"), .hangUp])
        #expect(
            scenario.events == [
                Scenario.Event(during: 1, after: .milliseconds(500), act: .fixture("001-x"), meaning: .tic)
            ])
        #expect(scenario.expectations.tools == ["calendar_book"])
        #expect(scenario.expectations.appointments == [ScenarioAppointment(name: "Ann Lee", time: "10:30")])
        #expect(scenario.expectations.interruptions == 1...Int.max)
        #expect(scenario.given.variables == ["segment": "new", "until": "Sunday"])
        let placed = try #require(scenario.placed)
        #expect(placed.answer == .say("leave a message [beep]") && placed.after == .milliseconds(1200))
        #expect(placed.policy.machine == .leaveMessage && placed.policy.message == "Please call {clinic}.")
        #expect(scenario.expectations.answeredBy == "machine" && scenario.expectations.presses == "12")
        #expect(scenario.knownFailure == "it does not work yet")
        #expect(scenario.knownMishearing == "it is never understood")
    }

    @Test(
        "a fault is told with its line and what to do",
        arguments: [
            ("summary: x\nagent: a\nanswers: {open: [hi]}\nexpect: {}\nnose: {}", 5, "unknown key `nose`"),
            ("summary: x\nagent: a\nexpect: {}", 1, "lacks the key `answers`"),
            (
                "summary: x\nagent: a\nanswers: {open: [hi]}\nexpect: {}\nexpected: {}", 5,
                "must say why it fails, or why it mishears"
            ),
            (
                "summary: x\nagent: a\nanswers: {open: [hi]}\nexpect: {}\ngiven:\n  variables: [a]", 6,
                "must be a mapping"
            ),
            ("summary: x\nagent: a\nanswers:\n  open: [{fixture: 999-x}]\nexpect: {}", 4, "no id of audio-fixtures"),
            ("summary: x\nagent: a\nanswers:\n  colour: [red]\nexpect: {}", 4, "unknown key `colour`"),
            ("summary: x\nagent: a\nvoice: hal\nanswers: {open: [hi]}\nexpect: {}", 3, "must be one of: slt, rms, awb"),
            (
                "summary: x\nagent: a\nanswers: {open: [hi]}\nnoise: {kind: pink, snr: 90}\nexpect: {}", 4,
                "-10.0 to 60.0"
            ),
            ("summary: x\nagent: a\nanswers:\n  open: [\"hi [pause] there\"]\nexpect: {}", 4, "only [pause SECONDS]"),
            ("summary: x\nagent: a\nanswers:\n  open: [{press: \"1x\"}]\nexpect: {}", 4, "no telephone key"),
            (
                "summary: x\nagent: a\nanswers: {open: [hi]}\nexpect:\n  appointments: [{name: A, date: soon}]", 5,
                "like 2026-12-01"
            ),
            (
                "summary: x\nagent: a\nanswers: {open: [hi]}\nevents:\n  - {during: 0, after: 1}\nexpect: {}", 5,
                "must have one of"
            ),
            (
                "summary: x\nagent: a\nplaced: {answer: hi, machine: leave_message}\nanswers: {}\nexpect: {}", 3,
                "has no `message`"
            ),
            (
                "summary: x\nagent: a\nanswers: {}\nexpect: {answered_by: ghost}", 4,
                "must be one of: person, machine, screening, menu, fax, unsure"
            ),
            ("summary: [", 1, "YAML is invalid"),
        ])
    func faults(text: String, line: Int, reason: String) throws {
        let thrown = #expect(throws: AgentFileErrors.self) {
            try ScenarioFile.read(text, file: "x.yaml") { _ in false }
        }
        let error = try #require(thrown)
        #expect(error.description.contains(reason), "\(error)")
        if !reason.contains("YAML") { #expect(error.faults.contains { $0.line == line }, "\(error)") }
        #expect(error.description.hasPrefix("x.yaml"))
    }

    private static let everything = """
        summary: All keys.
        agent: receptionist
        voice: awb
        speed: 1.25
        noise: {kind: babble, snr: 12}
        line: {loss: 0.05, jitter: 0.06}
        limit: 40
        placed: {answer: "leave a message [beep]", after: 1.2, machine: leave_message, message: "Please call {clinic}."}
        given:
          appointments: [{name: Bob Ray, date: "2026-12-02", time: "09:00"}]
          variables: {segment: new, until: Sunday}
        answers:
          open: [hello, {fixture: 001-x}, {silence: true}, {press: "12#"}, {hang_up: true}]
        events:
          - {during: 1, after: 0.5, fixture: 001-x, as: tic}
        expect:
          tools: [calendar_book]
          appointments: [{name: Ann Lee, time: "10:30"}]
          interruptions: {min: 1}
          answered_by: machine
          presses: "12"
        expected:
          fails: it does not work yet
          mishears: it is never understood
        """
}

@Suite("What is expected of a scenario")
struct ScenarioExpectationsTests {
    @Test("is met, or told in sentences")
    func faults() {
        var expectations = ScenarioExpectations()
        expectations.tools = ["find", "book"]
        expectations.neverTools = ["cancel"]
        expectations.says = ["is booked, Tuesday"]
        expectations.neverSays = ["sorry"]
        expectations.appointments = [ScenarioAppointment(name: "Ann Lee", date: "2026-12-01")]
        expectations.ends = "the caller said goodbye"
        var outcome = ScenarioOutcome()
        outcome.tools = [.init(name: "find", succeeded: true), .init(name: "book", succeeded: true)]
        outcome.heard = "Your appointment is booked: Tuesday the first."
        outcome.appointments = [ScenarioAppointment(name: "ann lee", date: "2026-12-01", time: "10:30")]
        outcome.endReason = "the caller said goodbye"
        #expect(expectations.faults(of: outcome) == [])

        outcome.tools = [
            .init(name: "book", succeeded: false), .init(name: "find", succeeded: true),
            .init(name: "cancel", succeeded: true),
        ]
        outcome.heard = "Sorry."
        outcome.appointments = []
        outcome.endReason = "caller hung up"
        outcome.isOverdue = true
        #expect(
            expectations.faults(of: outcome) == [
                "the call was not over in time", "the tool book did not succeed in its place",
                "the tool cancel was called",
                "there is no appointment of Ann Lee on 2026-12-01", "the agent did not say \"is booked, Tuesday\"",
                "the agent said \"sorry\"",
                "the call ended with \"caller hung up\" instead of \"the caller said goodbye\"",
            ])
    }

    @Test("an appointment too many is a fault")
    func tooMany() {
        var expectations = ScenarioExpectations()
        expectations.appointments = []
        var outcome = ScenarioOutcome()
        outcome.appointments = [ScenarioAppointment(name: "Ann", date: "2026-12-01", time: "10:30")]
        #expect(expectations.faults(of: outcome) == ["there is an appointment of Ann on 2026-12-01 at 10:30"])
    }

    @Test("a word within another is not that word")
    func wholeWords() {
        var expectations = ScenarioExpectations()
        expectations.neverSays = ["art"]
        var outcome = ScenarioOutcome()
        outcome.heard = "Start."
        #expect(expectations.faults(of: outcome) == [])
    }
}
