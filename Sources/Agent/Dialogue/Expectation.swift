/// The answer the agent waits for.
package struct Expectation: Sendable, Equatable, Codable {
    /// How patient endpointing should be.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case open, yesNo, choice, digits, date, time, name
    }

    package var kind: Kind
    /// The ``DialogueLanguage`` context that describes the likely answers.
    package var context: String
    /// A number typed on the keypad is complete with this many keys; nil where that is not known.
    package var longestKeys: Int?
    /// The answer is for a tool alone: its words, keys and sound are kept out of everything that is written of the call.
    package var isWithheld: Bool
    /// The caller is not asked anything: after so many seconds without a word the agent goes on, and that is no silence of
    /// the caller's. Nil where they are.
    package var hold: Int?

    package init(
        kind: Kind, context: String, longestKeys: Int? = nil, isWithheld: Bool = false, hold: Int? = nil
    ) {
        self.kind = kind
        self.context = context
        self.longestKeys = longestKeys
        self.isWithheld = isWithheld
        self.hold = hold
    }

    private enum CodingKeys: String, CodingKey {
        case kind, context, longestKeys, isWithheld, hold
    }

    /// Journals of earlier versions know nothing of withheld answers.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        kind = try values.decode(Kind.self, forKey: .kind)
        context = try values.decode(String.self, forKey: .context)
        longestKeys = try values.decodeIfPresent(Int.self, forKey: .longestKeys)
        isWithheld = try values.decodeIfPresent(Bool.self, forKey: .isWithheld) ?? false
        hold = try values.decodeIfPresent(Int.self, forKey: .hold)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(kind, forKey: .kind)
        try values.encode(context, forKey: .context)
        try values.encodeIfPresent(longestKeys, forKey: .longestKeys)
        if isWithheld { try values.encode(true, forKey: .isWithheld) }
        try values.encodeIfPresent(hold, forKey: .hold)
    }
}
