import ArgumentParser
import Emulators
import Foundation
import Logging
import Service

/// `parley sandbox`
struct Sandbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "A carrier on this machine, to try campaigns with: no account, no real telephone. It speaks as campaigns.carrier.",
        discussion: SandboxRun.guide)

    @OptionGroup var common: CommonOptions
    @Option(help: "Where to listen on 127.0.0.1; 0 takes a free port.")
    var port = 9080
    @Option(help: "The folder with the recorded callers.")
    var fixtures = "audio-fixtures"
    @Flag(help: "Print one JSON object for each call.")
    var json = false

    private struct Line: Encodable {
        var id: String
        var to: String
        var from: String
        var status: String
        var seconds: Double
        var instruction: String?
        var acts: [String]

        init(_ call: SandboxCall) {
            (id, to, from, status) = (call.id, call.to, call.from, call.statusText)
            seconds = (call.ended ?? Date()).timeIntervalSince(call.created)
            (instruction, acts) = (call.instruction, call.acts)
        }
    }

    func run() async throws {
        let loaded = try common.load()
        Observability.bootstrap(loaded.configuration, minimumLevel: .warning)
        let json = json
        do {
            try await SandboxRun(loaded.configuration, fixtures: fixtures, logger: Logger(label: "sandbox")).run(
                port: port,
                listening: { settings in
                    guard !json else { return }
                    for line in settings { Terminal.say("listening; set \(line)") }
                    Terminal.say(SandboxRun.guide)
                },
                say: { call in
                    if json {
                        try? Terminal.json(Line(call))
                    } else {
                        let seconds = Int((call.ended ?? Date()).timeIntervalSince(call.created))
                        Terminal.say(
                            "\(call.to): \(call.statusText) after \(seconds) s; \(call.acts.joined(separator: ", "))"
                        )
                    }
                })
        } catch {
            Terminal.complain("the sandbox cannot run: \(error)")
            throw ExitCode.failure
        }
    }
}
