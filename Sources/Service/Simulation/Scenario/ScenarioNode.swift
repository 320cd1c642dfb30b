import Agent
import Foundation
import Yams

/// Reads the nodes of a scenario file and keeps every fault on the way, with its line. A missing or wrong value becomes
/// nil, and the file as a whole is refused at the end.
struct ScenarioNode {
    /// The faults of one file.
    final class Faults {
        let file: String
        private(set) var all: [AgentFileFault] = []

        init(file: String) { self.file = file }

        func add(_ node: Node?, _ reason: String) {
            let mark = node?.mark
            all.append(
                AgentFileFault(file: file, line: mark?.line ?? 0, column: mark?.column ?? 0, reason: reason))
        }
    }

    let node: Node
    /// What it describes, for reasons.
    let subject: String
    let faults: Faults

    func fault(_ reason: String) { faults.add(node, "\(subject) \(reason)") }

    /// The members of a mapping; unknown and missing keys are faults.
    func members(_ known: [String], required: [String] = []) -> [String: ScenarioNode] {
        guard let mapping = node.mapping else {
            fault("must be a mapping (`key: value` lines)")
            return [:]
        }
        var members: [String: ScenarioNode] = [:]
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            guard known.contains(name) else {
                faults.add(key, "unknown key `\(name)` in \(subject); known are: \(known.joined(separator: ", "))")
                continue
            }
            members[name] = ScenarioNode(node: value, subject: "`\(name)`", faults: faults)
        }
        for name in required where members[name] == nil { fault("lacks the key `\(name)`") }
        return members
    }

    var elements: [ScenarioNode] {
        guard let sequence = node.sequence else {
            fault("must be a list (`- …` lines)")
            return []
        }
        return sequence.map { ScenarioNode(node: $0, subject: "each of \(subject)", faults: faults) }
    }

    /// A mapping of names to texts; empty when it is none.
    var texts: [String: String] {
        guard let mapping = node.mapping else {
            fault("must be a mapping (`key: value` lines)")
            return [:]
        }
        var texts: [String: String] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, !name.isEmpty, let text = value.scalar?.string else {
                faults.add(key, "\(subject) must hold names and texts only")
                continue
            }
            texts[name] = text
        }
        return texts
    }

    var text: String? {
        guard let text = node.scalar?.string, !text.isEmpty else {
            fault("must be a text that is not empty")
            return nil
        }
        return text
    }

    func number(_ range: ClosedRange<Double>) -> Double? {
        guard let value = node.scalar.flatMap({ Double($0.string) }), range.contains(value) else {
            fault(
                "must be a number from \(DemoPrinter.fixed(range.lowerBound, 2)) to \(DemoPrinter.fixed(range.upperBound, 2))"
            )
            return nil
        }
        return value
    }

    func integer(_ range: ClosedRange<Int>) -> Int? {
        guard let value = node.scalar.flatMap({ Int($0.string) }), range.contains(value) else {
            fault("must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    /// In seconds.
    func duration(_ range: ClosedRange<Double>) -> Duration? {
        number(range).map { .milliseconds(Int64(($0 * 1000).rounded())) }
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) -> Value? where Value.RawValue == String {
        guard let word = text else { return nil }
        if let value = Value(rawValue: word) { return value }
        fault("is `\(word)` but must be one of: \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
        return nil
    }
}
