import Agent
import Emulators
import Foundation
import Logging
import Networking
import Store
import TestSupport
import Testing

@testable import Agent
@testable import Service

/// Every scripted conversation of the agents that ship is held again and again, each time with another of its dependencies
/// failing at another of its steps.
@Suite("Agents that ship, when a dependency fails at any step", .timeLimit(.minutes(5)))
struct FailureMatrixTests {
    /// How a dependency fails.
    enum Failure: String, Sendable, CaseIterable {
        /// The tool does nothing and says so.
        case refuses
        /// The tool acts, and its answer is lost.
        case losesAnswer
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Counts the calls of all tools of one conversation, and makes one of them fail.
    private final class Saboteur: Sendable {
        struct Call: Sendable, Hashable {
            var tool: String
            var arguments: String
        }

        private struct State {
            var calls: [Call] = []
            var acts: [Call] = []
            var hasFailed = false
        }

        let failing: Int?
        let failure: Failure
        private let state = Lock(State())

        init(failing: Int?, failure: Failure = .refuses) {
            self.failing = failing
            self.failure = failure
        }

        var calls: [Call] { state.withLock { $0.calls } }
        /// What was done in the world, the acts of tools that change something.
        var acts: [Call] { state.withLock { $0.acts } }
        var hasFailed: Bool { state.withLock { $0.hasFailed } }

        /// Whether this is the call that fails.
        func begins(_ call: Call) -> Bool {
            state.withLock { state in
                state.calls.append(call)
                guard state.calls.count - 1 == failing else { return false }
                state.hasFailed = true
                return true
            }
        }

        func acted(_ call: Call) { state.withLock { $0.acts.append(call) } }
    }

    private struct Sabotaged: Tool {
        let tool: any Tool
        let saboteur: Saboteur
        var definition: ToolDefinition { tool.definition }

        func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
            let call = Saboteur.Call(tool: definition.name, arguments: arguments.text)
            let fails = saboteur.begins(call)
            if fails, saboteur.failure == .refuses {
                throw ToolError(.unavailable, tool: definition.name, detail: "as the test says")
            }
            let result = try await tool.call(arguments, context: context)
            if definition.risk != .read { saboteur.acted(call) }
            if fails { throw ToolError(.deadlineExceeded, tool: definition.name, detail: "as the test says") }
            return result
        }
    }

    /// What came of one conversation.
    private struct Course {
        var replies: [DialogueReply] = []
        var saboteur: Saboteur

        /// What was left to a person.
        var filed: [String] {
            replies.flatMap(\.calls).compactMap { call in
                if case .failure(let error) = call.outcome, error.code == .awaitsApproval {
                    call.invocation.name
                } else {
                    nil
                }
            }
        }
    }

    private static func configuration(_ store: URL) -> ParleyConfiguration {
        var configuration = ParleyConfiguration()
        configuration.agents.directory = root.appendingPathComponent("config/agents").path
        configuration.tools.directory = root.appendingPathComponent("config/tools").path
        configuration.tools.documents = root.appendingPathComponent("config/documents").path
        configuration.tools.allowedAddresses = [AddressBlock("127.0.0.1")].compactMap(\.self)
        configuration.calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        configuration.store.path = store.path
        return configuration
    }

    private static let library = Result {
        try AgentLibrary.load(directory: root.appendingPathComponent("config/agents"))
    }

    /// Holds a conversation of a script, with tools and models that fail as told.
    private static func hold(
        _ scene: ConversationScript.Scene, of script: ConversationScript, vendors: [String: String],
        saboteur: Saboteur, failingAnswer: Int? = nil
    ) async throws -> Course {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-matrix-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let moment = Date(timeIntervalSince1970: Double(script.today.dayNumber) * 86_400 + 9 * 3600)
        let bench = try AgentBench(
            configuration: configuration(folder.appending(path: "parley.db")), agents: try library.get(),
            environment: vendors, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            now: { moment })
        var course = Course(saboteur: saboteur)
        do {
            try await bench.setUp()
            let agent = try bench.agent(script.agent)
            let call = CallFacts(callID: "c1", callerNumber: scene.callerNumber, parameters: scene.parameters)
            let known = Dictionary(
                bench.tools.map { ($0.definition.name, $0) }, uniquingKeysWith: { first, _ in first })
            let tools = known.mapValues { tool -> any Tool in
                guard let answers = scene.tools[tool.definition.name] else { return tool }
                return ScriptedTool(tool.definition, answers: answers)
            }
            let model = agent.kind == .model ? ScriptedModel() : nil
            let dialogue = try bench.dialogue(
                of: agent, call: call, replacing: tools.values.map { Sabotaged(tool: $0, saboteur: saboteur) },
                model: model)
            var conversation = TextConversation(dialogue, call: call)
            _ = try await conversation.start()
            var answers = 0
            for turn in scene.turns where conversation.ending == nil {
                model?.expect(
                    turn.model.map { line in
                        answers += 1
                        return answers - 1 == failingAnswer ? .fails(.unavailable) : line
                    })
                course.replies.append(try await Self.take(turn.input, &conversation))
            }
        } catch {
            await bench.close()
            throw error
        }
        await bench.close()
        return course
    }

