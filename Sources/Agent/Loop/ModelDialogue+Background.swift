/// Colleagues who are asked while the conversation goes on.
extension ModelDialogue {
    func isForBackground(_ call: ModelToolCall) -> Bool {
        call.name == ColleagueTool.name && environment.hasCaller
            && call.arguments?[ColleagueTool.background] == .bool(true)
    }

    /// Asks, and tells the model that the answer comes later.
    func askInBackground(_ call: ModelToolCall, _ arguments: JSONValue, key: String, _ outputs: Outputs) {
        guard background.begin() else {
            return refuse(call, "\(BackgroundAnswers.most) colleagues are asked already; wait for their answers")
        }
        let invocation = nextInvocation(call.name, arguments)
        let shown = runner.forRecord(invocation)
        let asked: JSONValue = ["asked": true, "note": "the answer comes later by itself; go on, and do not guess it"]
        outputs.yield(.toolStarted(shown))
        outputs.yield(.toolFinished(shown, .result(asked)))
        settle(call, .result(asked), openKey: openKey(of: call))
        guardian.note(call, result: asked.text)
        context.add(result: asked.text, of: call.id)
        // A caller who waits for it in silence is let go once they have been asked whether they are there: it is known by
        // then that nobody answers. Of a conversation that is over nobody needs the answer.
        let patience = agent.silence.repromptAfter * (agent.silence.maxReprompts + 1)
        Task { [weak self, runner] in
            let outcome = await runner.run(invocation, idempotencyKey: key, within: patience)
            await self?.arrived(invocation, outcome)
        }
    }

    private func arrived(_ invocation: ToolInvocation, _ outcome: ToolOutcome) { background.end(invocation, outcome) }

    /// Tells the model what has come since it was last asked.
    func tellAnswers(_ outputs: Outputs) {
        for answer in background.take() {
            let invocation = nextInvocation(answer.invocation.name, answer.invocation.arguments)
            let shown = runner.forRecord(invocation)
            outputs.yield(.toolStarted(shown))
            outputs.yield(.toolFinished(shown, answer.outcome))
            let question = answer.invocation.arguments["question"]?.string ?? ""
            let text =
                switch answer.outcome {
                case .result(let value): "has answered: \(value["answer"]?.string ?? value.text)"
                case .failure(let error): "could not answer: \(error.detail)"
                }
            let facts = "The colleague whom you asked \"\(question)\" \(text)"
            context.add(facts: facts)
            ground(facts)
        }
    }
}
