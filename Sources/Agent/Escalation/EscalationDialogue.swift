/// What callers meet in place of an agent whose error budget is spent, where its file wants that: its escalation path at
/// once, and nothing else.
actor EscalationDialogue: Dialogue {
    nonisolated let language = DialogueLanguage()
    private var path: EscalationPath

    private static let reason = UsualSentence.reasonBudget.text(in: .english)

    init(_ steps: [EscalationStep]) { path = EscalationPath(steps) }

    nonisolated func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        AsyncThrowingStream { outputs in
            let task = Task {
                for output in await takeStep() { outputs.yield(output) }
                outputs.finish()
            }
            outputs.onTermination = { _ in task.cancel() }
        }
    }

    nonisolated func cutLastReply(toHeard heard: String) {}

    /// The next step that leads out of a flow, whose states nobody should meet. Whoever comes back takes the one after.
    private func takeStep() -> [DialogueOutput] {
        while let step = path.nextAfterFailure() {
            switch step {
            case .transfer(let destination, let say):
                return [.say(say), .transfer(destination: destination, reason: Self.reason)]
            case .queue, .callback, .voicemail: return [.transfer(destination: path.here, reason: Self.reason)]
            case .hangUp(let say): return [.say(say), .hangUp(reason: Self.reason)]
            case .state: continue
            }
        }
        return [.hangUp(reason: Self.reason)]
    }
}

extension AgentDefinition {
    /// For callers who must not meet the agent: its escalation path, from the first step that leads out of a flow.
    package func makeEscalationDialogue(
        call: CallFacts, tools: [any Tool], environment: DialogueEnvironment
    ) -> any Dialogue {
        PathDialogue(
            EscalationDialogue(escalation), steps: escalation, in: spokenLanguage, call: call, tools: tools,
            environment: environment)
    }
}