    private static func take(
        _ input: ConversationScript.Turn.Input, _ conversation: inout TextConversation
    ) async throws -> DialogueReply {
        switch input {
        case .says(let text, let confidence): try await conversation.say(text, confidence: confidence)
        case .keys(let keys): try await conversation.send(.keysPressed(keys))
        case .mumbles: try await conversation.send(.callerNotUnderstood)
        case .silence(let count): try await conversation.send(.callerSilent(count: count))
        case .notReached(let reason): try await conversation.send(.notReached(reason: reason))
        }
    }

    /// What must hold of every conversation, whatever failed in it.
    private static func check(_ course: Course, _ acting: Set<String>, _ what: String) {
        var done: Set<String> = []
        for (index, reply) in course.replies.enumerated() {
            // The caller always hears something.
            #expect(!reply.said.isEmpty || reply.ending != nil, "\(what): silence in turn \(index + 1)")
            for output in reply.outputs {
                switch output {
                case .toolFinished(let call, .result): done.insert(call.name)
                case .say(let text):
                    // Nothing is said to be done that is not.
                    let claim = PromiseCheck(acting: acting, done: done).unsupportedClaim(in: text)
                    #expect(claim == nil, "\(what): \"\(text)\" in turn \(index + 1)")
                default: break
                }
            }
        }
        // Nothing is done twice. A thermostat's steps are for being repeated.
        let acts = course.saboteur.acts.filter { $0.tool != "thermostat_step" }
        #expect(Set(acts).count == acts.count, "\(what): \(acts)")
    }

    @Test("callers hear something sensible, nothing is claimed that was not done, and nothing is done twice")
    func matrix() async {
        #expect(!AgentScriptsTests.names.isEmpty)
        await AtOnce.each(AgentScriptsTests.names, atMost: 2) {
            try await Self.matrix(file: $0)
        } failed: {
            Issue.record($1, "\($0)")
        }
    }

    private static func matrix(file: String) async throws {
        let script = try ConversationScript(
            yaml: Data(contentsOf: Self.root.appending(path: "config/agents/tests/\(file)")), file: file)
        let emulator = ConnectorEmulator()
        let vendors = ConnectorEmulator.environment(try emulator.start())
        defer { emulator.stop() }
        let agent = try #require(try Self.library.get().agents[script.agent])
        let acting = Set(agent.tools.filter { $0.value != .read }.keys)
        // Each tool at each place among a conversation's calls, once in each way.
        var (seen, met): (Set<String>, Set<String>) = ([], [])
        var (toolFailures, modelFailures) = (0, 0)
        for scene in script.scenes {
            let whole = try await Self.hold(scene, of: script, vendors: vendors, saboteur: Saboteur(failing: nil))
            met.formUnion(whole.saboteur.calls.map(\.tool) + whole.filed)
            for (index, call) in whole.saboteur.calls.enumerated() {
                for failure in Failure.allCases where seen.insert("\(call.tool) \(index) \(failure)").inserted {
                    let saboteur = Saboteur(failing: index, failure: failure)
                    let course = try await Self.hold(scene, of: script, vendors: vendors, saboteur: saboteur)
                    #expect(saboteur.hasFailed, "\(scene.name): \(call.tool), call \(index + 1)")
                    toolFailures += 1
                    Self.check(course, acting, "\(scene.name): \(call.tool), call \(index + 1), \(failure)")
                }
            }
            guard agent.kind == .model else { continue }
            for answer in 0..<scene.turns.reduce(0, { $0 + $1.model.count }) {
                let course = try await Self.hold(
                    scene, of: script, vendors: vendors, saboteur: Saboteur(failing: nil), failingAnswer: answer)
                modelFailures += 1
                Self.check(course, acting, "\(scene.name): the model, answer \(answer + 1)")
            }
        }
        #expect(Set(agent.tools.keys).subtracting(met) == [], "no conversation in \(file) calls these")
        #expect(modelFailures > 0 || agent.kind == .flow, "\(file)")
        print("\(script.agent): \(toolFailures) failures of tools, \(modelFailures) of the model")
    }
}
