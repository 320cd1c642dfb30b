import Agent
import Foundation
import HTTPTypes
import Hummingbird
import Store

/// Trying an agent, or a draft of it, without a telephone: nothing of it is stored, and nothing that it does lasts.
extension OperatorAPI {
    /// Inputs of one conversation that is tried.
    static let longestTrial = 40
    /// Conversations of the scripts that are run at once.
    static let mostScriptedConversations = 200

    var trialRoutes: [APIRoute] {
        [
            APIRoute(.post, "/agents/{name}/trial", scope: .builder, tryConversation),
            APIRoute(.post, "/agents/{name}/scripts", scope: .builder, runScripts),
        ]
    }

    private struct TrialWish: Decodable {
        /// YAML; absent for the agent as it answers now.
        let source: String?
        /// The caller's number.
        let from: String?
        let inputs: [AgentTrial.Input]
    }

    private struct ScriptsWish: Decodable {
        let source: String?
        /// YAML; absent for the agent's scripts among the files.
        let script: String?
    }

    private struct ScriptReports: Encodable {
        let scripts: [AgentScripts.Report]
        /// Files that cannot be read, each with why.
        let unread: [String]
    }

    private func tryConversation(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(TrialWish.self, upTo: 1_048_576)
        guard wish.inputs.count <= Self.longestTrial else {
            throw Problem.unprocessable("\"inputs\" has \(Self.longestTrial) at most.")
        }
        let inputs = try wish.inputs.map(checked)
        let number = wish.from ?? ""
        guard number.count <= 100 else { throw Problem.unprocessable("\"from\" has 100 characters at most.") }
        let (agent, library) = try await subject(of: try context.parameters.require("name"), source: wish.source)
        let trial = AgentTrial(configuration: configuration, agents: library, logger: logger)
        return .json(try await tried { try await trial.hold(with: agent, from: number, inputs: inputs) })
    }

    private func checked(_ input: AgentTrial.Input) throws -> AgentTrial.Input {
        var input = input
        let text = (input.text ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        switch input.kind {
        case .says:
            guard !text.isEmpty, text.count <= Self.longestSentence else {
                throw Problem.unprocessable(
                    "\"text\" of what is said must have 1 to \(Self.longestSentence) characters; \"silence\" says nothing."
                )
            }
            input.text = text
        case .keys:
            guard !text.isEmpty, text.count <= 50, text.allSatisfy({ "0123456789*#ABCD".contains($0) }) else {
                throw Problem.unprocessable("\"text\" of keys must be 1 to 50 of 0 to 9, *, #, A to D.")
            }
            input.text = text
        case .mumbles, .silence: input.text = nil
        }
        return input
    }

    private func runScripts(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.parameters.require("name")
        let wish = try await request.object(ScriptsWish.self, upTo: 1_048_576)
        if let script = wish.script { try Self.check(source: script) }
        let (_, library) = try await subject(of: name, source: wish.source)
        let (scripts, unread) = try read(scriptsOf: name, given: wish.script)
        let count = scripts.reduce(0) { $0 + $1.scenes.count }
        guard count <= Self.mostScriptedConversations else {
            throw Problem.unprocessable(
                "There are \(count) conversations; \(Self.mostScriptedConversations) at most are held here. "
                    + "`parley agent test` holds any number.")
        }
        let runner = AgentScripts(
            configuration: configuration, agents: library, usesRealModels: false, logger: logger)
        let reports = try await tried {
            var reports: [AgentScripts.Report] = []
            for script in scripts { reports.append(try await runner.run(script)) }
            return reports
        }
        return .json(ScriptReports(scripts: reports, unread: unread))
    }

    /// The agent that is tried, and all that there are, with it in its place.
    private func subject(
        of name: String, source: String?
    ) async throws -> (agent: AgentDefinition, library: AgentLibrary) {
        var agents = known
        guard let source else {
            guard let agent = agents[name] else {
                throw Problem.notFound("There is no agent \"\(name)\"; GET /api/v1/agents lists those there are.")
            }
            return (agent, AgentLibrary(agents: agents))
        }
        try Self.check(source: source)
        do {
            let bundle = try await validator.read(source, file: known[name]?.file ?? "\(name).yaml").bundle
            let agent = try await validator.definition(
                of: bundle, meanings: SentenceUnderstanding.meanings(configuration, logger: logger))
            guard agent.name == name else {
                throw Problem.unprocessable(
                    "\"source\" is of the agent \"\(agent.name)\", not of \"\(name)\".")
            }
            agents[name] = agent
            return (agent, AgentLibrary(agents: agents))
        } catch let error as AgentFileErrors {
            throw Problem(
                status: .unprocessableContent, code: "faulty_agent",
                detail: "The agent has faults:\n\(error.description)")
        }
    }

    /// What is to be run: what came with the request, or the agent's scripts in the folder `tests` beside the agents.
    private func read(
        scriptsOf name: String, given: String?
    ) throws -> (scripts: [ConversationScript], unread: [String]) {
        if let given {
            do {
                let script = try ConversationScript(yaml: Data(given.utf8), file: "script.yaml")
                guard script.agent == name else {
                    throw Problem.unprocessable(
                        "\"script\" is of the agent \"\(script.agent)\", not of \"\(name)\".")
                }
                return ([script], [])
            } catch let error as AgentFileErrors {
                throw Problem(
                    status: .unprocessableContent, code: "faulty_script",
                    detail: "The script has faults:\n\(error.description)")
            }
        }
        let folder = URL(fileURLWithPath: configuration.agents.directory).appendingPathComponent("tests")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        var found: [ConversationScript] = []
        var unread: [String] = []
        for file in files.sorted() where file.hasSuffix(".yaml") {
            do {
                let bytes = try Data(contentsOf: folder.appendingPathComponent(file))
                let script = try ConversationScript(yaml: bytes, file: file)
                if script.agent == name { found.append(script) }
            } catch let error as AgentFileErrors { unread.append(error.description) } catch {
                unread.append("\(file): \(error.localizedDescription)")
            }
        }
        return (found, unread)
    }

    /// Does it at the desk for what is tried; says what came in between.
    private func tried<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        do { return try await trials.run(work) } catch is TrialDesk.IsBusy {
            throw Problem.unavailable(
                "\(TrialDesk.most) others try something at this moment; try again when they are done.")
        } catch is TrialDesk.TookTooLong {
            throw Problem.unprocessable(
                "It was not done within \(trials.patience.components.seconds) s and given up; "
                    + "`parley agent test` and `parley agent chat` take any time.")
        } catch is CancellationError { throw CancellationError() } catch {
            throw Problem.unprocessable("The conversation broke off: \(error).")
        }
    }
}
