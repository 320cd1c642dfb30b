/// What a step of a team came to.
package struct TeamReport: Sendable, Equatable {
    /// In the agent's words.
    package var text: String
    /// How sure one may be of it, 0...1: how sure the task was understood, times the share of its tools whose last call
    /// succeeded or waits for a person, divided by one more than the statements in it that nothing supports. 0 where the
    /// agent needed help, or said nothing.
    package var confidence: Double
    /// Whether the agent's model failed, so that another try may go better.
    package var hasModelFailed: Bool

    package init(_ reply: DialogueReply, of agent: AgentDefinition) {
        text = reply.text
        var last: [String: ToolOutcome?] = [:]
        for call in reply.calls { last[call.invocation.name] = call.outcome }
        let good = last.values.count { outcome in
            switch outcome {
            case .result: true
            case .failure(let error): error.code == .awaitsApproval
            case nil: false
            }
        }
        let flagged = reply.outputs.count { if case .flagged = $0 { true } else { false } }
        let evidence = last.isEmpty ? 1 : Double(good) / Double(last.count)
        confidence = (reply.understanding?.confidence ?? 0) * evidence / Double(1 + flagged)
        hasModelFailed = false
        if case .model(let settings) = agent.engine {
            let ending: String? =
                switch reply.ending {
                case .hangUp(let reason), .transfer(_, let reason): reason
                case nil: nil
                }
            hasModelFailed = ending == ModelDialogue.noAnswer || (text.hasSuffix(settings.apology) && !text.isEmpty)
        }
        if reply.understanding?.intent == IntentClassifier.none || text.isEmpty || hasModelFailed { confidence = 0 }
        if case .transfer = reply.ending { confidence = 0 }
    }
}
