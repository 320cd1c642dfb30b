/// Conversations written down with what must come of them, for `parley agent test`.
package struct ConversationScript: Sendable {
    /// For reports.
    package var file: String
    /// The agent's name.
    package var agent: String
    /// The day and time at which the conversations take place, in the agent's time zone.
    package var today: CivilDate
    package var time: ClockTime
    package var scenes: [Scene]

    /// One conversation.
    package struct Scene: Sendable {
        package var name: String
        /// Where it stands in the file, from 1.
        package var line: Int
        package var callerNumber: String
        package var parameters: [String: String]
        /// Tool → what it answers in place of the real one, one after the other; the last one repeats.
        package var tools: [String: [ToolAnswer]]
        package var turns: [Turn]
        /// Of the whole conversation.
        package var expected: Expected
        package var ending: Ending?
        /// Table → rows that must be there at the end, by the columns given.
        package var stored: [String: [JSONValue]]
    }

    /// What a tool is made to answer.
    package enum ToolAnswer: Sendable, Equatable {
        case result(JSONValue)
        case error(ToolError.Code, detail: String)
    }

    /// One turn of the caller.
    package struct Turn: Sendable {
        package enum Input: Sendable, Equatable {
            case says(String, confidence: Double)
            case keys(String)
            /// Speech that was not understood.
            case mumbles
            /// The caller's silence, so many times in a row.
            case silence(Int)
            /// The agent had transferred the caller, and nobody could be reached, for this reason.
            case notReached(String)
        }

        package var line: Int
        package var input: Input
        /// What the language model answers in this turn, request by request; agents of kind model only.
        package var model: [ModelLine]
        package var expected: Expected
        package var intent: String?
    }

    /// One answer of the language model.
    package enum ModelLine: Sendable, Equatable {
        case answers(text: String, calls: [Call])
        case fails(ModelError.Code)
    }

    package struct Call: Sendable, Equatable {
        package var tool: String
        package var arguments: JSONValue
    }

    /// What must be said and called, and what must not.
    package struct Expected: Sendable, Equatable {
        /// Each must occur in what the agent says, whatever the case of its letters.
        package var says: [String] = []
        package var neverSays: [String] = []
        /// Must be called in this order, with others between them or not. An object of arguments need only name some of
        /// them; `null` allows any.
        package var calls: [Call] = []
        package var neverCalls: [String] = []
    }

    package enum Ending: Sendable, Equatable {
        case hangUp
        /// Nil for any destination.
        case transfer(String?)
        /// The line is still open.
        case open
    }
}
