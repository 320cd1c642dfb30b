/// What a call's record says by itself.
extension AfterCallPlan {
    /// What is written down without a model: decided by the call's record alone, so the same for the same call.
    package func record(of call: ScoredCall) -> AfterCallRecord {
        let values = extracted(from: call)
        return AfterCallRecord(
            summary: summarises ? CallInSentences(call).text : nil, disposition: disposition(of: call), values: values,
            missing: missing(in: values))
    }

    /// The required fields that have no value.
    func missing(in values: [String: JSONValue]) -> [String] {
        fields.filter { $0.isRequired && values[$0.name] == nil }.map(\.name)
    }

    /// The first whose rule holds; else the one that is called as the outcome is, else as the end.
    func disposition(of call: ScoredCall) -> String? {
        if let ruled = dispositions.first(where: { $0.hasRule && $0.holds(call) }) { return ruled.name }
        let plain = dispositions.filter { !$0.hasRule }.map(\.name)
        return [call.outcome, call.resolution].compactMap(\.self).first { plain.contains($0) }
    }

    /// By name and type: what something was done with, else what came of it, else what the caller said. The last word counts.
    private func extracted(from call: ScoredCall) -> [String: JSONValue] {
        let done = call.tools.filter { $0.succeeded == true }
        var values: [String: JSONValue] = [:]
        for field in fields {
            let said = call.turns.compactMap { $0.entities[field.name].map(JSONValue.string) }
            let results = done.compactMap { $0.result?[field.name] }
            let arguments = done.compactMap { $0.arguments[field.name] }
            values[field.name] = (said + results + arguments).compactMap { field.value(of: $0) }.last
        }
        return values
    }
}
