/// What is stored of a call, as far as a scorecard judges by it. Masked as it is stored. Times are milliseconds since the
/// call's media began.
package struct ScoredCall: Sendable, Equatable {
    package enum Speaker: String, Sendable, Codable {
        case caller, agent
        case `operator`
    }

    package struct Turn: Sendable, Equatable {
        package var number: Int
        package var speaker: Speaker
        /// Counts from 0 what the agent said in one turn.
        package var part: Int
        package var started: Int
        /// Nil where nobody knows.
        package var ended: Int?
        /// Of the agent what the caller heard, of others what was understood.
        package var text: String
        package var intent: String?
        /// Name → normalised value.
        package var entities: [String: String]
        /// From the caller's last word to this turn's first, in milliseconds.
        package var latency: Int?

        package init(
            _ number: Int, _ speaker: Speaker, part: Int = 0, started: Int = 0, ended: Int? = nil, text: String,
            intent: String? = nil, entities: [String: String] = [:], latency: Int? = nil
        ) {
            self.number = number
            self.speaker = speaker
            self.part = part
            self.started = started
            self.ended = ended
            self.text = text
            self.intent = intent
            self.entities = entities
            self.latency = latency
        }
    }

    package struct Tool: Sendable, Equatable {
        package var name: String
        package var turn: Int
        package var arguments: JSONValue
        /// Nil where there is none yet.
        package var result: JSONValue?
        /// Nil where it never came to an end.
        package var succeeded: Bool?
        package var started: Int
        package var finished: Int?

        package init(
            _ name: String, turn: Int, arguments: JSONValue = [:], result: JSONValue? = nil, succeeded: Bool?,
            started: Int = 0, finished: Int? = nil
        ) {
            self.name = name
            self.turn = turn
            self.arguments = arguments
            self.result = result
            self.succeeded = succeeded
            self.started = started
            self.finished = finished
        }
    }

    /// How caller and agent took turns.
    package struct Interaction: Sendable, Equatable {
        package var bargeIns: Int
        /// Of these, how long the agent went on speaking, in milliseconds, where it fell silent.
        package var yields: [Int]
        package var agentStarts: Int
        /// Of these, such as began while the caller was speaking.
        package var overCaller: Int

        package init(bargeIns: Int = 0, yields: [Int] = [], agentStarts: Int = 0, overCaller: Int = 0) {
            self.bargeIns = bargeIns
            self.yields = yields
            self.agentStarts = agentStarts
            self.overCaller = overCaller
        }
    }

    /// In the order in which they began.
    package var turns: [Turn]
    package var tools: [Tool]
    package var outcome: String?
    /// How it ended for the caller, in the store's words.
    package var resolution: String?
    /// Of the whole call, in milliseconds.
    package var length: Int
    /// ISO 639-1.
    package var language: String
    /// Nil where nobody has counted.
    package var interaction: Interaction?
    /// Names of the tools that change the world.
    package var actingTools: Set<String>

    package init(
        turns: [Turn] = [], tools: [Tool] = [], outcome: String? = nil, resolution: String? = nil, length: Int = 0,
        language: String = "en", interaction: Interaction? = nil, actingTools: Set<String> = []
    ) {
        self.turns = turns
        self.tools = tools
        self.outcome = outcome
        self.resolution = resolution
        self.length = length
        self.language = language
        self.interaction = interaction
        self.actingTools = actingTools
    }

    /// What the agent said that somebody heard.
    var agentTurns: [Turn] { turns.filter { $0.speaker == .agent && !$0.text.isEmpty } }

    var callerTurns: [Turn] { turns.filter { $0.speaker == .caller && !$0.text.isEmpty } }
}
