import ArgumentParser
import Logging
import Service

/// `parley emulate`
struct Emulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stands in for a vendor on this machine, to be pointed at and misbehave.",
        discussion: "Faults: \(EmulatedFault.help).")

    @Argument(help: "The vendor: \(EmulatedVendor.allCases.map(\.rawValue).joined(separator: ", ")).")
    var vendor: String
    @Option(help: "Where to listen on 127.0.0.1; 0 takes a free port.")
    var port = 0
    @Option(help: "What clients must send as their key.")
    var key = "emulated"
    @Option(help: "What is heard; repeat it for one sentence after the other.")
    var transcript: [String] = []
    @Option(help: "The language of a transcript, told to a client that asks for several; repeat it likewise.")
    var language: [String] = []
    @Option(help: "Milliseconds before the first result, audio or token.")
    var delay = 0
    @Option(help: "Milliseconds between two pieces of audio, or tokens.")
    var chunkDelay = 0
    @Option(help: "Bytes in one packet, where the vendor is asked over HTTP.")
    var packet: Int?
    @Option(help: "What happens to a connection or request; repeat it: the first one gets the first.")
    var fault: [String] = []
    @Flag(help: "The last fault happens to all that follow.")
    var always = false

    func validate() throws {
        guard EmulatedVendor(rawValue: vendor) != nil else {
            throw ValidationError(
                "there is no emulator of `\(vendor)`; there are \(EmulatedVendor.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        guard (0...65535).contains(port) else { throw ValidationError("--port is 0 to 65535") }
        guard (0...600_000).contains(delay), (0...600_000).contains(chunkDelay) else {
            throw ValidationError("delays are 0 to 600000 milliseconds")
        }
        if let packet, packet < 1 { throw ValidationError("--packet is 1 or more bytes") }
    }

    func run() async throws {
        guard let vendor = EmulatedVendor(rawValue: vendor) else { throw ExitCode.validationFailure }
        var emulation = Emulation(vendor)
        emulation.port = port
        emulation.apiKey = key
        if !transcript.isEmpty { emulation.transcripts = transcript }
        emulation.languages = language
        emulation.delay = .milliseconds(delay)
        emulation.chunkDelay = .milliseconds(chunkDelay)
        emulation.packetSize = packet
        emulation.faults = fault.map { EmulatedFault($0) }
        if always, let last = emulation.faults.last {
            emulation.faults += Array(repeating: last, count: 10_000)
        }
        let (url, stop) = try await emulation.start(logger: Logger(label: "parley.emulate"))
        Terminal.say("\(vendor.rawValue) at \(url), key \(key). In the configuration:")
        Terminal.say("  providers: {emulated: {kind: \(vendor.kind), url: \"\(url)\", api_key: \(key)}}")
        Terminal.say("Ctrl-C ends it.")
        try? await Task.sleep(for: .seconds(365 * 86_400))
        await stop()
    }
}
