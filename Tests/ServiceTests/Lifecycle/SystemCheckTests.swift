import CallSession
import Foundation
import Store
import Testing

@testable import Service

@Suite("The check of the system")
struct SystemCheckTests {
    /// What the check says of an agent file, with the shipped ones beside it.
    private func finding(
        ofAgent text: String? = nil, _ configure: (inout ParleyConfiguration) -> Void = { _ in }
    ) async throws -> SystemCheck.Finding {
        try #require(try await findings(ofAgent: text, configure)["agents"])
    }

    /// What it says of everything, by subject.
    private func findings(
        ofAgent text: String? = nil, _ configure: (inout ParleyConfiguration) -> Void = { _ in }
    ) async throws -> [String: SystemCheck.Finding] {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-check-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let agents = directory.appending(path: "agents")
        try FileManager.default.copyItem(at: ServiceUnderTest.shippedAgents, to: agents)
        if let text { try Data(text.utf8).write(to: agents.appending(path: "other.yaml")) }
        var configuration = ParleyConfiguration()
        configuration.agents.directory = agents.path
        configuration.store.path = directory.appending(path: "parley.db").path
        // What is checked here needs no models, and building them takes a minute.
        configuration.speech.acousticModel = directory.appending(path: "none").path
        configure(&configuration)
        return Dictionary(await SystemCheck.run(configuration).map { ($0.subject, $0) }) { first, _ in first }
    }

    private func shipped(_ name: String) throws -> String {
        try String(contentsOf: ServiceUnderTest.shippedAgents.appending(path: name), encoding: .utf8)
    }

    @Test("the shipped agents are fit; one that lacks its model is mentioned, for the service does without it")
    func shippedAgents() async throws {
        let findings = try await findings()
        let finding = try #require(findings["agents"])
        #expect(finding.isOK)
        // Nobody is behind the names that they hand callers on to.
        let transfers = try #require(findings["transfers"])
        #expect(transfers.isOK && transfers.detail.contains("calls.escalation"))
        #expect(transfers.detail.contains("assistant (reception), receptionist (reception), sdr (sales)"))
        #expect(
            finding.detail.hasPrefix(
                "marketing-reminder, receptionist, reminder, thermostat; assistant is left out: assistant.yaml:"))
    }

    @Test("an agent whose model is missing fails where calls are sent to it", arguments: [true, false])
    func missingModel(isDefault: Bool) async throws {
        let finding = try await finding { configuration in
            if isDefault {
                configuration.agents.default = "assistant"
            } else {
                configuration.agents.numbers = ["+493012345678": "assistant"]
            }
        }
        #expect(!finding.isOK)
        #expect(finding.detail.contains("there is no model provider"))
    }

    @Test("the check of agents' files opens no database, which would take its schema up")
    func agentFiles() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-check-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var configuration = ParleyConfiguration()
        configuration.agents.directory = ServiceUnderTest.shippedAgents.path
        configuration.store.path = folder.appending(path: "deep/parley.db").path
        let findings = try await AgentCheck.findings("thermostat", configuration: configuration)
        let faults = findings.filter(\.isFault)
        #expect(faults.isEmpty, "\(faults)")
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test("a database that is not there is not made, and one that is stays what it was, to the byte")
    func touchesNothing() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-check-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "deep/parley.db").path
        var found = try await findings { $0.store.path = path }
        let none = try #require(found["store"])
        #expect(none.isOK && none.detail.contains("is not there yet; `parley serve` makes it"), "\(none.detail)")
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "deep").path))
        try Store(path: path).close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        found = try await findings { $0.store.path = path }
        let there = try #require(found["store"])
        #expect(there.isOK && there.detail.hasPrefix("\(path), schema ") && !there.detail.contains("will run"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test("the steps of the schema that a start will take are counted")
    func countsSteps() {
        let older = SchemaStanding(step: "1-calls", pending: ["2-calendar", "3-probe"])
        #expect(
            SystemCheck.schema(older)
                == "schema 1-calls; `parley serve` takes it up to 3-probe: 2 steps will run, so make a backup first")
        #expect(SystemCheck.schema(SchemaStanding(step: "3-probe", pending: [])) == "schema 3-probe")
        let empty = SystemCheck.schema(SchemaStanding(step: nil, pending: ["1-calls"]))
        #expect(empty == "no tables yet; `parley serve` makes them, 1 step")
    }

    @Test("a tool that does not exist, or is more dangerous than the agent says, is named with its file")
    func tools() async throws {
        let text = try shipped("thermostat.yaml").replacing("name: thermostat\n", with: "name: other\n")
        let unknown = try await finding(
            ofAgent: text.replacing("thermostat_step: reversible", with: "thermostat_leap: reversible")
                .replacing("call: thermostat_step", with: "call: thermostat_leap"))
        #expect(!unknown.isOK)
        #expect(unknown.detail.contains("other.yaml: there is no tool `thermostat_leap`"))
        let risky = try await finding(
            ofAgent: text.replacing("thermostat_set: reversible", with: "thermostat_set: read"))
        #expect(!risky.isOK)
        #expect(risky.detail.contains("other.yaml: the tool `thermostat_set` is reversible, but the agent says read"))
    }

    @Test("a number or a default that leads to no agent is named")
    func destinations() async throws {
        let findings = try await findings { configuration in
            configuration.conversation.escalation = "sip:desk@clinic.test"
            configuration.agents.default = "nobody"
            configuration.agents.numbers = ["+493012345678": "noone"]
        }
        let transfers = try #require(findings["transfers"])
        #expect(transfers.isOK && !transfers.detail.contains("receptionist"), "\(transfers.detail)")
        let finding = try #require(findings["agents"])
        #expect(!finding.isOK)
        #expect(finding.detail.contains("agents.default: there is no agent `nobody`"))
        #expect(finding.detail.contains("agents.numbers.+493012345678: there is no agent `noone`"))
    }
}
