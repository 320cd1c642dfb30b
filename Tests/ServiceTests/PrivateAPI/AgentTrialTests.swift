import Agent
import Foundation
import Store
import Testing

@testable import Service

@Suite("What is tried in the editor")
struct AgentTrialTests {
    /// Two conversations with the thermostat, of which the second does not go as it is written.
    private static let script = """
        agent: thermostat
        today: 2026-11-23
        conversations:
          - name: tells the temperature
            turns:
              - caller: "what is the temperature in here"
                calls: thermostat_read
                says: ["sixty four"]
          - name: touches nothing
            turns:
              - caller: "set it to seventy degrees"
            never_calls: [thermostat_set]
        """

    static func writeScript(for test: ServiceUnderTest) throws {
        let folder = URL(fileURLWithPath: test.service.configuration.agents.directory).appending(path: "tests")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(script.utf8).write(to: folder.appending(path: "thermostat.yaml"))
        try Data("agent: [".utf8).write(to: folder.appending(path: "unread.yaml"))
    }

    private static func draft(_ test: ServiceUnderTest) throws -> String {
        let folder = URL(fileURLWithPath: test.service.configuration.agents.directory)
        let source = String(decoding: try Data(contentsOf: folder.appending(path: "thermostat.yaml")), as: UTF8.self)
        return source.replacing("Hello, this is the thermostat.", with: "Good evening.")
    }

    @Test("a draft is talked to from its greeting on, with its tools, and nothing of it is kept")
    func conversation() async throws {
        try await ServiceUnderTest.run { test in
            let answer = try await test.api(
                "POST", "/api/v1/agents/thermostat/trial",
                json: [
                    "source": try Self.draft(test),
                    "inputs": [["kind": "says", "text": "set it to seventy degrees"], ["kind": "silence"]],
                ] as [String: Any])
            #expect(answer.status == 200, "\(answer.detail)")
            let exchanges = try #require(answer.object["exchanges"] as? [[String: Any]])
            try #require(exchanges.count == 3)
            let outputs = exchanges.map { $0["outputs"] as? [[String: Any]] ?? [] }
            #expect(outputs[0].contains { $0["kind"] as? String == "say" && $0["text"] as? String == "Good evening." })
            #expect(exchanges[0]["caller"] == nil)
            let tools = outputs[1].filter { $0["kind"] as? String == "toolFinished" }.compactMap {
                $0["tool"] as? String
            }
            #expect(tools.contains("thermostat_set") && tools.contains("thermostat_step"))
            #expect(outputs[2].contains { $0["kind"] as? String == "say" })
            #expect(answer.object["ending"] == nil && answer.object["unanswered"] as? Int == 0)
            // No call was made, and the agent answers as before.
            #expect(try await test.service.store.calls(limit: 10).calls.isEmpty)
            #expect(try await test.service.store.versions(of: "thermostat").isEmpty)
            let again = try await test.api(
                "POST", "/api/v1/agents/thermostat/trial",
                json: ["inputs": [["kind": "says", "text": "what is the temperature in here"]]])
            // The room of the conversation before is gone.
            #expect(String(decoding: again.body, as: UTF8.self).contains("sixty four"))
            #expect(String(decoding: again.body, as: UTF8.self).contains("Hello, this is the thermostat."))
        }
    }

    @Test("scripts pass and fail, those of the folder and one that comes with the request")
    func scripts() async throws {
        try await ServiceUnderTest.run { test in
            try Self.writeScript(for: test)
            let answer = try await test.api("POST", "/api/v1/agents/thermostat/scripts", json: [String: Any]())
            #expect(answer.status == 200, "\(answer.detail)")
            let scripts = try #require(answer.object["scripts"] as? [[String: Any]])
            try #require(scripts.count == 1)
            let held = try #require(scripts[0]["conversations"] as? [[String: Any]])
            #expect(held.map { ($0["failures"] as? [Any])?.isEmpty } == [true, false])
            let unread = try #require(answer.object["unread"] as? [String])
            #expect(unread.count == 1 && unread[0].contains("unread.yaml"))
            let given = try await test.api(
                "POST", "/api/v1/agents/thermostat/scripts",
                json: ["script": Self.script.replacing("never_calls: [thermostat_set]", with: "never_calls: [weather]")]
            )
            let text = String(decoding: given.body, as: UTF8.self)
            #expect(given.status == 200 && !text.contains("reason"), "\(text)")
            let strange = try await test.api(
                "POST", "/api/v1/agents/thermostat/scripts",
                json: ["script": Self.script.replacing("agent: thermostat", with: "agent: receptionist")])
            #expect(strange.status == 422 && strange.detail.contains("receptionist"))
        }
    }

    @Test("what cannot be tried is refused, with why")
    func refused() async throws {
        try await ServiceUnderTest.run { test in
            let path = "/api/v1/agents/thermostat/trial"
            let long = Array(repeating: ["kind": "silence"], count: OperatorAPI.longestTrial + 1)
            #expect(try await test.api("POST", path, json: ["inputs": long]).status == 422)
            let mute = try await test.api("POST", path, json: ["inputs": [["kind": "says"]]])
            #expect(mute.status == 422 && mute.detail.contains("silence"))
            let keys = try await test.api("POST", path, json: ["inputs": [["kind": "keys", "text": "1x"]]])
            #expect(keys.status == 422)
            let faulty = try await test.api(
                "POST", path, json: ["source": "name: x", "inputs": [Any]()] as [String: Any])
            #expect(faulty.status == 422 && faulty.detail.contains("thermostat.yaml"))
            let nobody = try await test.api("POST", "/api/v1/agents/nobody/trial", json: ["inputs": [Any]()])
            #expect(nobody.status == 404)
        }
    }

    private static func isRefused(by desk: TrialDesk) async -> Bool {
        do {
            try await desk.run {}
            return false
        } catch { return error is TrialDesk.IsBusy }
    }

    @Test("no more than two at once, and none for ever")
    func bounds() async throws {
        let desk = TrialDesk(patience: .milliseconds(50))
        await #expect(throws: TrialDesk.TookTooLong.self) {
            try await desk.run { try await Task.sleep(for: .seconds(60)) }
        }
        let patient = TrialDesk()
        let (stream, open) = AsyncStream<Void>.makeStream()
        let (begun, begin) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await patient.run {
                    begin.yield()
                    for await _ in stream { break }
                }
            }
            for await _ in begun { break }
            let third = try await patient.run { await Self.isRefused(by: patient) }
            #expect(third)
            open.yield()
            try await group.waitForAll()
        }
        // Both places are free again.
        try await patient.run {}
    }
}
