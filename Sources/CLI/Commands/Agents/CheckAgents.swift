import ArgumentParser
import Foundation
import Service

/// `parley agent check`
struct CheckAgents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Says what is wrong in agents' files, with file and line.",
        discussion:
            "Unknown and unreachable states, slots that nobody fills, intents whose examples overlap, tools and models that do not exist."
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "An agent; all when left out.")
    var name: String?
    @Flag(help: "Print one JSON array.")
    var json = false

    func run() async throws {
        let configuration = try common.load().configuration
        let findings: [AgentCheck.Finding]
        let files: [URL]
        do {
            files = try AgentCheck.files(name, in: URL(fileURLWithPath: configuration.agents.directory))
            findings = try await AgentCheck.findings(name, configuration: configuration)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
        if json {
            try Terminal.json(findings)
        } else {
            for finding in findings {
                let kind = finding.isFault ? "" : "note: "
                Terminal.say("\(finding.file):\(finding.line): \(kind)\(finding.reason)")
            }
            let faulty = Set(findings.filter(\.isFault).map(\.file))
            for file in files where !faulty.contains(file.lastPathComponent) {
                Terminal.say("\(file.lastPathComponent): ok")
            }
        }
        if findings.contains(where: \.isFault) { throw ExitCode.failure }
    }
}
