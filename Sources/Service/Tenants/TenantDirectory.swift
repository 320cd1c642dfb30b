import Foundation

/// A directory with the configurations of tenants, `NAME.yaml` each.
package struct TenantDirectory: Sendable {
    /// By name.
    package let tenants: [Tenant]
    /// What is allowed but probably not meant; to be logged at the start.
    package let warnings: [String]

    /// Reads every configuration, and sees that no two tenants have anything in common.
    ///
    /// - Parameters:
    ///   - healthPort: a port of 127.0.0.1 that is the process's own; nil for none.
    ///   - environment: the process's. A tenant gets its part of it, see ``TenantEnvironment``.
    /// - Throws: every fault of every file, before anything is opened.
    package init(
        _ directory: String, healthPort: Int? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(TenantFaults) {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: directory) } catch {
            throw TenantFaults(
                directory: directory, faults: ["there is no such directory, or it cannot be read; name one"])
        }
        let files = names.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }.sorted()
        guard !files.isEmpty else {
            throw TenantFaults(
                directory: directory,
                faults: ["there is no tenant in it; put a configuration there for each, named NAME.yaml"])
        }
        var (tenants, faults, owners): ([Tenant], [String], [String: String]) = ([], [], [:])
        for file in files {
            let path = directory + (directory.hasSuffix("/") ? "" : "/") + file
            let name = String(file[..<(file.lastIndex(of: ".") ?? file.endIndex)])
            guard Tenant.isName(name) else {
                faults.append(
                    "\(path): a tenant is named for its file, in lower-case letters and digits with single hyphens "
                        + "between them; rename the file")
                continue
            }
            if let other = owners.updateValue(path, forKey: name) {
                faults.append("\(other) and \(path) are both of a tenant `\(name)`; rename or remove one of them")
                continue
            }
            let variables = TenantEnvironment.variables(of: name, in: environment)
            do throws(ConfigurationError) {
                let loaded = try ConfigurationLoader(environment: variables).load(file: path)
                tenants.append(Tenant(name: name, file: path, loaded: loaded, environment: variables))
            } catch {
                faults += error.faults.map { "tenant \(name): \($0)" }
            }
        }
        faults += Self.meetings(tenants, healthPort: healthPort)
        guard faults.isEmpty else { throw TenantFaults(directory: directory, faults: faults) }
        self.tenants = tenants
        warnings = TenantEnvironment.idle(in: environment, names: tenants.map(\.name)).map {
            "the environment variable `\($0)` sets nothing: each tenant has its own, which begin with "
                + "`\(TenantEnvironment.prefix)<NAME>__`"
        }
    }

    /// How the process itself logs: as the tenants do where they agree.
    package var processConfiguration: ParleyConfiguration {
        var configuration = ParleyConfiguration()
        let logs = tenants.map(\.configuration.log)
        if logs.allSatisfy({ $0.format == .json }) { configuration.log.format = .json }
        configuration.log.level = logs.map(\.level).min() ?? configuration.log.level
        return configuration
    }

    /// What two have in common that each must have for itself.
    private static func meetings(_ tenants: [Tenant], healthPort: Int?) -> [String] {
        var faults: [String] = []
        let claims = tenants.map { TenantClaim.all($0.configuration) }
        for (index, tenant) in tenants.enumerated() {
            for claim in claims[index] {
                for (other, theirs) in zip(tenants, claims).dropFirst(index + 1) {
                    for their in theirs {
                        guard let place = claim.meets(their) else { continue }
                        faults.append(
                            "`\(claim.key)` of \(tenant.file) and `\(their.key)` of \(other.file) lead to \(place); "
                                + "give each tenant its own")
                    }
                }
                guard let healthPort else { continue }
                let own = TenantClaim(key: "--health-port", kind: .address(host: "127.0.0.1", port: healthPort))
                if let place = claim.meets(own) {
                    faults.append(
                        "`\(claim.key)` of \(tenant.file) and --health-port lead to \(place); choose another")
                }
            }
        }
        return faults
    }
}
