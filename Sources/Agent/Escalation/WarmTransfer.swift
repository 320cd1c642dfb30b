/// How a person is won for a caller who holds the line meanwhile: called, told what it is about, and joined with the caller
/// once they have agreed.
package struct WarmTransfer: Sendable, Equatable, Codable {
    /// Where the music is that a caller on hold hears.
    package enum Music: String, Sendable, Codable, CaseIterable {
        /// Between what they are told.
        case between
        /// And under it.
        case under
        /// Nowhere: they are told something now and then, and nothing else.
        case never = "none"
    }

    /// Said to the person; `{reason}`, `{said}` and `{number}` in it are what is known of the caller.
    package var brief: String
    /// The key with which the person takes the call.
    package var acceptKey = "1"
    /// How long the person's telephone rings, in seconds.
    package var ring = 25
    /// How long they may take to decide, from when it is known who answered, in seconds.
    package var decision = 45
    /// Said to the caller in turn, one every ``every`` seconds, while they hold.
    package var hold: [String]
    /// Likewise, from when the person hears what it is about; ``hold`` goes on where it is empty.
    package var deciding: [String]
    package var every = 20
    package var music = Music.between
    /// What the agent says to both once they are joined, before it leaves them; `{reason}` in it is why it hands the caller
    /// on. Nil joins them without a word.
    package var introduction: String?
    /// Said to the person when the caller has gone.
    package var gone: String

    package static let usualDeciding = UsualSentence.deciding.text(in: .english)

    /// What a caller is told who holds the line for `who`; nil for somebody of whom nothing may be said.
    package static func usualHold(for who: String?, language: SpokenLanguage = .english) -> String {
        UsualSentence.hold.text(in: language, "who", who ?? UsualSentence.somebody.text(in: language))
    }

    /// In characters: some fifteen seconds.
    package static let longestIntroduction = 240
    package static let usualIntroduction = UsualSentence.introduction.text(in: .english)

    /// In the usual words of a language, without an introduction.
    package init(language: SpokenLanguage = .english) {
        brief = UsualSentence.brief.text(in: language)
        hold = [Self.usualHold(for: nil, language: language)]
        deciding = [UsualSentence.deciding.text(in: language)]
        gone = UsualSentence.callerGone.text(in: language)
    }

    private enum CodingKeys: String, CodingKey {
        case brief, acceptKey, ring, decision, hold, deciding, every, music, introduction, gone
    }

    /// In journals of earlier versions callers were told one sentence all the time, between the music.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        brief = try values.decode(String.self, forKey: .brief)
        acceptKey = try values.decode(String.self, forKey: .acceptKey)
        ring = try values.decode(Int.self, forKey: .ring)
        decision = try values.decode(Int.self, forKey: .decision)
        if let deciding = try values.decodeIfPresent([String].self, forKey: .deciding) {
            hold = try values.decode([String].self, forKey: .hold)
            self.deciding = deciding
        } else {
            hold = [try values.decode(String.self, forKey: .hold)]
            deciding = []
        }
        every = try values.decode(Int.self, forKey: .every)
        music = try values.decodeIfPresent(Music.self, forKey: .music) ?? .between
        introduction = try values.decodeIfPresent(String.self, forKey: .introduction)
        gone = try values.decode(String.self, forKey: .gone)
    }

    /// The brief with what is known put in; what is not known is left out.
    ///
    /// - Parameters:
    ///   - reason: why the agent hands the caller on.
    ///   - said: what the caller said last, in their words.
    ///   - number: of the caller.
    ///   - language: what the agent speaks.
    package func brief(
        reason: String, said: [String], number: String, language: SpokenLanguage = .english
    ) -> String {
        let saidBefore = UsualSentence.saidBefore.text(in: language, "words", said.joined(separator: ". "))
        let values = [
            "reason": Self.sentence(UsualSentence.reason(reason, in: language)),
            "said": said.isEmpty ? "" : saidBefore,
            "number": language.digits(number.filter(\.isNumber)),
        ]
        let template = (try? Template(brief)) ?? Template(plain: brief)
        return template.render(in: language) { path in path.first.flatMap { values[$0] }.map { .string($0) } }
    }

    /// The introduction with what is known put in; nil where both are joined without a word.
    ///
    /// - Parameters:
    ///   - reason: why the agent hands the caller on.
    ///   - language: what the agent speaks.
    package func introduction(reason: String, language: SpokenLanguage = .english) -> String? {
        guard let introduction else { return nil }
        let template = (try? Template(introduction)) ?? Template(plain: introduction)
        let spoken = Self.sentence(UsualSentence.reason(reason, in: language))
        return template.render(in: language) { path in path.first == "reason" ? .string(spoken) : nil }
    }

    /// Without the dot that the brief has after it, and with a capital.
    private static func sentence(_ text: String) -> String {
        let text = text.hasSuffix(".") ? text.dropLast() : text[...]
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}
