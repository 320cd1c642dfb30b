/// Asking the model at a pause already: where the caller has finished, its answer is there when the turn ends.
extension ModelDialogue {
    /// Who pauses more often within a turn is thinking aloud.
    private static let mostPerTurn = 4

    package func prepare(for caller: CallerTurn) async -> String? {
        guard settings.preparesReplies, isFree(for: caller), let model else { return nil }
        var ahead = context
        ahead.add(user: caller.text)
        var request = request(forbidsTools: settings.stepBudget == 1)
        request.messages = ahead.messages
        if prepared?.answers(request) != true {
            if preparations.turn != caller.number { preparations = (caller.number, 0) }
            guard preparations.count < Self.mostPerTurn else { return nil }
            preparations.count += 1
            discardPrepared()
            prepared = PreparedReply(
                request, from: model, promises: promises, grounding: grounding(after: caller.text))
        }
        return await prepared?.firstSentence
    }

    package func forgetPrepared() { discardPrepared() }

    /// The answer that was prepared, if it is one to `request`.
    func takePrepared(for request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error>? {
        guard let prepared, prepared.answers(request) else { return nil }
        self.prepared = nil
        environment.counters.replyPrepared()
        return prepared.events
    }

    private func discardPrepared() {
        guard let unused = prepared else { return }
        prepared = nil
        unused.cancel()
        environment.counters.replyDiscarded(cost: unused.cost)
    }

    /// Nothing else is under way that would change what the model knows.
    private func isFree(for caller: CallerTurn) -> Bool {
        !isAnswering && !hasEnded && whispers.isEmpty && !background.hasArrived && caller.number > turn
            && caller.confidence >= agent.thresholds.reaskBelow
    }
}
