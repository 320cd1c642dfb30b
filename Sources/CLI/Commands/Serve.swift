import ArgumentParser
import Logging
import Service

/// `parley serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answers calls until SIGTERM or SIGINT; then ends the calls under way and stops.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var tenants: TenantOptions
    @Option(
        help: """
            With --tenants: the port of 127.0.0.1 that tells health, readiness and metrics of the whole process. None \
            unless named.
            """)
    var healthPort: Int?

    func validate() throws {
        try tenants.validate(beside: common)
        guard let healthPort else { return }
        guard tenants.directory != nil else {
            throw ValidationError("--health-port goes with --tenants; one service has its private port.")
        }
        guard (1...65_535).contains(healthPort) else { throw ValidationError("--health-port is 1 to 65535.") }
    }

    func run() async throws {
        if let directory = try tenants.load(healthPort: healthPort) { return try await serve(directory) }
        let loaded = try common.load()
        Observability.bootstrap(loaded.configuration)
        let logger = Logger(label: "parley")
        for warning in loaded.warnings { logger.warning("configuration", metadata: ["warning": "\(warning)"]) }
        logger.debug("effective configuration", metadata: ["configuration": "\(loaded.description)"])
        try await stand {
            try await ParleyService(configuration: loaded.configuration, logger: logger).runUntilSignal()
        }
    }

    private func serve(_ directory: TenantDirectory) async throws {
        Observability.bootstrap(directory.processConfiguration)
        let logger = Logger(label: "parley")
        for warning in directory.warnings { logger.warning("configuration", metadata: ["warning": "\(warning)"]) }
        for tenant in directory.tenants {
            for warning in tenant.loaded.warnings {
                logger.warning("configuration", metadata: ["tenant": "\(tenant.name)", "warning": "\(warning)"])
            }
        }
        try await stand {
            try await TenantHouse(directory.tenants, healthPort: healthPort, logger: logger).runUntilSignal()
        }
    }

    private func stand(_ body: () async throws -> Void) async throws {
        do { try await body() } catch {
            Terminal.complain("parley cannot serve: \(error)")
            throw ExitCode.failure
        }
    }
}
