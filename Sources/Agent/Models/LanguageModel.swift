/// A language model that answers a conversation, streamed. One conformance per protocol.
package protocol LanguageModel: Sendable {
    /// Begins one answer. Cancelling the iterating task ends it at the provider, too.
    ///
    /// The stream fails with ``ModelError`` only. Its events are in the order of ``ModelEvent``'s description.
    func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error>

    /// Whether it can be asked something beside the conversation. One that speaks would say the answer to the caller.
    var answersAside: Bool { get }

    /// The conversation begins like this: what the model can be told of it ahead of the first question, it may be told now.
    func prepare(_ request: ModelRequest)
}

extension LanguageModel {
    package var answersAside: Bool { true }
    package func prepare(_ request: ModelRequest) {}
}

/// One piece of an answer: any number of texts, then the tool calls, then the end. Nothing follows the end.
package enum ModelEvent: Sendable, Equatable {
    /// A piece of text, as it was generated; may end in the middle of a word.
    case text(String)
    /// What the caller had said, by a model that has heard it itself; comes before the calls, if it comes.
    case heard(String, confidence: Double)
    /// A call to make, complete.
    case toolCall(ModelToolCall)
    case finished(ModelFinish)
}

/// A tool call that a model asks for.
package struct ModelToolCall: Sendable, Equatable {
    /// The provider's, or ours where it gave none; unique within the answer.
    package var id: String
    package var name: String
    /// Nil when the model wrote something that is no JSON.
    package var arguments: JSONValue?
    /// As the model wrote them; goes back to the provider unchanged.
    package var rawArguments: String
    /// What the provider wants to see again with the call.
    package var attachment: ModelAttachment?

    package init(
        id: String, name: String, arguments: JSONValue?, rawArguments: String, attachment: ModelAttachment? = nil
    ) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.rawArguments = rawArguments
        self.attachment = attachment
    }
}

/// How an answer ended, and what it cost.
package struct ModelFinish: Sendable, Equatable {
    package enum Reason: String, Sendable, Codable {
        /// The model had no more to say.
        case stop
        case toolCalls
        /// The limit of tokens was reached in mid-answer.
        case length
        /// The provider withheld the rest.
        case contentFilter
    }

    package var reason: Reason
    /// Nil when the provider did not say.
    package var usage: ModelUsage?

    package init(reason: Reason, usage: ModelUsage? = nil) {
        self.reason = reason
        self.usage = usage
    }
}

/// Tokens of one answer.
package struct ModelUsage: Sendable, Equatable, Codable {
    package var promptTokens: Int
    /// Of the prompt's, those the provider had in its cache.
    package var cachedTokens: Int
    package var completionTokens: Int
    /// Of the prompt's that were not cached, those of sound.
    package var promptSoundTokens: Int
    /// Of the answer's, those of sound.
    package var completionSoundTokens: Int

    package init(
        promptTokens: Int, cachedTokens: Int = 0, completionTokens: Int, promptSoundTokens: Int = 0,
        completionSoundTokens: Int = 0
    ) {
        self.promptSoundTokens = promptSoundTokens
        self.completionSoundTokens = completionSoundTokens
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens
        self.completionTokens = completionTokens
    }
}
