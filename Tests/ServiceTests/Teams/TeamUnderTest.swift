import Agent
import Foundation
import Logging
import Networking
import Store

@testable import Service

/// A team of one agent over a database of its own, with a model that does what its closure says, and a tool that writes each
/// act of it to a file, as a vendor would keep it.
struct TeamUnderTest: Sendable {
    /// The last thing that was said to the model, and how many results of tools it has had since.
    typealias Mind = @Sendable (_ task: String, _ results: Int) -> Answer

    enum Answer: Sendable {
        case says(String)
        case calls(String, JSONValue = [:])
        case fails
        /// Says so once as many have been asked.
        case meets(Meeting)
    }

    /// Where as many answers wait for each other.
    final class Meeting: Sendable {
        private let size: Int
        private let waiting = Lock<[AsyncThrowingStream<ModelEvent, any Error>.Continuation]>([])

        init(of size: Int) { self.size = size }

        /// How many wait.
        var count: Int { waiting.withLock { $0.count } }

        fileprivate func join(_ events: AsyncThrowingStream<ModelEvent, any Error>.Continuation) {
            let all = waiting.withLock { all in
                all.append(events)
                return all.count < size ? [] : all
            }
            for events in all { Self.end(events) }
        }

        /// Lets those who wait go without the others.
        func end() { for events in waiting.withLock({ $0 }) { Self.end(events) } }

        private static func end(_ events: AsyncThrowingStream<ModelEvent, any Error>.Continuation) {
            events.yield(.text("Met."))
            events.yield(.finished(ModelFinish(reason: .stop)))
            events.finish()
        }
    }

    /// A step for each act: its name, its task, and what else its line in the file has.
    static func yaml(_ team: String) -> String {
        """
        name: crew
        kind: model
        greeting: "Ready."
        thresholds: {reask_below: 0.0, escalate_below: 0.0, max_reasks: 1}
        silence: {reprompt_after: 60, max_reprompts: 0, prompts: ["Still here."], farewell: "Done."}
        tools: {send: reversible}
        escalation: [{hang_up: true, say: "I could not do it."}]
        model: {provider: one, max_tokens: 500, step_budget: 6, apology: "The model failed.", not_understood: "What?"}
        instructions: Work.
        team:
        \(team.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
        """
    }

    let folder: String
    let agent: AgentDefinition
    let mind: Mind
    /// Ends the process once it has done the act of this key.
    var deadlyKey: String?
    /// The tool fails for keys that hold this.
    var failingKey: String?

    static func folder() throws -> String {
        let path = NSTemporaryDirectory() + "parley-team-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    init(_ team: String, in folder: String, mind: @escaping Mind) throws {
        self.folder = folder
        self.mind = mind
        agent = try AgentDefinition(yaml: Data(Self.yaml(team).utf8), file: "crew.yaml") { _ in Data() }
    }

    func store() throws -> Store { try Store(path: folder + "/parley.db") }

    func runner(_ store: Store, now: @escaping @Sendable () -> Date = { Date() }) -> TeamRunner {
        let tool = Vendor(file: folder + "/sent", deadlyKey: deadlyKey, failingKey: failingKey)
        return TeamRunner(
            store: store,
            workshop: TeamRunner.Workshop(
                agents: { ["crew": agent] },
                dialogue: { agent, call in
                    agent.makeDialogue(
                        call: call, tools: [tool],
                        environment: DialogueEnvironment(
                            models: ["one": Model(mind: mind)], hasCaller: false, agents: ["crew": agent]))
                }),
            lease: .milliseconds(400), now: now, logger: Logger(label: "test"))
    }

    /// The keys of the acts that the vendor has, in order.
    var sent: [String] {
        ((try? String(contentsOfFile: folder + "/sent", encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    private struct Vendor: Tool {
        let file: String
        let deadlyKey: String?
        let failingKey: String?
        let definition = ToolDefinition(
            name: "send", summary: "Sends.", parameters: ["type": "object"], risk: .reversible)

        /// As the contract of tools asks: once for a key.
        func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
            let key = context.idempotencyKey
            if let failingKey, key.contains(failingKey) { throw ToolError(.unavailable, tool: "send", detail: "down") }
            let handle = FileHandle(forUpdatingAtPath: file) ?? Self.make(file)
            let done = String(decoding: (try? handle?.readToEnd()) ?? Data(), as: UTF8.self)
            if !done.contains("\(key)\n") { try? handle?.write(contentsOf: Data("\(key)\n".utf8)) }
            if let deadlyKey, key.contains(deadlyKey) { kill(getpid(), SIGKILL) }
            return ["sent": true]
        }

        private static func make(_ file: String) -> FileHandle? {
            _ = FileManager.default.createFile(atPath: file, contents: nil)
            return FileHandle(forUpdatingAtPath: file)
        }
    }

    private struct Model: LanguageModel {
        let mind: Mind

        func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
            var (task, results) = ("", 0)
            for message in request.messages {
                switch message {
                case .user(let text): (task, results) = (text, 0)
                case .tool: results += 1
                default: break
                }
            }
            let answer = mind(task, results)
            return AsyncThrowingStream { events in
                switch answer {
                case .says(let text):
                    events.yield(.text(text))
                    events.yield(.finished(ModelFinish(reason: .stop)))
                case .calls(let name, let arguments):
                    events.yield(
                        .toolCall(
                            ModelToolCall(
                                id: "c\(results)", name: name, arguments: arguments, rawArguments: arguments.text)))
                    events.yield(.finished(ModelFinish(reason: .toolCalls)))
                case .meets(let meeting): return meeting.join(events)
                case .fails:
                    return events.finish(throwing: ModelError(.unavailable, provider: "one", detail: "down"))
                }
                events.finish()
            }
        }
    }
}

extension TeamRunner {
    /// Does everything that can be done now, as a service does with each look.
    func runOnce() async throws {
        for id in try await look() { await advance(id) }
    }
}
