/// Takes entries of all sources by declared keys, and keeps account of what is wrong or left over.
struct ConfigurationReader {
    private let entries: [[String]: ConfigurationEntry]
    private let environment: [String: String]
    /// Every path that may be written: keys, and the sections above them.
    private var known: Set<[String]> = []
    /// Those of ``known`` that hold a value.
    private var keys: Set<[String]> = []
    private(set) var faults: [ConfigurationFault] = []
    private(set) var settings: [EffectiveSetting] = []

    /// - Parameters:
    ///   - entries: of all sources, the weightier ones later.
    ///   - environment: where `${NAME}` is looked up.
    init(_ entries: [ConfigurationEntry], environment: [String: String]) {
        self.entries = Dictionary(entries.map { ($0.path, $0) }) { _, later in later }
        self.environment = environment
    }

    /// Reads `keys`, which are relative to `prefix`, into `root`.
    mutating func read<Root>(_ keys: [ConfigurationKey<Root>], below prefix: [String] = [], into root: inout Root) {
        for key in keys {
            let path = prefix + key.name.split(separator: ".").map(String.init)
            for length in 1...path.count { known.insert(Array(path.prefix(length))) }
            self.keys.insert(path)
            let origin = read(key, at: path, into: &root)
            settings.append(
                EffectiveSetting(path: path, value: key.read(root), origin: origin ?? .standard, isSecret: key.isSecret)
            )
        }
    }

    /// The origin of the value when one was given and is right.
    private mutating func read<Root>(
        _ key: ConfigurationKey<Root>, at path: [String], into root: inout Root
    ) -> ConfigurationOrigin? {
        guard let entry = entries[path] else { return nil }
        let name = path.joined(separator: ".")
        switch entry.content {
        case .nothing:
            return nil
        case .texts(let texts) where key.isList:
            let text = texts.joined(separator: ", ")
            // One that holds a comma would become two.
            if !texts.contains(where: { $0.contains(",") }), key.write(text, &root) { return entry.origin }
            faults.append(ConfigurationFault(entry.origin, key: name, value: text, "allowed: \(key.allowed)"))
            return nil
        case .section, .list, .texts:
            let what = entry.content == .section ? "a section" : "a list"
            faults.append(ConfigurationFault(entry.origin, key: name, "must not be \(what); allowed: \(key.allowed)"))
            return nil
        case .text(let written):
            guard let text = resolve(written, key: name, origin: entry.origin) else { return nil }
            if key.write(text, &root) { return entry.origin }
            // Resolved text may be a secret wherever it was meant to go, so only what was written is shown.
            faults.append(
                ConfigurationFault(
                    entry.origin, key: name, value: key.isSecret ? nil : written, "allowed: \(key.allowed)"))
            return nil
        }
    }

    /// Replaces `${NAME}` by the environment variable of that name.
    private mutating func resolve(_ text: String, key: String, origin: ConfigurationOrigin) -> String? {
        guard text.hasPrefix("${"), text.hasSuffix("}") else { return text }
        let name = String(text.dropFirst(2).dropLast())
        if let value = environment[name] { return value }
        faults.append(
            ConfigurationFault(origin, key: key, value: text, "the environment variable `\(name)` is not set"))
        return nil
    }

    /// The names given below `path`, in alphabetical order.
    mutating func names(below path: [String]) -> [String] {
        for length in 1...path.count { known.insert(Array(path.prefix(length))) }
        let names = entries.keys.filter { $0.count > path.count && $0.starts(with: path) }.map { $0[path.count] }
        return Set(names).sorted()
    }

    /// Reads a map of names to texts, such as called numbers to agents.
    mutating func map(
        at path: [String], names nameKind: ValueKind<String>, values kind: ValueKind<String>
    ) -> [String: String] {
        var map: [String: String] = [:]
        for name in names(below: path) {
            let place = path + [name]
            let label = place.joined(separator: ".")
            known.insert(place)
            keys.insert(place)
            guard let entry = entries[place] else { continue }
            guard nameKind.parse(name) != nil else {
                faults.append(
                    ConfigurationFault(entry.origin, key: label, "the name must be \(nameKind.range)"))
                continue
            }
            guard case .text(let text) = entry.content, kind.parse(text) != nil else {
                faults.append(ConfigurationFault(entry.origin, key: label, "allowed: \(kind.type), \(kind.range)"))
                continue
            }
            map[name] = text
            settings.append(EffectiveSetting(path: place, value: text, origin: entry.origin, isSecret: false))
        }
        return map
    }

    /// Where the value of `path`, or if there is none the first entry below it, was given.
    func origin(of path: String) -> ConfigurationOrigin {
        let path = path.split(separator: ".").map(String.init)
        if let entry = entries[path] { return entry.origin }
        let below = entries.values.filter { $0.path.starts(with: path) }
        return below.min { $0.path.lexicographicallyPrecedes($1.path) }?.origin ?? .standard
    }

    mutating func report(_ fault: ConfigurationFault) { faults.append(fault) }

    /// Reports sections that are none, and entries that no key took.
    mutating func reportLeftovers() {
        let sections = known.subtracting(keys)
        for path in entries.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let entry = entries[path] else { continue }
            let name = path.joined(separator: ".")
            if sections.contains(path) {
                if entry.content != .section, entry.content != .nothing {
                    faults.append(ConfigurationFault(entry.origin, key: name, "is a section; its keys belong below it"))
                }
            } else if !known.contains(path), isUnknownBeginning(path, below: sections) {
                let hint = NearestName.of(path, among: known).map { "; did you mean `\($0.joined(separator: "."))`?" }
                faults.append(ConfigurationFault(entry.origin, key: name, "there is no such key\(hint ?? "")"))
            }
        }
        faults.sort(by: ConfigurationFault.comesBefore)
    }

    /// Whether `path` is the outermost name that nobody knows: what lies below needs no report of its own.
    private func isUnknownBeginning(_ path: [String], below sections: Set<[String]>) -> Bool {
        path.count == 1 || sections.contains(Array(path.dropLast()))
    }
}
