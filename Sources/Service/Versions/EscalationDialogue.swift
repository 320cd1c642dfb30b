import Agent

/// What callers meet in place of an agent whose error budget is spent, where its file wants that: the way to a person at
/// once, or a farewell.
struct EscalationDialogue: Dialogue {
    let agent: AgentDefinition
    let language = DialogueLanguage()

    func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        AsyncThrowingStream { outputs in
            for output in Self.way(agent.escalation) { outputs.yield(output) }
            outputs.finish()
        }
    }

    func cutLastReply(toHeard heard: String) {}

    /// The first step that leads out of the flow, whose states nobody should meet.
    static func way(_ steps: [EscalationStep]) -> [DialogueOutput] {
        let reason = "the agent's error budget is spent"
        for step in steps {
            switch step {
            case .transfer(let destination, let say):
                return [.say(say), .transfer(destination: destination, reason: reason)]
            case .hangUp(let say): return [.say(say), .hangUp(reason: reason)]
            case .state: continue
            }
        }
        return [.hangUp(reason: reason)]
    }
}
