import ArgumentParser
import Service
import Store

/// `parley calls verify`
struct VerifyCalls: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Reads recordings and says whether they are what was recorded, by their checksums.",
        discussion: "Exits with 1 when one was changed or is gone.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "Calls, by their ids or the beginnings of them; without any, all.")
    var ids: [String] = []
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let report: RecordingReport
        do {
            let store = try Calls.store(common)
            var calls: [String] = []
            for id in ids { calls.append(try await store.callID(withPrefix: id)) }
            report = try await RecordingReport.make(of: calls.isEmpty ? nil : calls, in: store)
            try store.close()
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
        if json { try Terminal.json(report) } else { Terminal.say(report.text) }
        if !report.isSound { throw ExitCode.failure }
    }
}
