/// From the caller's last voiced sample to the agent's first sample on the wire, by part, in microseconds.
package struct TurnLatency: Sendable, Equatable, Codable {
    /// Silence waited for before the turn counted as over.
    package var endOfTurnWait: Int
    package var recognition: Int
    /// Flow engine or language model, to its first sentence.
    package var understanding: Int
    /// To the first chunk of speech.
    package var synthesis: Int
    /// What Parley itself added.
    package var own: Int
    /// The whole way. Parts may overlap, so it is not their sum.
    package var total: Int

    package init(
        endOfTurnWait: Int, recognition: Int, understanding: Int, synthesis: Int, own: Int, total: Int
    ) {
        self.endOfTurnWait = endOfTurnWait
        self.recognition = recognition
        self.understanding = understanding
        self.synthesis = synthesis
        self.own = own
        self.total = total
    }
}
