/// One message of a conversation, as the vendor is told of it.
package enum RealtimeMessage: Sendable, Equatable {
    case facts(String)
    /// Empty where nobody knows the words: the vendor has heard them itself.
    case caller(String)
    case agent(text: String, calls: [RealtimeToolCall])
    /// What the call of that id returned.
    case result(call: String, content: String)

    var isCallers: Bool {
        if case .caller = self { true } else { false }
    }
}

/// A tool call that the model asks for.
package struct RealtimeToolCall: Sendable, Equatable {
    package var id: String
    package var name: String
    /// As the model wrote them; should be JSON.
    package var arguments: String

    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// A tool that the model may call.
package struct RealtimeTool: Sendable, Equatable {
    package var name: String
    package var summary: String
    /// A JSON schema.
    package var parameters: String

    package init(name: String, summary: String, parameters: String) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
    }
}

/// What the model is asked to answer.
package struct RealtimeQuestion: Sendable, Equatable {
    package var instructions: String
    /// The whole conversation; what the vendor knows of it already is not told again.
    package var messages: [RealtimeMessage]
    package var tools: [RealtimeTool]
    /// The answer must be words.
    package var forbidsTools: Bool

    package init(
        instructions: String, messages: [RealtimeMessage], tools: [RealtimeTool] = [], forbidsTools: Bool = false
    ) {
        self.instructions = instructions
        self.messages = messages
        self.tools = tools
        self.forbidsTools = forbidsTools
    }
}

/// One piece of an answer: texts with their audio behind them, then the calls, then the end.
package enum RealtimeAnswerEvent: Sendable, Equatable {
    /// What is said, as it becomes known; may end in the middle of a word.
    case text(String)
    /// The words so far end here: a sentence at their end is whole, and its audio may be asked for.
    case textEnded
    /// Audio came; the words it belongs to may have come long before.
    case progress
    /// What the caller had said, as the vendor wrote it down.
    case heard(String, confidence: Double)
    case call(RealtimeToolCall)
    case finished(RealtimeFinish)
}

/// How an answer ended, and what it cost.
package struct RealtimeFinish: Sendable, Equatable {
    package enum Reason: Sendable, Equatable { case stop, toolCalls, length, contentFilter }

    package var reason: Reason
    /// Tokens; 0 where the vendor did not say.
    package var inputTokens = 0
    package var cachedTokens = 0
    package var outputTokens = 0
    /// Of the input that was not cached, and of the output, those of sound.
    package var soundIn = 0
    package var soundOut = 0
}
