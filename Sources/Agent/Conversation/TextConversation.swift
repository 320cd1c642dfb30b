/// A caller who types: says a line, reads the whole reply.
package struct TextConversation: Sendable {
    private let dialogue: any Dialogue
    private let call: CallFacts
    /// Lines said so far.
    package private(set) var turn = 0
    /// Set when the agent hung up or transferred; nothing is answered afterwards.
    package private(set) var ending: DialogueReply.Ending?

    package init(_ dialogue: any Dialogue, call: CallFacts) {
        self.dialogue = dialogue
        self.call = call
    }

    /// Opens the line.
    package mutating func start(
        watching output: (DialogueOutput) -> Void = { _ in }
    ) async throws -> DialogueReply { try await send(.callStarted(call), watching: output) }

    /// Says one line.
    ///
    /// - Parameters:
    ///   - confidence: how sure a recognizer would be of it, 0...1.
    ///   - language: what it would take it for, as a tag; nil where it cannot tell.
    package mutating func say(
        _ text: String, confidence: Double = 1, language: String? = nil,
        watching output: (DialogueOutput) -> Void = { _ in }
    ) async throws -> DialogueReply {
        turn += 1
        let turn = CallerTurn(number: turn, text: text, confidence: confidence, language: language)
        return try await send(.callerSaid(turn), watching: output)
    }

    /// Gives any input and returns what came of it.
    ///
    /// - Parameter output: sees every output as it comes.
    package mutating func send(
        _ input: DialogueInput, watching output: (DialogueOutput) -> Void = { _ in }
    ) async throws -> DialogueReply {
        // Whoever could not be reached leaves the caller on the line.
        if case .notReached = input { ending = nil }
        var reply = DialogueReply()
        for try await step in dialogue.reply(to: input) {
            reply.add(step)
            output(step)
        }
        ending = ending ?? reply.ending
        return reply
    }
}
