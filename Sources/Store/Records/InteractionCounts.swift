/// How caller and agent took turns on a call, from its own timeline.
package struct InteractionCounts: Sendable, Equatable, Codable {
    /// Turns of the caller that wanted an answer.
    package var asked: Int
    /// Of these, such as got one.
    package var answered: Int
    /// Times that the caller spoke over the agent and meant it.
    package var bargeIns: Int
    /// Of these, such as the agent fell silent for, in milliseconds from the caller's first sound to its silence.
    package var yields: [Int]
    /// Sounds over the agent that were not meant for it: "mm-hm", a cough, words to somebody else.
    package var backchannels: Int
    /// Of these, such as the agent spoke on after.
    package var tolerated: Int
    /// Times that the agent began to speak.
    package var agentStarts: Int
    /// Of these, such as began while the caller was speaking.
    package var overCaller: Int

    package init(
        asked: Int = 0, answered: Int = 0, bargeIns: Int = 0, yields: [Int] = [], backchannels: Int = 0,
        tolerated: Int = 0, agentStarts: Int = 0, overCaller: Int = 0
    ) {
        self.asked = asked
        self.answered = answered
        self.bargeIns = bargeIns
        self.yields = yields
        self.backchannels = backchannels
        self.tolerated = tolerated
        self.agentStarts = agentStarts
        self.overCaller = overCaller
    }
}
