import ArgumentParser
import Callers
import Foundation
import Logging
import Service

extension LoadRun.Mode: ExpressibleByArgument {}

/// `parley load`
struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Opens many lines to a service and measures what the callers get.",
        discussion: """
            Anything that speaks the Twilio media dialect can be loaded; a parley service must run with public.auth: none. \
            From several machines: start it on each against the same --url, keep what each prints, and put the reports \
            together with --merge. Benchmarks/run does the whole measurement on one machine.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "The service's media address, ws:// or wss://.")
    var url = "ws://127.0.0.1:8081/twilio/media"
    @Flag(help: "The address is another machine's, and may be loaded.")
    var remote = false
    @Option(
        help:
            "The service's page of metrics, such as http://127.0.0.1:8080/metrics: adds calls per core, memory, underruns and the parts of an answer."
    )
    var metrics: String?
    @Option(help: "The agent to call.")
    var agent = "receptionist"
    @Option(help: "What the callers do.")
    var mode = LoadRun.Mode.idle
    @Option(help: "Lines, 1 to 2000.")
    var calls = 10
    @Option(help: "Seconds that all lines are open.")
    var seconds = 20
    @Option(help: "Milliseconds from one dial to the next.")
    var interval = 23
    @Flag(help: "Conversing callers speak over every third sentence of the agent.")
    var bargeIn = false
    @Option(help: "Recordings (WAV) that conversing callers play in turn.")
    var clip: [String] = []
    @Option(help: "Start the vendors' emulators on this port (Deepgram) and the next two (OpenAI, ElevenLabs).")
    var emulatorPort: Int?
    @Flag(
        help:
            "The emulators stamp what they send, and the report says how long a final takes to the model and audio to the caller. Needs --emulator-port, and speech.loudness off at the service."
    )
    var stamps = false

    @Option(
        parsing: .upToNextOption, help: "Hold no call: put these reports of several machines together (JSON files).")
    var merge: [String] = []
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
        guard !stamps || emulatorPort != nil else { throw ValidationError("--stamps needs --emulator-port") }
        guard !bargeIn || mode == .converse else { throw ValidationError("--barge-in needs --mode converse") }
        guard (1...60_000).contains(interval) else { throw ValidationError("--interval is 1 to 60000") }
        guard (1...3600).contains(seconds) else { throw ValidationError("--seconds is 1 to 3600") }
        guard mode == .idle || !clip.isEmpty else { throw ValidationError("--mode converse needs at least one --clip") }
    }

    func run() async throws {
        Observability.bootstrap(try common.load().configuration, minimumLevel: .warning)
        do {
            let clips = try clip.map { try CallerClip(path: $0) }
            var runs: [LoadReport] = []
            if !merge.isEmpty {
                runs.append(LoadReport(merging: try merge.map(Self.report)))
                try Terminal.json(runs[0])
            } else if findLimit {
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

    private static func report(_ path: String) throws -> LoadReport {
        do {
            return try JSONDecoder().decode(LoadReport.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch { throw ValidationError("\(path) is no report of parley load: \(error)") }
    }

    private func drive(_ calls: Int, _ clips: [CallerClip]) async throws -> LoadReport {
        var options = LoadRun.Options(
            url: url, agent: agent, mode: mode, calls: calls, duration: .seconds(seconds),
            interval: .milliseconds(interval), clips: clips, emulatorPort: emulatorPort)
        options.allowsRemote = remote
        options.interrupts = bargeIn
        options.stamps = stamps
        options.metricsURL = metrics
        return try await LoadRun(options, logger: Logger(label: "parley.load")).run()
    }
}
