/// What one side said in one turn. Caller and agent share a number: the agent's turn 3 answers the caller's turn 3, and
/// its turn 0 is the greeting.
package struct TurnRecord: Sendable, Equatable, Codable {
    package enum Speaker: String, Sendable, Codable, CaseIterable {
        case caller, agent
        /// A person who took the call over from the agent.
        case `operator`
    }

    package var callID: String
    package var number: Int
    package var speaker: Speaker
    /// Counts from 0 what the agent said in one turn: its answer, and whatever else it said before the caller's next turn;
    /// likewise the operator.
    package var part: Int
    /// First voiced sample, in samples at 8 kHz since the call's media began.
    package var started: Int
    /// After the last one; `nil` while it goes on.
    package var ended: Int?
    /// Caller: as recognized. Agent: as planned.
    package var text: String
    /// Agent: what reached the caller's ear, by the carrier's marks.
    package var heard: String?
    /// Calibrated probability, 0...1, that `text` is what was said.
    package var confidence: Double?
    package var intent: String?
    /// Entity name → normalised value.
    package var entities: [String: String]
    /// The other side spoke before this turn was over.
    package var interrupted: Bool
    /// Agent: from the caller's last word to the first sample of this turn, by part.
    package var latency: TurnLatency?

    package init(
        callID: String, number: Int, speaker: Speaker, part: Int = 0, started: Int, ended: Int? = nil, text: String,
        heard: String? = nil, confidence: Double? = nil, intent: String? = nil, entities: [String: String] = [:],
        interrupted: Bool = false, latency: TurnLatency? = nil
    ) {
        self.callID = callID
        self.number = number
        self.speaker = speaker
        self.part = part
        self.started = started
        self.ended = ended
        self.text = text
        self.heard = heard
        self.confidence = confidence
        self.intent = intent
        self.entities = entities
        self.interrupted = interrupted
        self.latency = latency
    }
}

extension TurnRecord {
    /// Also reads what a version spilled that knew no parts.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            callID: try values.decode(String.self, forKey: .callID),
            number: try values.decode(Int.self, forKey: .number),
            speaker: try values.decode(Speaker.self, forKey: .speaker),
            part: try values.decodeIfPresent(Int.self, forKey: .part) ?? 0,
            started: try values.decode(Int.self, forKey: .started),
            ended: try values.decodeIfPresent(Int.self, forKey: .ended),
            text: try values.decode(String.self, forKey: .text),
            heard: try values.decodeIfPresent(String.self, forKey: .heard),
            confidence: try values.decodeIfPresent(Double.self, forKey: .confidence),
            intent: try values.decodeIfPresent(String.self, forKey: .intent),
            entities: try values.decode([String: String].self, forKey: .entities),
            interrupted: try values.decode(Bool.self, forKey: .interrupted),
            latency: try values.decodeIfPresent(TurnLatency.self, forKey: .latency))
    }
}
