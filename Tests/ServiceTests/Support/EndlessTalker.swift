import Agent

/// Greets for ten minutes.
struct EndlessTalker: Dialogue {
    let language = DialogueLanguage()

    func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        AsyncThrowingStream { outputs in
            outputs.yield(.say("Endless is what I have to say."))
            outputs.finish()
        }
    }

    func cutLastReply(toHeard heard: String) {}
}
