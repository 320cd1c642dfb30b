import ArgumentParser
import Service

/// What commands take that are about many tenants at once; all others are about one, whose file is their `--config`.
struct TenantOptions: ParsableArguments {
    @Option(
        name: .customLong("tenants"),
        help: "A directory with the configuration of a tenant in each NAME.yaml, in place of one configuration.")
    var directory: String?

    func validate(beside common: CommonOptions) throws {
        guard directory != nil, common.config != nil else { return }
        throw ValidationError("--config is for one service and --tenants for many; leave one of them out.")
    }

    /// The tenants, nil where none are asked for, or an exit that lists all their faults.
    func load(healthPort: Int? = nil) throws -> TenantDirectory? {
        guard let directory else { return nil }
        do { return try TenantDirectory(directory, healthPort: healthPort) } catch {
            Terminal.complain("\(error)")
            throw ExitCode(78)
        }
    }
}
