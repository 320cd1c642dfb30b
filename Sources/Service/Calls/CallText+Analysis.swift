import Agent
package import Store

extension CallText {
    /// What was written down of a call when it was over.
    package static func analysis(_ record: AnalysisRecord) -> String {
        let found = record.found
        let source = found.map { "  by \($0.source == .model ? "a model" : "rules")" } ?? ""
        var lines = ["written down  \(record.disposition ?? "no disposition")\(source)  (\(record.state.rawValue))"]
        if let summary = found?.summary { lines.append("  \(summary)") }
        for (name, value) in (found?.values ?? [:]).sorted(by: { $0.key < $1.key }) {
            lines.append("  \(name)  \(value.string ?? value.text)")
        }
        if let missing = found?.missing, !missing.isEmpty {
            lines.append("  not found  \(missing.joined(separator: ", "))")
        }
        if let note = record.note { lines.append("  note  \(note)") }
        return lines.joined(separator: "\n")
    }
}
