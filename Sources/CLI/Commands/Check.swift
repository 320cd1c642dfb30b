import ArgumentParser
import Service

/// `parley check`
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says whether this machine and this configuration can take calls, and what to do where not.")

    @OptionGroup var common: CommonOptions
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let findings = await SystemCheck.run(try common.load().configuration)
        if json {
            try Terminal.json(findings)
        } else {
            for finding in findings {
                Terminal.say("\(finding.isOK ? "ok  " : "FAIL")  \(finding.subject): \(finding.detail)")
            }
        }
        if findings.contains(where: { !$0.isOK }) { throw ExitCode.failure }
    }
}
