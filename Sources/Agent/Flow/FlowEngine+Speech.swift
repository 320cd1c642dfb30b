extension FlowEngine {
    /// Says `text`, a sentence at a time so that synthesis can begin with the first one.
    mutating func say(_ text: String, fingerprint: String? = nil) {
        guard !text.isEmpty else { return }
        reply.append(Said(text: text, fingerprint: fingerprint))
        for sentence in Sentences.split(text) { steps.append(.output(.say(sentence))) }
    }

    /// The next variation of a text, with its values.
    mutating func variation(of templates: [Template], extra: [String: JSONValue] = [:]) -> String {
        guard let first = templates.first else { return "" }
        let count = variations[first.source, default: 0]
        variations[first.source] = count + 1
        return render(templates[count % templates.count], extra: extra)
    }

    func render(_ template: Template, extra: [String: JSONValue] = [:]) -> String {
        template.render(in: agent.spokenLanguage) { value(at: $0, extra: extra) }
    }

    /// The value of a dotted path: a slot, a tool's answer, a fact, or what always is there.
    func value(at path: [String], extra: [String: JSONValue] = [:]) -> JSONValue? {
        guard let name = path.first else { return nil }
        let root: JSONValue? =
            extra[name] ?? slots[name] ?? results[name] ?? fact(name).map(JSONValue.string) ?? standingValue(name)
        return root?.value(at: path.dropFirst())
    }

    /// What the file says, or what is known of this call's person where somebody called them.
    private func fact(_ name: String) -> String? { flow.facts[name].map { call.parameters[name] ?? $0 } }

    private func standingValue(_ name: String) -> JSONValue? {
        switch name {
        case "today": .string(today.description)
        case "caller": .string(call.callerNumber)
        // What the dialler gave with the call: `{call.segment}`.
        case "call": .object(call.parameters.mapValues(JSONValue.string))
        default: nil
        }
    }

    /// Asks and waits.
    mutating func pose(
        _ text: String, again: [Template], hint: Template?, extra: [String: JSONValue] = [:], _ expectation: Expectation
    ) {
        question = Question(
            text: text, again: again.map { render($0, extra: extra) }, hint: hint.map { render($0, extra: extra) },
            expectation: expectation)
        isReadBackUnheard = false
        say(text)
    }

    /// Leads a caller who was not understood: ask again, then say what can be said, then get help.
    mutating func miss(_ weight: Int, apologising: Bool = true) {
        misses += weight
        var isCapturing = false
        if case .capture(let name) = waiting {
            if missCapture(name) { return }
            isCapturing = true
        }
        guard isCapturing || misses <= agent.thresholds.maxReasks else {
            escalate(reason: UsualSentence.reasonNotUnderstood.text(in: .english, "times", String(misses)))
            return
        }
        let apology = apologising ? variation(of: flow.phrases.notUnderstood) : ""
        guard let question else {
            // Nothing was asked yet: a reply was abandoned before its question.
            say(apology)
            run()
            return
        }
        let again = question.again.isEmpty ? question.text : question.again[(misses - 1) % question.again.count]
        let ask = misses > 1 ? question.hint ?? again : again
        say([apology, ask].filter { !$0.isEmpty }.joined(separator: " "))
    }

    mutating func breakSilence(_ count: Int) {
        wish = nil
        guard count <= agent.silence.maxReprompts, !agent.silence.prompts.isEmpty else {
            say(agent.silence.farewell)
            end(.hangUp(reason: "the caller was silent"))
            return
        }
        say(agent.silence.prompts[min(max(count, 1), agent.silence.prompts.count) - 1])
        if let question { say(question.text) } else { run() }
    }

    mutating func repeatLast() {
        let texts = repeatable.isEmpty ? [question?.text ?? agent.greeting] : repeatable
        for text in texts { say(text) }
        isReadBackUnheard = false
    }

    /// Follows the agent's escalation path, one step further each time.
    mutating func escalate(reason: String) {
        guard let step = path.next() else { return giveUp(reason: reason) }
        escalations += 1
        follow(step, reason: reason)
    }

    /// Nobody could be reached: the next step of the path, or the end. What is said next may name why.
    mutating func comeBack(reason: String) {
        results["escalation"] = ["failed": .bool(true), "reason": .string(reason)]
        guard let step = path.nextAfterFailure() else { return end(.hangUp(reason: "nobody could be reached")) }
        follow(step, reason: reason)
    }

    private mutating func follow(_ step: EscalationStep, reason: String) {
        misses = 0
        switch step {
        case .queue, .callback, .voicemail: end(.transfer(destination: path.here, reason: reason))
        case .transfer(let destination, let text):
            say(text)
            end(.transfer(destination: destination, reason: reason))
        case .hangUp(let text):
            say(text)
            end(.hangUp(reason: reason))
        case .state(let state, let text):
            say(text)
            frames = [Frame(state: state)]
            run()
        }
    }

    /// Ends a call that the flow itself cannot carry on: with a person where the agent has one.
    mutating func giveUp(reason: String) {
        escalations += 1
        say(render(flow.phrases.broken))
        for case .transfer(let destination, _) in agent.escalation {
            return end(.transfer(destination: destination, reason: reason))
        }
        end(.hangUp(reason: reason))
    }

    mutating func end(_ output: DialogueOutput) {
        if case .transfer(let destination, _) = output { path.sent(to: destination) }
        steps.append(.output(output))
        waiting = .nothing
        question = nil
        hasEnded = true
    }
}
