import Agent

/// Puts whoever says anything through to `destination`.
struct Switchboard: Dialogue {
    var destination = "reception"
    /// The agent who takes over before that.
    var colleague: String?
    let language = DialogueLanguage()

    func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        AsyncThrowingStream { outputs in
            if case .callerSaid = input {
                if let colleague { outputs.yield(.tookOver(agent: colleague)) }
                outputs.yield(.say("I will put you through."))
                outputs.yield(.transfer(destination: destination, reason: "the caller asked for a person"))
            } else {
                outputs.yield(.say("Hello."))
            }
            outputs.finish()
        }
    }

    func cutLastReply(toHeard heard: String) {}
}
