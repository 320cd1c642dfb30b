import Agent

/// Any agent's dialogue on a call that we placed: whoever says that they do not want to be called, or presses 9 and nothing else, is put on
/// the list at once, told so in one sentence, and the call ends. The agent has no say in it.
struct OptOutDialogue: Dialogue {
    static let key: Character = "9"

    let agent: any Dialogue
    /// Why this person is called no more, if they have said so already: also before they were greeted.
    let hasOptedOut: @Sendable () -> String?
    /// Whether the newest key stands by itself, and is no part of a number.
    let isSingleKey: @Sendable () -> Bool
    /// Puts the person on the list; returns when it is stored.
    let optOut: @Sendable (_ reason: String) async throws -> Void

    var language: DialogueLanguage { agent.language }

    func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        if let reason = hasOptedOut() { return goodbye(reason: reason) }
        return switch input {
        case .keysPressed(let keys) where keys == String(Self.key) && isSingleKey(): goodbye(reason: "pressed 9")
        case .callerSaid(let turn) where OptOutPhrases.matches(turn.text): goodbye(reason: "said so")
        default: agent.reply(to: input)
        }
    }

    func preview(of turn: CallerTurn) async -> ReplyPreview? {
        if OptOutPhrases.matches(turn.text) { return ReplyPreview(completeness: .complete) }
        return await agent.preview(of: turn)
    }

    func prepare(for turn: CallerTurn) async -> String? {
        OptOutPhrases.matches(turn.text) ? nil : await agent.prepare(for: turn)
    }

    func forgetPrepared() async { await agent.forgetPrepared() }

    func cutLastReply(toHeard heard: String) async { await agent.cutLastReply(toHeard: heard) }

    var takesWhispers: Bool { get async { await agent.takesWhispers } }

    func whisper(_ text: String) async { await agent.whisper(text) }

    private func goodbye(reason: String) -> AsyncThrowingStream<DialogueOutput, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    // Stored first: what is said next is a promise.
                    try await optOut(reason)
                    continuation.yield(
                        .understood(Understanding(intent: "opt_out", entities: [:], confidence: 1)))
                    continuation.yield(.say("All right. You will not be called again. Goodbye."))
                    continuation.yield(.hangUp(reason: "opted out"))
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
