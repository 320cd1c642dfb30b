import ArgumentParser
import Foundation
import Logging
import Service

/// `parley demo`
struct RunDemo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Holds a whole call on this machine: a recorded caller dials the agent over a real socket.",
        discussion:
            "Exits with 0 only if the caller's wish is in the store, every turn was understood and the recording is whole."
    )

    @OptionGroup var common: CommonOptions
    @Option(help: "The agent to call: receptionist, thermostat, or one of your own.")
    var agent = "receptionist"
    @Option(
        parsing: .upToNextOption,
        help: "Your own recordings (WAV), played in order, one each time the agent has finished.")
    var caller: [String] = []
    @Option(help: "The folder with the recorded callers.")
    var fixtures = "audio-fixtures"
    @Option(help: "Holds the demo's database and recording; emptied first. Must hold nothing else.")
    var directory = "var/demo"
    @Option(help: "The condition of the recorded callers: clean, snr20 or snr10 (noise so many dB below them).")
    var noise = "clean"
    @Flag(help: "The caller speaks over the greeting.")
    var bargeIn = false
    @Flag(help: "Keep the service running after the call, until Ctrl-C.")
    var keepServing = false
    @Flag(help: "Print one JSON object instead of the call as it happens.")
    var json = false

    func validate() throws {
        guard ["clean", "snr20", "snr10"].contains(noise) else {
            throw ValidationError("--noise is clean, snr20 or snr10")
        }
    }

    func run() async throws {
        let loaded = try common.load()
        Observability.bootstrap(loaded.configuration, minimumLevel: .warning)
        var options = Demo.Options(agent: agent, fixtures: fixtures, callerFiles: caller, directory: directory)
        options.condition = noise
        options.interruptsGreeting = bargeIn
        options.keepsServing = keepServing
        let printsJSON = json
        let demo = Demo(options: options, configuration: loaded.configuration, logger: Logger(label: "parley")) {
            line in
            if !printsJSON { Terminal.say(line) }
        }
        let report: DemoReport
        do {
            report = try await demo.run { report in
                if printsJSON { try Terminal.json(report) } else { Self.summarize(report) }
            }
        } catch {
            Terminal.complain("the demo could not be held: \(error)")
            throw ExitCode.failure
        }
        if !report.isSuccess { throw ExitCode.failure }
    }

    private static func summarize(_ report: DemoReport) {
        Terminal.say("")
        if let stored = report.stored { Terminal.say("Stored:     \(stored)") }
        if let recording = report.recording { Terminal.say("Recording:  \(recording) (left: caller, right: agent)") }
        let median = report.medianResponse.map { ", answered after \(Int($0)) ms (median)" } ?? ""
        let seconds = Double(report.samples / 800) / 10
        Terminal.say(
            "\(report.isSuccess ? "OK" : "FAILED"):  \(report.turns.count) turns, \(report.tools.count) tool calls, \(seconds) s\(median)"
        )
        if !report.isSuccess { Terminal.say("Missing:    \(report.outcome)") }
    }
}
