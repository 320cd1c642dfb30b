/// What a scorecard makes of one call. As it is stored and as the API has it.
package struct ScorecardVerdict: Sendable, Equatable, Codable {
    package enum Standing: String, Sendable, Codable, CaseIterable {
        case pass, fail
        /// There is nothing to judge by; does not count.
        case notApplicable = "not_applicable"
        /// A judge said something that the transcript does not bear out; does not count.
        case unproven
        /// A judge is still to be asked; does not count.
        case pending
        /// No judge could be asked, or none answered; does not count.
        case unjudged

        /// Whether it is part of the score.
        package var counts: Bool { self == .pass || self == .fail }
    }

    /// What a finding rests on: a place in the transcript, a figure, or both.
    package struct Evidence: Sendable, Equatable, Codable {
        package var turn: Int?
        package var speaker: ScoredCall.Speaker?
        package var part: Int?
        /// Word for word, of what is stored.
        package var quote: String?
        package var figure: Double?
        /// Of the figure: `ms`, `s`, `times`.
        package var unit: String?

        package init(
            turn: Int? = nil, speaker: ScoredCall.Speaker? = nil, part: Int? = nil, quote: String? = nil,
            figure: Double? = nil, unit: String? = nil
        ) {
            self.turn = turn
            self.speaker = speaker
            self.part = part
            self.quote = quote
            self.figure = figure
            self.unit = unit
        }
    }

    package struct Finding: Sendable, Equatable, Codable {
        package enum Kind: String, Sendable, Codable { case rule, question }

        package var criterion: String
        package var kind: Kind
        package var weight: Int
        package var standing: Standing
        /// For people: what was found.
        package var reason: String
        package var evidence: [Evidence]

        package init(
            criterion: String, kind: Kind, weight: Int, standing: Standing, reason: String, evidence: [Evidence] = []
        ) {
            self.criterion = criterion
            self.kind = kind
            self.weight = weight
            self.standing = standing
            self.reason = reason
            self.evidence = evidence
        }
    }

    package var card: String
    /// The card's hash.
    package var version: String
    /// In the order of the card.
    package var findings: [Finding]

    package init(card: String, version: String, findings: [Finding]) {
        self.card = card
        self.version = version
        self.findings = findings
    }

    /// Points, 0...100: the weight of what passed, of all that counts; nil where nothing counts.
    package var score: Int? {
        let counted = findings.filter(\.standing.counts)
        let whole = counted.reduce(0) { $0 + $1.weight }
        guard whole > 0 else { return nil }
        let passed = counted.reduce(0) { $0 + ($1.standing == .pass ? $1.weight : 0) }
        return Int((Double(passed) * 100 / Double(whole)).rounded())
    }

    /// Whether a judge has still to be asked.
    package var isPending: Bool { findings.contains { $0.standing == .pending } }

    /// Puts a judge's findings in the place of those that waited for them, by criterion.
    package mutating func settle(_ judged: [Finding]) {
        let judged = Dictionary(judged.map { ($0.criterion, $0) }, uniquingKeysWith: { first, _ in first })
        for index in findings.indices where findings[index].standing == .pending {
            if let finding = judged[findings[index].criterion] { findings[index] = finding }
        }
    }

    /// Lets what waits for a judge be unjudged, for this reason.
    package mutating func giveUp(_ reason: String) {
        for index in findings.indices where findings[index].standing == .pending {
            findings[index].standing = .unjudged
            findings[index].reason = reason
        }
    }
}

extension ScorecardVerdict.Evidence {
    /// A turn, with as much of it as a reader needs.
    init(_ turn: ScoredCall.Turn, quote: String? = nil, figure: Double? = nil, unit: String? = nil) {
        self.init(
            turn: turn.number, speaker: turn.speaker, part: turn.part, quote: quote ?? Self.beginning(of: turn.text),
            figure: figure, unit: unit)
    }

    private static func beginning(of text: String) -> String {
        text.count <= 200 ? text : String(text.prefix(199)) + "…"
    }
}

extension Scorecard {
    /// Judges a call by what is stored of it. What asks a judge is pending.
    package func verdict(on call: ScoredCall) -> ScorecardVerdict {
        ScorecardVerdict(
            card: name, version: version,
            findings: criteria.map { criterion in
                let kind: ScorecardVerdict.Finding.Kind = criterion.question == nil ? .rule : .question
                var finding = ScorecardVerdict.Finding(
                    criterion: criterion.name, kind: kind, weight: criterion.weight, standing: .notApplicable,
                    reason: "")
                if let objection = criterion.condition.objection(to: call) {
                    finding.reason = objection
                    return finding
                }
                switch criterion.test {
                case .question:
                    if call.agentTurns.isEmpty {
                        finding.reason = "the agent said nothing"
                    } else {
                        (finding.standing, finding.reason) = (.pending, "the judge has not been asked yet")
                    }
                case .rule(let rule):
                    let result = rule.result(on: call)
                    (finding.standing, finding.reason, finding.evidence) = (
                        result.standing, result.reason, result.evidence
                    )
                }
                return finding
            })
    }
}
