import Logging

/// What a model's agent says when it does not work.
extension ModelDialogue {
    /// Why a conversation ended whose model did not work.
    static let noAnswer = UsualSentence.reasonNoModel.text(in: .english)

    func say(_ text: String, _ outputs: Outputs) {
        for sentence in Sentences.split(text) { outputs.yield(.say(sentence)) }
    }

    func fail(_ error: ModelError, _ outputs: Outputs) {
        guard error.code != .cancelled, !Task.isCancelled else { return }
        failures += 1
        environment.logger.warning(
            "The language model gave no answer",
            metadata: ["error": "\(error)", "failures": "\(failures)", "call.id": "\(call.callID)"])
        // A failure that will repeat itself, or the second one in a row: the caller needs somebody else.
        if failures >= 2 || (!error.isRetryable && error.code != .contentFiltered) {
            escalate(Self.noAnswer, outputs)
        } else {
            context.add(assistant: settings.apology, calls: [])
            say(settings.apology, outputs)
        }
    }

    func miss(_ outputs: Outputs) {
        misses += 1
        guard misses <= agent.thresholds.maxReasks else {
            escalate(UsualSentence.reasonNotUnderstood.text(in: .english, "times", String(misses)), outputs)
            return
        }
        context.add(assistant: settings.notUnderstood, calls: [])
        say(settings.notUnderstood, outputs)
    }

    func breakSilence(_ count: Int, _ outputs: Outputs) {
        guard count <= agent.silence.maxReprompts, !agent.silence.prompts.isEmpty else {
            say(agent.silence.farewell, outputs)
            end(.hangUp(reason: "the caller was silent"), outputs)
            return
        }
        say(agent.silence.prompts[min(max(count, 1), agent.silence.prompts.count) - 1], outputs)
    }

    private func escalate(_ reason: String, _ outputs: Outputs) {
        environment.counters.escalated(times: 1)
        guard let step = path.next() else { return end(.hangUp(reason: reason), outputs) }
        follow(step, reason, outputs)
    }

    /// Nobody could be reached. The model learns it, and the path goes on.
    static func notReached(_ reason: String) -> String {
        "The caller could not be put through, and is on the line again: \(reason)."
    }

    func comeBack(_ reason: String, _ outputs: Outputs) {
        context.add(facts: Self.notReached(reason))
        guard let step = path.nextAfterFailure() else {
            return end(.hangUp(reason: "nobody could be reached"), outputs)
        }
        follow(step, reason, outputs)
    }

    private func follow(_ step: EscalationStep, _ reason: String, _ outputs: Outputs) {
        switch step {
        case .queue, .callback, .voicemail: end(.transfer(destination: path.here, reason: reason), outputs)
        case .transfer(let destination, let text):
            say(text, outputs)
            end(.transfer(destination: destination, reason: reason), outputs)
        case .hangUp(let text), .state(_, let text):
            say(text, outputs)
            end(.hangUp(reason: reason), outputs)
        }
    }
}
