import ArgumentParser
import Foundation
import Logging
import Service
import Store

/// `parley campaign bench`
struct CampaignBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract:
            "Measures how many contacts are imported and decided about in a second, and what a call costs the store.",
        discussion: """
            Nobody is called. It fills a database of its own in a temporary folder, or an empty one on a PostgreSQL server. \
            docs/scale.md says what the figures mean; Benchmarks/run --only scale makes them.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "Rows to import, 1 to 10000000.")
    var rows = 1_000_000
    @Option(help: "Contacts to decide about.")
    var decisions = 5_000
    @Option(help: "Calls whose rows are stored.")
    var calls = 500
    @Option(help: "An empty PostgreSQL database to fill, postgres://user@host/name. Default: SQLite.")
    var database: String?
    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...10_000_000).contains(rows) else { throw ValidationError("--rows is 1 to 10000000") }
        guard (1...1_000_000).contains(decisions) else { throw ValidationError("--decisions is 1 to 1000000") }
        guard (1...100_000).contains(calls) else { throw ValidationError("--calls is 1 to 100000") }
    }

    func run() async throws {
        let configuration = try common.load().configuration
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-scale-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: directory) }
            let store =
                if let database { try Store(postgres: PostgresLocation(database)) } else {
                    try Store(path: directory.appending(path: "parley.sqlite").path)
                }
            defer { try? store.close() }
            var options = ScaleRun.Options(directory: directory.appending(path: "files"))
            (options.rows, options.decisions, options.calls) = (rows, decisions, calls)
            let report = try await ScaleRun(
                configuration, store: store, options: options, logger: Logger(label: "parley.bench")
            ).run { Terminal.complain($0) }
            if json { return try Terminal.json(report) }
            Terminal.say(report.text)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }
}
