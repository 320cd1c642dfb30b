/// The mind of the call to a person for whom a caller waits: says what it is about, asks whether they take the call, and
/// tells what they have decided by how it ends: by a transfer to ``caller``, or not.
package actor BriefingDialogue: Dialogue {
    /// The destination that stands for the caller who waits.
    package static let caller = "caller"
    /// Why the call ends when the person does not want it.
    package static let declined = UsualSentence.reasonDeclined.text(in: .english)

    package nonisolated let language: DialogueLanguage
    private let brief: String
    private let acceptKey: String
    private let spoken: SpokenLanguage
    private var misses = 0
    private var isOver = false
    /// Answers that are none, in a row.
    private static let mostMisses = 3

    /// - Parameters:
    ///   - brief: what the call is about.
    ///   - acceptKey: the key with which they take it; any other one declines.
    ///   - language: what a yes and a no are recognized by.
    ///   - spoken: what the person is asked in, and answers in.
    package init(
        brief: String, acceptKey: String, language: DialogueLanguage = DialogueLanguage(),
        spoken: SpokenLanguage = .english
    ) {
        self.brief = brief
        self.acceptKey = acceptKey
        self.language = language
        self.spoken = spoken
    }

    package nonisolated func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        AsyncThrowingStream { outputs in
            let task = Task {
                for output in await answer(input) { outputs.yield(output) }
                outputs.finish()
            }
            outputs.onTermination = { _ in task.cancel() }
        }
    }

    package nonisolated func cutLastReply(toHeard heard: String) {}

    private func answer(_ input: DialogueInput) -> [DialogueOutput] {
        guard !isOver else { return [] }
        switch input {
        case .callStarted: return Sentences.split(brief).map { .say($0) } + ask()
        case .keysPressed(let keys): return keys.contains(acceptKey) ? accept() : decline()
        case .callerSaid(let turn):
            if Agreement.isIn(turn.text, language: spoken) { return accept() }
            return Refusal.isIn(turn.text, language: spoken) ? decline() : askAgain()
        case .callerNotUnderstood, .callerSilent: return askAgain()
        case .notReached: return []
        }
    }

    private func ask() -> [DialogueOutput] {
        [
            .say(UsualSentence.takesCall.text(in: spoken, "key", spoken.key(acceptKey))),
            .expect(Expectation(kind: .yesNo, context: Flow.confirmContext, longestKeys: 1)),
        ]
    }

    private func askAgain() -> [DialogueOutput] {
        misses += 1
        guard misses < Self.mostMisses else {
            isOver = true
            return [.hangUp(reason: "they did not say whether they take the call")]
        }
        return ask()
    }

    private func accept() -> [DialogueOutput] {
        isOver = true
        return [
            .say(UsualSentence.takenCall.text(in: spoken)), .transfer(destination: Self.caller, reason: "accepted"),
        ]
    }

    private func decline() -> [DialogueOutput] {
        isOver = true
        return [.say(UsualSentence.declinedCall.text(in: spoken)), .hangUp(reason: Self.declined)]
    }
}
