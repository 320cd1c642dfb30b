/// What a model's answer about a call is worth, by value: each claim is held against the transcript before it counts.
package enum AfterCallAnswer {
    /// Violations that are told to the model.
    private static let mostTold = 5

    /// The record with what the model could prove; of the rest it stays what the rules made of it.
    ///
    /// - Parameters:
    ///   - answer: as the model gave it.
    ///   - rules: what the call's record says by itself.
    /// - Throws: ``JudgeAnswer/Unreadable`` when it has not the form that was asked for.
    package static func record(
        in answer: JSONValue, for plan: AfterCallPlan, on call: ScoredCall, else rules: AfterCallRecord
    ) throws(JudgeAnswer.Unreadable) -> AfterCallRecord {
        let schema = JSONSchema(plan.answerSchema)
        let (known, unknown) = schema.pruned(answer)
        var faults = schema.violations(in: known).map(\.description)
        for field in plan.fields where field.kind == .date {
            if let date = known["values"]?[field.name]?["value"]?.string, CivilDate(iso: date) == nil {
                faults.append("$.values.\(field.name).value: \(date) is no day of the calendar")
            }
        }
        guard faults.isEmpty else {
            throw JudgeAnswer.Unreadable(reason: faults.prefix(mostTold).joined(separator: "; "))
        }
        var record = rules
        record.source = .model
        record.dropped = unknown
        if plan.summarises, let summary = known["summary"]?.string { record.summary = summary }
        if let claim = known["disposition"], let name = claim["name"]?.string {
            if let evidence = proof(of: claim, on: call) {
                record.disposition = name
                record.evidence["disposition"] = evidence
            } else {
                record.dropped += 1
            }
        }
        for field in plan.fields {
            guard let claim = known["values"]?[field.name], let given = claim["value"] else { continue }
            if let value = field.value(of: given), let evidence = proof(of: claim, on: call) {
                record.values[field.name] = value
                record.evidence[field.name] = evidence
            } else {
                record.dropped += 1
            }
        }
        record.missing = plan.missing(in: record.values)
        return record
    }

    /// Nil where a quote does not stand there, or where there is none.
    private static func proof(of claim: JSONValue, on call: ScoredCall) -> [ScorecardVerdict.Evidence]? {
        let quotes = claim["evidence"]?.array ?? []
        var proven: [ScorecardVerdict.Evidence] = []
        for quote in quotes {
            guard let evidence = JudgeAnswer.proof(of: quote, on: call).evidence else { return nil }
            proven.append(evidence)
        }
        return proven.isEmpty ? nil : Array(proven.prefix(ScorecardRule.mostEvidence))
    }
}
