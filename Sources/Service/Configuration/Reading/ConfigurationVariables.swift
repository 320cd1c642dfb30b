/// The environment variables that set keys: `PARLEY_PUBLIC_PORT` sets `public.port`.
struct ConfigurationVariables {
    private(set) var entries: [ConfigurationEntry] = []
    private(set) var faults: [ConfigurationFault] = []
    /// Variables that look like ours and set nothing.
    private(set) var warnings: [String] = []

    static let prefix = "PARLEY_"
    /// Ours, but not settings of the service.
    private static let reserved: Set<String> = ["PARLEY_PEERS", "PARLEY_RECORD"]

    /// The variable that sets the key at `path`.
    static func name(of path: [String]) -> String { prefix + path.map(variablePart).joined(separator: "_") }

    /// - Parameter written: the paths that the file has, for the names that the operator chose there.
    init(_ environment: [String: String], written: [[String]]) {
        let paths = ConfigurationSchema.keys.map { $0.name.split(separator: ".").map(String.init) }
        let known = Dictionary(paths.map { (Self.name(of: $0), $0) }) { first, _ in first }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            guard name.hasPrefix(Self.prefix), !Self.reserved.contains(name),
                !name.hasPrefix(TenantEnvironment.prefix)
            else { continue }
            if let path = known[name] ?? Self.namedPath(name, written: written) {
                entries.append(ConfigurationEntry(path: path, content: .text(value), origin: .variable(name)))
                continue
            }
            let hint = NearestName.nearest(name, Array(known.keys)).map { "; did you mean `\($0)`?" } ?? ""
            let section = ConfigurationSchema.sections.first {
                name.hasPrefix(Self.name(of: [$0.name]) + "_")
            }
            if section == nil {
                // Container platforms set variables that begin with the name of the service.
                warnings.append("the environment variable `\(name)` sets nothing\(hint)")
            } else {
                faults.append(ConfigurationFault(.variable(name), "it sets no key that there is\(hint)"))
            }
        }
    }

    /// `PARLEY_PROVIDERS_<NAME>_<KEY>` and the like; the name is one from the file, or a new one.
    private static func namedPath(_ variable: String, written: [[String]]) -> [String]? {
        for (path, keys) in ConfigurationSchema.named {
            let start = name(of: path) + "_"
            guard variable.hasPrefix(start) else { continue }
            let rest = String(variable.dropFirst(start.count))
            let suffixes = keys.map { (key: $0, text: "_" + variablePart($0)) }
            let matching = suffixes.filter { rest.hasSuffix($0.text) && rest.count > $0.text.count }
            guard let suffix = matching.max(by: { $0.text.count < $1.text.count }) else { continue }
            let part = String(rest.dropLast(suffix.text.count))
            let names = written.filter { $0.count == path.count + 1 && $0.starts(with: path) }.compactMap(\.last)
            return path + [names.first { variablePart($0) == part } ?? part.lowercased(), suffix.key]
        }
        return nil
    }

    private static func variablePart(_ name: String) -> String {
        String(name.map { $0 == "." || $0 == "-" ? "_" : $0 }).uppercased()
    }
}
