/// Decides when a caller has gone over to another language that somebody here speaks. A value; fed every turn.
///
/// One word proves little: "okay", "hola" and names are said in any language. Two words in a turn do, or two turns in a row.
struct LanguageWatch: Sendable, Equatable {
    /// Words in one turn that are proof enough.
    private static let plainWords = 2

    private var suspected: SpokenLanguage?

    /// - Parameters:
    ///   - turn: with the language it was said in, where the recognizer tells languages apart.
    ///   - current: the language that the agent speaks.
    ///   - others: those that somebody else speaks.
    /// - Returns: the language to go on in; nil to stay.
    mutating func heard(
        _ turn: CallerTurn, by current: SpokenLanguage, others: some Collection<SpokenLanguage>
    ) -> SpokenLanguage? {
        guard let said = turn.language.flatMap(SpokenLanguage.init(tag:)), said != current, others.contains(said) else {
            // Nobody can tell from a turn without a language; one in the agent's own clears every suspicion.
            if turn.language != nil { suspected = nil }
            return nil
        }
        let isPlain = turn.text.split(separator: " ").count >= Self.plainWords
        guard isPlain || suspected == said else {
            suspected = said
            return nil
        }
        suspected = nil
        return said
    }

    /// Whether ``heard(_:by:others:)`` would leave the language, without remembering the turn.
    func wouldSwitch(
        _ turn: CallerTurn, by current: SpokenLanguage, others: some Collection<SpokenLanguage>
    ) -> Bool {
        var trial = self
        return trial.heard(turn, by: current, others: others) != nil
    }
}
