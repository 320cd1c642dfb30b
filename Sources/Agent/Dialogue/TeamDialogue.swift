/// A conversation in which one agent hands the caller over to the next, who takes the line with a brief.
///
/// A transfer to `agent:NAME` stays inside; every other transfer leaves the conversation as it is.
package actor TeamDialogue: Dialogue {
    /// Begins the destinations that are agents.
    static let prefix = "agent:"
    /// Hand-overs in one call, against agents who pass a caller round in circles.
    private static let mostHandovers = 5

    package nonisolated let language: DialogueLanguage
    private var current: any Dialogue
    private var call: CallFacts
    private let tools: [any Tool]
    private let environment: DialogueEnvironment
    private let turns = TurnQueue()
    private var handovers = 0

    init(first: AgentDefinition, call: CallFacts, tools: [any Tool], environment: DialogueEnvironment) {
        let current = first.makeOwnDialogue(call: call, tools: tools, environment: environment)
        self.current = current
        language = current.language
        self.call = call
        self.tools = tools
        self.environment = environment
    }

    package nonisolated func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        // Not bounded: the replies that pass through are.
        let (outputs, continuation) = AsyncThrowingStream.makeStream(of: DialogueOutput.self)
        let ticket = turns.takeTicket()
        let task = Task {
            await turns.wait(for: ticket)
            do {
                try await answer(input, continuation)
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
            await turns.finish(ticket)
        }
        continuation.onTermination = { reason in
            if case .cancelled = reason { task.cancel() }
        }
        return outputs
    }

    package func preview(of turn: CallerTurn) async -> ReplyPreview? { await current.preview(of: turn) }

    package func prepare(for turn: CallerTurn) async -> String? { await current.prepare(for: turn) }

    package func forgetPrepared() async { await current.forgetPrepared() }

    package func cutLastReply(toHeard heard: String) async { await current.cutLastReply(toHeard: heard) }

    package func continueCall(as id: String) async {
        call.callID = id
        await current.continueCall(as: id)
    }

    package var takesWhispers: Bool { get async { await current.takesWhispers } }

    package func whisper(_ text: String) async { await current.whisper(text) }

    private func answer(
        _ input: DialogueInput, _ outputs: AsyncThrowingStream<DialogueOutput, any Error>.Continuation
    ) async throws {
        var input = input
        while true {
            var next: (agent: AgentDefinition, brief: String)?
            for try await output in current.reply(to: input) {
                if case .transfer(let destination, let brief) = output, let agent = colleague(destination) {
                    next = (agent, brief)
                } else {
                    outputs.yield(output)
                }
            }
            guard let next else { return }
            handovers += 1
            var facts = call
            facts.parameters["brief"] = next.brief
            current = next.agent.makeOwnDialogue(call: facts, tools: tools, environment: environment)
            input = .callStarted(facts)
        }
    }

    private func colleague(_ destination: String) -> AgentDefinition? {
        guard destination.hasPrefix(Self.prefix), handovers < Self.mostHandovers else { return nil }
        return environment.agents[String(destination.dropFirst(Self.prefix.count))]
    }
}
