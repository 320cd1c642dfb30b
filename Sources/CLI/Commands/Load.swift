import ArgumentParser
import Callers
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

    func validate() throws {
        guard (1...2000).contains(calls) else { throw ValidationError("--calls is 1 to 2000") }
        guard (1...3600).contains(seconds) else { throw ValidationError("--seconds is 1 to 3600") }
        guard mode == .idle || !clip.isEmpty else { throw ValidationError("--mode converse needs at least one --clip") }
    }

    func run() async throws {
        Observability.bootstrap(try common.load().configuration, minimumLevel: .warning)
        do {
            let clips = try clip.map { try CallerClip(path: $0) }
            let options = LoadRun.Options(
                url: url, agent: agent, mode: mode, calls: calls, duration: .seconds(seconds),
                interval: .milliseconds(23),
                clips: clips, emulatorPort: emulatorPort)
            try Terminal.json(try await LoadRun(options, logger: Logger(label: "parley.load")).run())
        } catch {
            Terminal.complain("the load could not be driven: \(error)")
            throw ExitCode.failure
        }
    }
}
