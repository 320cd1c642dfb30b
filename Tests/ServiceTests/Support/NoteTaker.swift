import Agent

/// Says what it was told behind the caller's back: whatever it is asked, and at once when the caller is silent.
actor NoteTaker: Dialogue {
    nonisolated let language = DialogueLanguage()
    private var notes: [String] = []

    var takesWhispers: Bool { true }

    func whisper(_ text: String) { notes.append(text) }

    nonisolated func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        AsyncThrowingStream { outputs in
            let task = Task {
                if case .callStarted = input {
                    outputs.yield(.say("Good day."))
                } else {
                    outputs.yield(.say("I was told: \(await notes.joined(separator: " and "))."))
                }
                outputs.finish()
            }
            outputs.onTermination = { _ in task.cancel() }
        }
    }

    func cutLastReply(toHeard heard: String) {}
}
