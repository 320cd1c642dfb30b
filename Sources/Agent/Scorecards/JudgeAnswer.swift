/// What a judge's answer is worth, by value: each verdict is held against the transcript before it counts.
package enum JudgeAnswer {
    /// Why an answer is none.
    package struct Unreadable: Error, Sendable, Equatable, CustomStringConvertible {
        package let reason: String
        package var description: String { "the judge's answer cannot be read: \(reason)" }
    }

    /// Characters of a reason that are kept.
    private static let longestReason = 500

    /// The findings of the criteria that wait for a judge.
    ///
    /// - Parameter answer: as the judge gave it.
    /// - Throws: ``Unreadable`` when it has not the form that was asked for.
    package static func findings(
        in answer: JSONValue, for waiting: [ScorecardVerdict.Finding], on call: ScoredCall
    ) throws(Unreadable) -> [ScorecardVerdict.Finding] {
        let schema = JSONSchema(JudgeQuestion.schema(waiting.map(\.criterion)))
        let violations = schema.violations(in: answer)
        guard violations.isEmpty else {
            throw Unreadable(reason: violations.prefix(3).map(\.description).joined(separator: "; "))
        }
        let verdicts = answer["verdicts"]?.array ?? []
        return waiting.map { finding in
            let own = verdicts.filter { $0["criterion"]?.string == finding.criterion }
            var finding = finding
            switch own.count {
            case 1: settle(&finding, by: own[0], on: call)
            case 0: (finding.standing, finding.reason) = (.unproven, "the judge said nothing about it")
            default: (finding.standing, finding.reason) = (.unproven, "the judge contradicted itself")
            }
            return finding
        }
    }

    private static func settle(_ finding: inout ScorecardVerdict.Finding, by verdict: JSONValue, on call: ScoredCall) {
        let reason = String((verdict["reason"]?.string ?? "").prefix(longestReason))
        finding.reason = reason
        let answer = verdict["answer"]?.string.flatMap(JudgeQuestion.Answer.init)
        guard answer != .notApplicable else { return finding.standing = .notApplicable }
        var proven: [ScorecardVerdict.Evidence] = []
        for claim in verdict["evidence"]?.array ?? [] {
            let (evidence, objection) = proof(of: claim, on: call)
            guard let evidence else {
                finding.standing = .unproven
                finding.reason = "the judge's quote \(objection); it said: \(reason)"
                finding.evidence = []
                return
            }
            proven.append(evidence)
        }
        finding.evidence = Array(proven.prefix(ScorecardRule.mostEvidence))
        if answer == .no {
            // What never happened cannot be quoted.
            finding.standing = .fail
        } else if proven.isEmpty {
            (finding.standing, finding.reason) = (.unproven, "the judge quoted nothing; it said: \(reason)")
        } else {
            finding.standing = .pass
        }
    }

    /// The place that a quote of a model's is from; nil, and why, where it proves nothing.
    static func proof(
        of claim: JSONValue, on call: ScoredCall
    ) -> (evidence: ScorecardVerdict.Evidence?, objection: String) {
        let (number, quote) = (claim["turn"]?.integer ?? -1, claim["quote"]?.string ?? "")
        let turns = call.turns.filter { $0.number == number && $0.speaker.rawValue == claim["speaker"]?.string }
        let objections = turns.map { QuotedWords.objection(to: quote, in: $0.text) }
        if let index = objections.firstIndex(of: nil) {
            return (ScorecardVerdict.Evidence(turns[index], quote: quote), "")
        }
        let why = objections.compactMap(\.self).first ?? "is of a turn that is not there"
        return (nil, "“\(quote.prefix(120))” (turn \(number)) \(why)")
    }
}
