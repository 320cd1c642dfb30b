/// What is written down of a call that is over. As it is stored and as the API has it.
package struct AfterCallRecord: Sendable, Equatable, Codable {
    /// Who found what is there.
    package enum Source: String, Sendable, Codable, CaseIterable {
        /// The call's record alone.
        case rules
        /// A language model, as far as the transcript bears it out; the rest is by rules.
        case model
    }

    /// A few sentences; nil where none are wanted.
    package var summary: String?
    /// One of the plan's; nil where none fits.
    package var disposition: String?
    /// Field → its value in its type, of what was found.
    package var values: [String: JSONValue]
    /// Fields that are required and were not found, in the order of the plan.
    package var missing: [String]
    package var source: Source
    /// What the model's disposition (`disposition`) and values rest on, by field.
    package var evidence: [String: [ScorecardVerdict.Evidence]]
    /// What the model gave besides, and was left out: members that nobody asked for, and what it could not prove.
    package var dropped: Int

    package init(
        summary: String? = nil, disposition: String? = nil, values: [String: JSONValue] = [:],
        missing: [String] = [], source: Source = .rules,
        evidence: [String: [ScorecardVerdict.Evidence]] = [:], dropped: Int = 0
    ) {
        self.summary = summary
        self.disposition = disposition
        self.values = values
        self.missing = missing
        self.source = source
        self.evidence = evidence
        self.dropped = dropped
    }

    /// With every text in it put through `mask`, which is to find nothing: what was stored is masked already.
    package func masked(by mask: (String) -> String) -> AfterCallRecord {
        var record = self
        record.summary = summary.map(mask)
        for (name, value) in values {
            if let text = value.string { record.values[name] = .string(mask(text)) }
        }
        for (name, places) in evidence {
            for index in places.indices {
                if let quote = places[index].quote { record.evidence[name]?[index].quote = mask(quote) }
            }
        }
        return record
    }
}
