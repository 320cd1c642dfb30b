import ArgumentParser
import Callers
import Foundation
import Logging
import Service

extension LoadRun.Mode: ExpressibleByArgument {}

/// `parley load`
struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Opens many lines to a service on this machine and measures what the callers get.",
        discussion: "The service must run with public.auth: none. Benchmarks/run does the whole measurement.")

    @OptionGroup var common: CommonOptions
    @Option(help: "The service's media address, on loopback.")
    var url = "ws://127.0.0.1:8081/twilio/media"
    @Option(help: "The agent to call.")
    var agent = "receptionist"
    @Option(help: "What the callers do.")
    var mode = LoadRun.Mode.idle
    @Option(help: "Lines, 1 to 2000.")
    var calls = 10
    @Option(help: "Seconds that all lines are open.")
    var seconds = 20
    @Option(help: "Recordings (WAV) that conversing callers play in turn.")
    var clip: [String] = []
    @Option(help: "Start the vendors' emulators on this port (Deepgram) and the next two (OpenAI, ElevenLabs).")
    var emulatorPort: Int?

    @Option(help: "Write the report with its plots into this HTML file.")
    var html: String?
    @Flag(
        help:
            "Search the most calls, up to --calls, for which nobody is lost, the median answer comes within --median, and not one in twenty hears a gap."
    )
    var findLimit = false
    @Option(help: "The median time to an answer that --find-limit wants, in ms.")
    var median = 1000.0

    func validate() throws {
        guard !findLimit || mode == .converse else { throw ValidationError("--find-limit needs --mode converse") }
        guard (1...2000).contains(calls) else { throw ValidationError("--calls is 1 to 2000") }
        guard (1...3600).contains(seconds) else { throw ValidationError("--seconds is 1 to 3600") }
        guard mode == .idle || !clip.isEmpty else { throw ValidationError("--mode converse needs at least one --clip") }
    }

    func run() async throws {
        Observability.bootstrap(try common.load().configuration, minimumLevel: .warning)
        do {
            let clips = try clip.map { try CallerClip(path: $0) }
            var runs: [LoadRun.Report] = []
            if findLimit {
                var search = LimitSearch(first: min(4, calls), most: calls)
                while let next = search.next {
                    let run = try await drive(next, clips)
                    runs.append(run)
                    search.ran(keepsObjectives: run.keeps(median: median))
                    Terminal.complain("\(next) calls: \(run.keeps(median: median) ? "kept" : "not kept")")
                }
                try Terminal.json(["limit": search.best])
            } else {
                runs.append(try await drive(calls, clips))
                try Terminal.json(runs[0])
            }
            if let html {
                try Data(LoadPage.html(runs, url: url, agent: agent).utf8).write(to: URL(fileURLWithPath: html))
            }
        } catch {
            Terminal.complain("the load could not be driven: \(error)")
            throw ExitCode.failure
        }
    }

    private func drive(_ calls: Int, _ clips: [CallerClip]) async throws -> LoadRun.Report {
        try await LoadRun(
            LoadRun.Options(
                url: url, agent: agent, mode: mode, calls: calls, duration: .seconds(seconds),
                interval: .milliseconds(23), clips: clips, emulatorPort: emulatorPort),
            logger: Logger(label: "parley.load")
        ).run()
    }
}
