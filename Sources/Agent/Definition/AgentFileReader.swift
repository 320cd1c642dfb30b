import Foundation
import Yams

/// Reads the nodes of one agent file into values and keeps every fault on the way.
///
/// Reading never stops at a fault: a missing or wrong value becomes a harmless one, and the file as a whole is refused at
/// the end, with all its faults at once.
struct AgentFileReader {
    let file: String
    private(set) var faults: [AgentFileFault] = []

    init(file: String, faults: [AgentFileFault] = []) {
        self.file = file
        self.faults = faults
    }

    /// Notes a fault at `node`, or of the file as a whole.
    mutating func fault(_ node: Node?, _ reason: String, columnOffset: Int = 0) {
        let mark = node?.mark
        let new = AgentFileFault(
            file: file, line: mark?.line ?? 0, column: mark.map { $0.column + columnOffset } ?? 0, reason: reason)
        if !faults.contains(new) { faults.append(new) }
    }

    /// Notes faults that were found in a file that this one refers to.
    mutating func take(_ others: [AgentFileFault]) {
        for fault in others where !faults.contains(fault) { faults.append(fault) }
    }

    /// The members of a mapping. Unknown and missing keys are faults.
    ///
    /// - Parameters:
    ///   - subject: what the mapping describes, for the reason: "the slot date".
    ///   - keys: the keys it may have; nil when its keys are names.
    mutating func members(
        _ node: Node?, of subject: String, keys: Set<String>? = nil, required: [String] = []
    ) -> [(key: Node, name: String, value: Node)] {
        guard let node else { return [] }
        guard let mapping = node.mapping else {
            fault(node, "\(subject) must be a mapping (`key: value` lines), not \(Self.kind(of: node))")
            return []
        }
        var members: [(key: Node, name: String, value: Node)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                fault(key, "a key of \(subject) must be a plain word")
                continue
            }
            if name.hasPrefix(YAMLDocument.duplicateMark) { continue }
            if let keys, !keys.contains(name) {
                let hint =
                    Self.nearest(to: name, among: keys).map { "did you mean `\($0)`?" }
                    ?? "known keys are: \(keys.sorted().joined(separator: ", "))"
                fault(key, "unknown key `\(name)` in \(subject); \(hint)")
                continue
            }
            members.append((key, name, value))
        }
        for name in required where !members.contains(where: { $0.name == name }) {
            fault(node, "\(subject) lacks the key `\(name)`; add it")
        }
        return members
    }

    /// As ``members(_:of:keys:required:)``, by key.
    mutating func fields(
        _ node: Node?, of subject: String, keys: Set<String>, required: [String] = []
    ) -> [String: Node] {
        Dictionary(
            members(node, of: subject, keys: keys, required: required).map { ($0.name, $0.value) },
            uniquingKeysWith: { first, _ in first })
    }

    /// A text that is not empty. A missing node is silent: whoever requires it has said so.
    mutating func text(_ node: Node?, _ subject: String) -> String? {
        guard let node else { return nil }
        guard let scalar = node.scalar, node.null == nil || scalar.style != .plain else {
            fault(node, "\(subject) must be a text, not \(Self.kind(of: node))")
            return nil
        }
        let text = scalar.string.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !text.isEmpty else {
            fault(node, "\(subject) is empty; write a text")
            return nil
        }
        return text
    }

    /// One text or a list of them.
    mutating func texts(_ node: Node?, _ subject: String) -> [(node: Node, text: String)] {
        guard let node else { return [] }
        guard let sequence = node.sequence else { return text(node, subject).map { [(node, $0)] } ?? [] }
        if sequence.isEmpty { fault(node, "\(subject) is an empty list; give at least one") }
        var texts: [(node: Node, text: String)] = []
        for element in sequence {
            if let text = text(element, "each of \(subject)") { texts.append((element, text)) }
        }
        return texts
    }

    mutating func elements(_ node: Node?, _ subject: String) -> [Node] {
        guard let node else { return [] }
        guard let sequence = node.sequence else {
            fault(node, "\(subject) must be a list (`- …` lines), not \(Self.kind(of: node))")
            return []
        }
        return Array(sequence)
    }

    mutating func number(_ node: Node?, _ subject: String, in range: ClosedRange<Double>) -> Double? {
        guard let node else { return nil }
        guard let text = node.scalar?.string, let value = Double(text), value.isFinite else {
            fault(node, "\(subject) must be a number, not \(Self.kind(of: node))")
            return nil
        }
        guard range.contains(value) else {
            fault(
                node,
                "\(subject) is \(text) but must be from \(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound))"
            )
            return nil
        }
        return value
    }

    mutating func integer(_ node: Node?, _ subject: String, in range: ClosedRange<Int>) -> Int? {
        guard let node else { return nil }
        guard let text = node.scalar?.string, let value = Int(text) else {
            fault(node, "\(subject) must be a whole number, not \(Self.kind(of: node))")
            return nil
        }
        guard range.contains(value) else {
            fault(node, "\(subject) is \(value) but must be from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    /// Seconds, as a number.
    mutating func seconds(_ node: Node?, _ subject: String, in range: ClosedRange<Double>) -> Duration? {
        number(node, "\(subject) (seconds)", in: range).map { .milliseconds(Int64(($0 * 1000).rounded())) }
    }

    mutating func flag(_ node: Node?, _ subject: String) -> Bool? {
        guard let node else { return nil }
        guard let text = node.scalar?.string, ["true", "false"].contains(text) else {
            fault(node, "\(subject) must be true or false, not \(Self.kind(of: node))")
            return nil
        }
        return text == "true"
    }

    /// One of the raw values of an enumeration.
    mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ node: Node?, _ subject: String, as type: Value.Type
    ) -> Value? where Value.RawValue == String {
        guard let text = text(node, subject) else { return nil }
        if let value = Value(rawValue: text) { return value }
        let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
        fault(node, "\(subject) is `\(text)` but must be one of: \(known)")
        return nil
    }

    mutating func template(_ node: Node, _ text: String) -> Template? {
        do {
            return try Template(text)
        } catch {
            fault(node, error.reason)
            return nil
        }
    }

    /// The closest of `names`, if it is close enough to be what was meant.
    static func nearest(to name: String, among names: some Collection<String>) -> String? {
        let ranked = names.map { (name: $0, distance: distance(name, $0)) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        return ranked.flatMap { $0.distance <= max(name.count < 3 ? 1 : 2, name.count / 3) ? $0.name : nil }
    }

    static func kind(of node: Node) -> String {
        switch node {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "`\(scalar.string.prefix(40))`"
        }
    }

    private static func plain(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? String(value)
    }

    /// Levenshtein's.
    private static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a), Array(b))
        var row = Array(0...b.count)
        for i in a.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
