/// Finds what a reply states although nothing supports it: no tool's result, no document, no fact of the agent's file, and no
/// word of the caller's.
struct GroundingCheck: Sendable {
    var grounds: Grounds
    let today: CivilDate
    /// Whether what it finds is not spoken.
    let holdsBack: Bool

    /// The caller's words, where they become known while the model answers.
    mutating func hear(_ words: String) { grounds.add(words, today: today) }

    /// The first such statement of a clause, as it was said; nil where everything is supported.
    func unsupportedStatement(in clause: String) -> String? {
        StatedValues.all(in: clause, today: today).first { !grounds.supports($0, today: today) }?.text
    }
}
