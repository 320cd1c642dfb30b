/// Who was heard when on one call, in samples at 8 kHz. What the interaction panel is computed from.
package struct CallTimeline: Sendable, Equatable, Codable {
    /// What a sound of the caller is meant as.
    package enum Meaning: String, Sendable, Codable, CaseIterable {
        /// To be answered.
        case turn
        /// To be answered, and to silence the agent.
        case bargeIn = "barge_in"
        /// "mm-hm": the agent should go on.
        case backchannel
        /// A cough, a breath.
        case tic
        /// Words for somebody else in the room.
        case sideTalk = "side_talk"

        /// Whether the agent should do nothing about it.
        package var isToBeIgnored: Bool { self != .turn && self != .bargeIn }
    }

    package struct Sound: Sendable, Equatable, Codable {
        /// The first voiced sample.
        package var start: Int
        /// The one after the last.
        package var end: Int
        package var meaning: Meaning

        package init(start: Int, end: Int, meaning: Meaning) {
            self.start = start
            self.end = end
            self.meaning = meaning
        }
    }

    /// A stretch in which the agent was heard, without a pause of more than 200 ms.
    package struct Stretch: Sendable, Equatable, Codable {
        package var start: Int
        package var end: Int

        package init(start: Int, end: Int) {
            self.start = start
            self.end = end
        }
    }

    /// In the order in which they began.
    package var caller: [Sound]
    package var agent: [Stretch]
    /// What the service took for turns of the caller.
    package var taken: [Stretch]
    /// Where the agent gave up what it was saying.
    package var abandoned: [Int]
    /// Since when the call is ending: what the agent says from there on it says to the end.
    package var ending: Int?
    /// Of the whole call.
    package var length: Int

    package init(
        caller: [Sound] = [], agent: [Stretch] = [], taken: [Stretch] = [], abandoned: [Int] = [],
        ending: Int? = nil, length: Int = 0
    ) {
        self.caller = caller
        self.agent = agent
        self.taken = taken
        self.abandoned = abandoned
        self.ending = ending
        self.length = length
    }
}
