/// Finds what somebody meant to write.
enum NearestName {
    /// The path among `candidates` nearest to `path`: a similar name in the same section, else the same or a similar path.
    static func of(_ path: [String], among candidates: Set<[String]>) -> [String]? {
        guard let last = path.last else { return nil }
        let section = path.dropLast()
        let siblings = candidates.filter { $0.dropLast() == section }
        if let name = nearest(last, siblings.compactMap(\.last)) { return section + [name] }
        let elsewhere = candidates.filter { $0.last == last }
        if elsewhere.count == 1 { return elsewhere.first }
        let names = candidates.map { $0.joined(separator: ".") }
        return nearest(path.joined(separator: "."), names).map { $0.split(separator: ".").map(String.init) }
    }

    /// The name with the fewest changes from `name`, if it takes at most a third of its letters.
    static func nearest(_ name: String, _ candidates: [String]) -> String? {
        let limit = max(1, name.count / 3)
        let scored = candidates.map { (name: $0, changes: changes(from: name, to: $0)) }.filter { $0.changes <= limit }
        return scored.min { ($0.changes, $0.name) < ($1.changes, $1.name) }?.name
    }

    /// Insertions, deletions and replacements between two names (Levenshtein).
    private static func changes(from a: String, to b: String) -> Int {
        let b = Array(b.lowercased())
        var row = Array(0...b.count)
        for (i, character) in a.lowercased().enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let cost = character == b[j] ? diagonal : min(diagonal, row[j], row[j + 1]) + 1
                (diagonal, row[j + 1]) = (row[j + 1], cost)
            }
        }
        return row[b.count]
    }
}
