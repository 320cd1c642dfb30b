import Agent
import Networking

/// Any agent's dialogue on a call that we placed: whoever says that they do not want to be called, or presses 9 and nothing else, is put on
/// the list at once, told so in one sentence, and the call ends. The agent has no say in it; but where it understands as much from
/// other words than ``OptOutPhrases``, that counts, too.
struct OptOutDialogue: Dialogue {
    static let key: Character = "9"
    /// What an agent calls it.
    static let intent = "opt_out"
    static let saidSo = "said so"

    let agent: any Dialogue
    /// The agent's.
    var spoken = SpokenLanguage.english
    /// Of the agents who may have the person later, by name.
    var languages: [String: SpokenLanguage] = [:]
    /// Why this person is called no more, if they have said so already: also before they were greeted.
    let hasOptedOut: @Sendable () -> String?
    /// Whether the newest key stands by itself, and is no part of a number.
    let isSingleKey: @Sendable () -> Bool
    /// Puts the person on the list; returns when it is stored.
    let optOut: @Sendable (_ reason: String) async throws -> Void

    /// Of whoever has the person now; nil before somebody else has had them.
    private let current = Lock<SpokenLanguage?>(nil)

    var language: DialogueLanguage { agent.language }

    func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        if let reason = hasOptedOut() { return goodbye(reason: reason) }
        return switch input {
        case .keysPressed(let keys) where keys == String(Self.key) && isSingleKey(): goodbye(reason: "pressed 9")
        case .callerSaid(let turn) where OptOutPhrases.matches(turn.text): goodbye(reason: Self.saidSo)
        default: attended(agent.reply(to: input))
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
        Self.stream { outputs in
            try await takeLeave(reason: reason, understanding: nil, outputs)
            outputs.yield(Self.end)
        }
    }

    /// The agent's reply up to where it understands that this person wants no more calls. What it would say then is not said: only a
    /// stored promise may be. What it does is in the call's record as ever.
    private func attended(
        _ reply: AsyncThrowingStream<DialogueOutput, any Error>
    ) -> AsyncThrowingStream<DialogueOutput, any Error> {
        Self.stream { outputs in
            var hasTakenLeave = false
            do {
                for try await output in reply {
                    if case .tookOver(let agent) = output, let language = languages[agent] {
                        current.withLock { $0 = language }
                    }
                    if hasTakenLeave {
                        switch output {
                        case .toolStarted, .toolFinished: outputs.yield(output)
                        default: break
                        }
                    } else if case .understood(let understanding) = output, understanding.intent == Self.intent {
                        try await takeLeave(reason: Self.saidSo, understanding: understanding, outputs)
                        hasTakenLeave = true
                    } else {
                        outputs.yield(output)
                    }
                }
            } catch {
                guard hasTakenLeave else { throw error }
            }
            if hasTakenLeave { outputs.yield(Self.end) }
        }
    }

    private static let end = DialogueOutput.hangUp(reason: "opted out")

    private var farewell: String {
        UsualSentence.optedOut.text(in: current.withLock(\.self) ?? spoken)
    }

    /// - Parameter understanding: the agent's. It is told first, so that whoever watches the call stores it also where this reply is
    ///   interrupted.
    private func takeLeave(
        reason: String, understanding: Understanding?,
        _ outputs: AsyncThrowingStream<DialogueOutput, any Error>.Continuation
    ) async throws {
        if let understanding { outputs.yield(.understood(understanding)) }
        // Stored first: what is said next is a promise.
        try await optOut(reason)
        if understanding == nil {
            outputs.yield(.understood(Understanding(intent: Self.intent, entities: [:], confidence: 1)))
        }
        outputs.yield(.say(farewell))
    }

    /// Not bounded: a reply is bounded by the agent that makes it.
    private static func stream(
        _ answer: @escaping @Sendable (AsyncThrowingStream<DialogueOutput, any Error>.Continuation) async throws -> Void
    ) -> AsyncThrowingStream<DialogueOutput, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await answer(continuation)
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
