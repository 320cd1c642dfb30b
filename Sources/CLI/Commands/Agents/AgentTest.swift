import Agent
import ArgumentParser
import Foundation
import Logging
import Service

/// `parley agent test`
struct AgentTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Holds scripted conversations and says what was otherwise than they ask.",
        discussion: """
            docs/agents.md tells how scripts are written. Each conversation has an empty store of its own. Exits with 0 only if \
            everything was as written.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "Scripts (YAML), or folders of them.")
    var files: [String]
    @Flag(help: "Ask the configured language models instead of taking their answers from the scripts.")
    var live = false
    @Flag(name: .shortAndLong, help: "Print the conversations as they go.")
    var verbose = false
    @Flag(help: "Print one JSON array.")
    var json = false

    func run() async throws {
        let configuration = try common.load().configuration
        Observability.bootstrap(configuration, minimumLevel: .error)
        let scripts = try read()
        let runner: AgentScripts
        do {
            runner = try AgentScripts(
                configuration: configuration, usesRealModels: live, logger: Logger(label: "parley.agent"))
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
        var reports: [AgentScripts.Report] = []
        for script in scripts {
            do {
                let report = try await runner.run(script) { [verbose] name, event in
                    if verbose { show(event, of: name) }
                }
                reports.append(report)
                if !json { print(report) }
            } catch {
                Terminal.complain("\(script.file): \(error)")
                throw ExitCode.failure
            }
        }
        if json { try Terminal.json(reports) } else { summarize(reports) }
        if !reports.allSatisfy(\.passed) { throw ExitCode.failure }
    }

    private func read() throws -> [ConversationScript] {
        var paths: [String] = []
        for file in files {
            guard FileManager.default.fileExists(atPath: file) else {
                Terminal.complain("there is no file or folder \(file)")
                throw ExitCode.failure
            }
            guard let entries = try? FileManager.default.contentsOfDirectory(atPath: file) else {
                paths.append(file)
                continue
            }
            let names = entries.filter { $0.hasSuffix(".yaml") }
            if names.isEmpty {
                Terminal.complain("there is no script (*.yaml) in \(file)")
                throw ExitCode.failure
            }
            paths += names.sorted().map { "\(file)/\($0)" }
        }
        var scripts: [ConversationScript] = []
        var faults: [String] = []
        for path in paths {
            do {
                scripts.append(
                    try ConversationScript(yaml: try Data(contentsOf: URL(fileURLWithPath: path)), file: path))
            } catch {
                faults.append("\(error)")
            }
        }
        guard faults.isEmpty else {
            Terminal.complain(faults.joined(separator: "\n"))
            throw ExitCode(65)
        }
        return scripts
    }

    private func show(_ event: ScriptRun.Event, of name: String) {
        guard !json else { return }
        switch event {
        case .caller(let input): Terminal.say(AgentText.line(input))
        case .agent(let output): if let line = AgentText.line(output) { Terminal.say(line) }
        }
    }

    private func print(_ report: AgentScripts.Report) {
        for conversation in report.conversations {
            Terminal.say("\(conversation.passed ? "ok  " : "FAIL")  \(report.agent): \(conversation.name)")
            for failure in conversation.failures {
                Terminal.say("      \(report.file):\(failure.line): \(failure.reason)")
            }
        }
    }

    private func summarize(_ reports: [AgentScripts.Report]) {
        let conversations = reports.flatMap(\.conversations)
        let failed = conversations.count { !$0.passed }
        Terminal.say("\(conversations.count) conversations, \(failed) failed")
    }
}
