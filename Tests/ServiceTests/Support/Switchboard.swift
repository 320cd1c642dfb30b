import Agent

/// Puts whoever says anything through to `destination`.
struct Switchboard: Dialogue {
    var destination = "reception"
    let language = DialogueLanguage()

    func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        AsyncThrowingStream { outputs in
            if case .callerSaid = input {
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
