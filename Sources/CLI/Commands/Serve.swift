import ArgumentParser
import Logging
import Service

/// `parley serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answers calls until SIGTERM or SIGINT; then ends the calls under way and stops.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let loaded = try common.load()
        Observability.bootstrap(loaded.configuration)
        let logger = Logger(label: "parley")
        for warning in loaded.warnings { logger.warning("configuration", metadata: ["warning": "\(warning)"]) }
        logger.debug("effective configuration", metadata: ["configuration": "\(loaded.description)"])
        do {
            try await ParleyService(configuration: loaded.configuration, logger: logger).runUntilSignal()
        } catch {
            Terminal.complain("parley cannot serve: \(error)")
            throw ExitCode.failure
        }
    }
}
