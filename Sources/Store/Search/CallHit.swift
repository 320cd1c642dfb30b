/// A turn in which the words that were searched for were said.
package struct CallHit: Sendable, Equatable, Codable {
    /// A piece of what was said.
    package struct Piece: Sendable, Equatable, Codable {
        package var text: String
        /// One of the words.
        package var isHit: Bool

        package init(text: String, isHit: Bool) {
            self.text = text
            self.isHit = isHit
        }
    }

    package var callID: String
    package var turn: Int
    package var speaker: TurnRecord.Speaker
    package var part: Int
    /// In samples at 8 kHz since the call's media began.
    package var started: Int
    /// The words with a little around them, in order; joined they are the text. `…` stands for what was left out.
    package var snippet: [Piece]

    package init(
        callID: String, turn: Int, speaker: TurnRecord.Speaker, part: Int, started: Int, snippet: [Piece]
    ) {
        self.callID = callID
        self.turn = turn
        self.speaker = speaker
        self.part = part
        self.started = started
        self.snippet = snippet
    }
}
