/// Finds what a reply states although nothing supports it: no tool's result, no document, no fact of the agent's file, and no
/// word of the caller's.
struct GroundingCheck: Sendable {
    var grounds: Grounds
    let today: CivilDate
    private let holds: Bool
    /// The caller's words are not known yet; a value may be theirs.
    private var awaitsWords: Bool

    /// - Parameters:
    ///   - holdsBack: what it finds is not spoken.
    ///   - awaitsWords: the caller's words come later; until then nothing is held back.
    init(grounds: Grounds, today: CivilDate, holdsBack: Bool, awaitsWords: Bool = false) {
        (self.grounds, self.today, self.holds, self.awaitsWords) = (grounds, today, holdsBack, awaitsWords)
    }

    /// Whether what it finds now is not spoken.
    var holdsBack: Bool { holds && !awaitsWords }

    /// The caller's words, where they become known while the model answers.
    mutating func hear(_ words: String) {
        grounds.add(words, today: today)
        awaitsWords = false
    }

    /// The first such statement of a clause, as it was said; nil where everything is supported.
    func unsupportedStatement(in clause: String) -> String? {
        StatedValues.all(in: clause, today: today).first { !grounds.supports($0, today: today) }?.text
    }
}
