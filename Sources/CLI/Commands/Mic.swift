import ArgumentParser
import AudioDevices
import Foundation
import Logging
import Service

/// `parley mic`
struct Mic: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Talks to an agent with this machine's microphone and loudspeaker, or with files.",
        discussion: """
            A service is started in this process and called over a real socket. On a terminal the call is shown full-screen: \
            q hangs up, m mutes, p switches to push-to-talk (hold space), digits are telephone keys.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "The agent to call.")
    var agent = "receptionist"
    @Flag(help: "List the sound devices and exit.")
    var devices = false
    @Option(help: "ALSA's name of the microphone.")
    var capture = "default"
    @Option(help: "ALSA's name of the loudspeaker.")
    var playback = "default"
    @Flag(help: "Do not cancel the loudspeaker's echo; only with headphones.")
    var noEchoCancelling = false
    @Flag(help: "Begin with a closed microphone that is open while space is held.")
    var pushToTalk = false
    @Option(
        name: .customLong("in"), parsing: .upToNextOption,
        help: "Recordings (WAV) in place of the microphone; each is said when the agent waits.")
    var input: [String] = []
    @Option(name: .customLong("out"), help: "A WAV file in place of the loudspeaker.")
    var output: String?
    @Option(help: "Keep the recording of the call here (WAV; left: you, right: the agent).")
    var record: String?
    @Option(help: "Holds the call's database and recording; emptied first. Must hold nothing else.")
    var directory = "var/mic"
    @Flag(help: "Print lines, also on a terminal.")
    var plain = false

    func validate() throws {
        guard output == nil || !input.isEmpty else { throw ValidationError("--out needs --in: files on both sides") }
    }

    func run() async throws {
        if devices { return list() }
        let loaded = try common.load()
        Observability.bootstrap(loaded.configuration, minimumLevel: .warning)
        let call = MicCall(
            options: .init(agent: agent, directory: directory, recording: record, isPushToTalk: pushToTalk),
            configuration: loaded.configuration, logger: Logger(label: "parley"))
        do {
            let audio: any CallerAudio = input.isEmpty ? card() : try FileAudio(files: input, output: output)
            summarize(try await hold(call, audio))
        } catch let error as DeviceError {
            Terminal.complain("\(error)")
            Terminal.complain(advice(error.code))
            throw ExitCode.failure
        } catch {
            Terminal.complain("the call could not be held: \(error)")
            throw ExitCode.failure
        }
    }

    private func hold(_ call: MicCall, _ audio: any CallerAudio) async throws -> DemoReport {
        guard !plain, FullScreen.isPossible else {
            let printer = MicPrinter(say: Terminal.say)
            return try await call.run(audio: audio, controls: AsyncStream { $0.finish() }) { printer.show($0) }
        }
        let screen = FullScreen(DeskScreen(agent: agent, isPushToTalk: pushToTalk))
        screen.open()
        defer { screen.close() }
        return try await call.run(audio: audio, controls: screen.keys()) { screen.show($0) }
    }

    private func card() -> SoundCard {
        var options = SoundCard.Options()
        options.capture = capture
        options.playback = playback
        options.cancelsEcho = !noEchoCancelling
        return SoundCard(options)
    }

    private func list() {
        let found = AudioDevice.all()
        for device in found {
            let directions = device.directions.map(\.rawValue).joined(separator: ", ")
            Terminal.say("\(device.name)  (\(directions))  \(device.summary)")
        }
        if found.isEmpty { Terminal.say("ALSA knows no sound device on this machine.") }
    }

    private func advice(_ code: DeviceError.Code) -> String {
        switch code {
        case .missing, .lost:
            "parley mic --devices lists what there is. Without a sound card: parley mic --in yours.wav --out theirs.wav"
        case .busy: "Another program holds it: close that program, or name a device that shares, like \"default\"."
        case .unsupported: "Name its converting form, like plughw:0,0; parley mic --devices lists them."
        }
    }

    private func summarize(_ report: DemoReport) {
        Terminal.say("")
        if let recording = report.recording { Terminal.say("Recording:  \(recording) (left: you, right: the agent)") }
        if let output { Terminal.say("Heard:      \(output)") }
        let median = report.medianResponse.map { ", answered after \(Int($0)) ms (median)" } ?? ""
        Terminal.say(
            "\(report.turns.count) turns, \(report.tools.count) tool calls, \(Double(report.samples / 800) / 10) s\(median)"
        )
    }
}
