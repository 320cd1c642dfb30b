/// The environment variables of a tenant.
///
/// `PARLEY_TENANT_NORTH__TOKEN` is `TOKEN` for the tenant `north` and nothing for all others; `PARLEY_TENANT_NORTH__PARLEY_PUBLIC_PORT` sets its
/// `public.port`. Of the process's other variables a tenant has only those that find programs and files: the rest
/// may be another's secrets.
enum TenantEnvironment {
    static let prefix = "PARLEY_TENANT_"
    private static let common: Set = ["PATH", "HOME", "LANG", "TMPDIR", "TZ"]

    /// What the names of a tenant's variables begin with.
    static func prefix(of name: String) -> String {
        prefix + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined() + "__"
    }

    static func variables(of name: String, in environment: [String: String]) -> [String: String] {
        let own = prefix(of: name)
        return environment.reduce(into: [:]) { variables, entry in
            if common.contains(entry.key), variables[entry.key] == nil { variables[entry.key] = entry.value }
            if entry.key.hasPrefix(own), entry.key.count > own.count {
                variables[String(entry.key.dropFirst(own.count))] = entry.value
            }
        }
    }

    /// Variables that look as if they were to set something, and set nothing for anybody.
    static func idle(in environment: [String: String], names: [String]) -> [String] {
        let prefixes = names.map(prefix(of:))
        return environment.keys.sorted().filter { name in
            guard name.hasPrefix(ConfigurationVariables.prefix), !["PARLEY_PEERS", "PARLEY_RECORD"].contains(name)
            else { return false }
            return !prefixes.contains { name.hasPrefix($0) }
        }
    }
}
