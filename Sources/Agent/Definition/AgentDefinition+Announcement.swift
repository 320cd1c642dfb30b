/// Texts that are not the agent's own and are said in its voice: what is left on a machine, what an assistant is told.
extension AgentDefinition {
    /// Why `text` cannot be said; nil when it can.
    package static func fault(inAnnouncement text: String) -> String? {
        do throws(Template.Fault) {
            _ = try Template(text)
            return nil
        } catch { return error.reason }
    }

    /// The values in the braces of `text` that are neither given nor facts of the agent, and would be said as nothing.
    package func valuesMissing(inAnnouncement text: String, _ values: [String: String]) -> [String] {
        guard let template = try? Template(text) else { return [] }
        let facts: [String: String] = if case .flow(let flow) = engine { flow.facts } else { [:] }
        return template.references.compactMap(\.path.first).filter { values[$0] == nil && facts[$0] == nil }
    }

    /// `text` with the values in its braces as they are said: those given, and where there are none the agent's own facts.
    package func announcement(_ text: String, _ values: [String: String]) -> String {
        guard let template = try? Template(text) else { return text }
        let facts: [String: String] = if case .flow(let flow) = engine { flow.facts } else { [:] }
        return template.render(in: spokenLanguage) { path in
            guard path.count == 1, let value = values[path[0]] ?? facts[path[0]] else { return nil }
            return .string(value)
        }
    }
}
