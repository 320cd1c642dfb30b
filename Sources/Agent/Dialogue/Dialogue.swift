/// One conversation's mind: text in, text out. A flow, a language model, or a mixture; the call does not care which.
package protocol Dialogue: Sendable {
    /// What the caller may say, for recognizers that learn the task's language. Asked once, before the call.
    var language: DialogueLanguage { get }

    /// Answers one input. Outputs arrive as they become known; the stream ends when the agent has nothing more to say.
    ///
    /// Cancelling the task that iterates abandons the reply: no tool is started afterwards, and whatever a running tool
    /// did stays known to the dialogue.
    func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error>

    /// What would be answered to `turn`, for the call to know whether the caller is done and to prepare the first words.
    /// No tool is called, nothing is remembered. Nil where the dialogue has no opinion.
    func preview(of turn: CallerTurn) async -> ReplyPreview?

    /// Begins to answer `turn` before it is certain that the caller is done, where that takes time. Nothing acts and nothing
    /// is remembered before ``reply(to:)`` is asked for the same words; of any others the work is thrown away.
    ///
    /// - Parameter turn: all that was said until now, so far as the recognizer can tell.
    /// - Returns: the first sentence of the answer, as soon as there is one; nil where nothing is prepared.
    func prepare(for turn: CallerTurn) async -> String?

    /// The caller goes on: what was prepared is of no use.
    func forgetPrepared() async

    /// The caller interrupted: of the last reply only `heard` reached their ear.
    /// From now on the dialogue's memory of that reply is `heard`.
    func cutLastReply(toHeard heard: String) async

    /// The caller who was sent on is back, on a call of that id: what is done from now on is done on that one, where turns are
    /// counted anew. ``DialogueInput/notReached(reason:)`` follows.
    ///
    /// - Parameter traceparent: see ``CallFacts/traceparent``.
    func continueCall(as id: String, traceparent: String?) async

    /// The conversation was begun in another process, which is no more: this is what happened in it. Whoever recalls does
    /// nothing of it again. The next ``DialogueInput/callStarted(_:)`` is the caller's being on the line again: they hear that
    /// they were cut off, and what they had been asked. Each one in the history has the id of the call that it began, by which
    /// the acts of that call are told.
    func recall(_ history: [RememberedEvent]) async

    /// Whether it can do something with ``whisper(_:)``. A flow cannot: what it says is written down.
    var takesWhispers: Bool { get async }

    /// A person tells the agent something that the caller does not hear. Its next reply takes it into account.
    func whisper(_ text: String) async
}

extension Dialogue {
    package func preview(of turn: CallerTurn) async -> ReplyPreview? { nil }

    package func prepare(for turn: CallerTurn) async -> String? { nil }

    package func forgetPrepared() async {}

    package func continueCall(as id: String, traceparent: String?) async {}

    package func recall(_ history: [RememberedEvent]) async {}

    package var takesWhispers: Bool { get async { false } }

    package func whisper(_ text: String) async {}
}
