import Logging

/// Keeping a long conversation within what the model is shown.
extension ModelDialogue {
    /// A summary that takes longer is not waited for.
    private static let summaryDeadline = Duration.seconds(20)

    /// After an answer: makes room where it has become tight, beside the call.
    func tidyUp() {
        let budget = ContextBudget(tokens: settings.contextTokens)
        guard budget.isTight(context.messages) else { return }
        context.replace(with: budget.shortened(context.messages))
        guard budget.isTight(context.messages), !isSummingUp, !hasEnded, let model,
            let range = budget.older(context.messages)
        else { return }
        isSummingUp = true
        let older = Array(context.messages[range])
        let notes = ConversationNotes(messages: older, done: done)
        Task {
            let summary = model.answersAside ? await summary(of: notes, by: model) : nil
            isSummingUp = false
            // Without one there is still room; the next turn tries again.
            guard summary != nil || budget.isExceeded(context.messages) else { return }
            guard context.fold(range, of: older, into: notes.facts(summary)) else { return }
            environment.counters.contextSummedUp()
            environment.logger.info(
                "An agent's memory of a call was summed up",
                metadata: [
                    "call.id": "\(call.callID)", "messages": "\(older.count)", "by.model": "\(summary != nil)",
                ])
        }
    }

    private func summary(of notes: ConversationNotes, by model: any LanguageModel) async -> String? {
        let request = ModelRequest(
            model: settings.model, instructions: ConversationNotes.instructions, messages: [.user(notes.transcript)],
            maxTokens: ConversationNotes.longest, temperature: settings.temperature,
            firstTokenDeadline: settings.firstTokenDeadline, progressDeadline: settings.progressDeadline)
        let clock = environment.clock
        return await withTaskGroup(of: String?.self) { group in
            group.addTask {
                var text = ""
                do {
                    for try await event in model.answer(request) {
                        if case .text(let piece) = event { text += piece }
                    }
                } catch {
                    return nil
                }
                return text.isEmpty ? nil : text
            }
            group.addTask {
                try? await clock.sleep(for: Self.summaryDeadline)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
