import Agent
import Foundation
import Testing

@Suite("What a version is made of")
struct AgentBundleTests {
    private var shipped: URL {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.appending(path: "config/agents")
    }

    @Test(
        "is the file and what it refers to, and makes the same agent without either",
        arguments: ["receptionist", "thermostat"])
    func roundTrip(name: String) throws {
        let (bundle, agent) = try AgentBundle.load(file: shipped.appending(path: "\(name).yaml"))
        let again = try bundle.definition()
        #expect(again.version == agent.version && again.greeting == agent.greeting && again.file == agent.file)
        #expect(bundle.resources.isEmpty == (name == "thermostat"), "\(bundle.resources.keys)")
        guard let path = bundle.resources.keys.first else { return }
        var changed = bundle
        changed.resources[path]?.append(contentsOf: "Zebedee\n".utf8)
        #expect(try changed.definition().version != agent.version)
        changed.resources[path] = nil
        let error = #expect(throws: AgentFileErrors.self) { try changed.definition() }
        #expect(error?.description.contains(path) == true)
    }

    private func policy(_ lines: String) throws -> ErrorBudgetPolicy {
        let source = try String(contentsOf: shipped.appending(path: "thermostat.yaml"), encoding: .utf8)
        return try AgentBundle(file: "thermostat.yaml", source: Data((source + "\n" + lines).utf8)).definition()
            .errorBudget
    }

    @Test("says how much may go wrong; without a word, somebody is told and nothing is taken off")
    func budget() throws {
        #expect(try policy("") == ErrorBudgetPolicy() && ErrorBudgetPolicy().action == .alert)
        let policy = try policy(
            """
            error_budget:
              allowed: 0.1
              window_hours: 1.5
              min_calls: 7
              on_burn: roll_back
              counts: {reasks: 4, dead_air: 1}
            """)
        #expect(policy.allowed == 0.1 && policy.window == .seconds(5400) && policy.minimumCalls == 7)
        #expect(policy.action == .rollBack && policy.counts == [.reasks: 4, .deadAir: 1])
    }

    @Test(
        "is refused with its line where a key or a value cannot be",
        arguments: [
            ("error_budget: {allowed: 1.2}", "`allowed` of `error_budget`"),
            ("error_budget: {on_burn: shout}", "alert, roll_back, escalate"),
            ("error_budget: {counts: {reask: 1}}", "did you mean `reasks`?"),
            ("error_budget: {counts: {}}", "nothing counts"),
            ("error_budget: {min_calls: 0}", "from 1 to 10000"),
        ])
    func faults(lines: String, reason: String) throws {
        let error = #expect(throws: AgentFileErrors.self) { try policy(lines) }
        let fault = try #require(error?.faults.first)
        #expect(fault.description.contains(reason) && fault.line > 0, "\(fault)")
    }
}
