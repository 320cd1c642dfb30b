/// What an agent did in answer to one input, whole.
package struct DialogueReply: Sendable, Equatable {
    /// One call of a tool and how it ended; nil while it runs or when the reply was given up.
    package struct Call: Sendable, Equatable {
        package var invocation: ToolInvocation
        package var outcome: ToolOutcome?
    }

    /// How the conversation ended.
    package enum Ending: Sendable, Equatable {
        case hangUp(reason: String)
        case transfer(destination: String, reason: String)
    }

    package private(set) var outputs: [DialogueOutput] = []
    /// What was said, a sentence or clause each.
    package private(set) var said: [String] = []
    package private(set) var calls: [Call] = []
    package private(set) var understanding: Understanding?
    package private(set) var ending: Ending?

    package init() {}

    /// All that was said.
    package var text: String { said.joined(separator: " ") }

    package mutating func add(_ output: DialogueOutput) {
        outputs.append(output)
        switch output {
        case .say(let text): said.append(text)
        case .toolStarted(let invocation): calls.append(Call(invocation: invocation))
        case .toolFinished(let invocation, let outcome):
            guard let index = calls.lastIndex(where: { $0.invocation.id == invocation.id }) else { break }
            calls[index].outcome = outcome
        case .understood(let understanding): self.understanding = understanding
        case .expect, .press, .flagged, .tookOver: break
        case .transfer(let destination, let reason):
            ending = .transfer(destination: destination, reason: reason)
        case .hangUp(let reason): ending = .hangUp(reason: reason)
        }
    }

    /// Whether this reply did what was asked: it was understood, the last call of every tool succeeded or waits for a person, and no help was
    /// needed.
    package var isDone: Bool {
        if understanding?.intent == IntentClassifier.none { return false }
        if case .transfer = ending { return false }
        var last: [String: ToolOutcome?] = [:]
        for call in calls { last[call.invocation.name] = call.outcome }
        return last.values.allSatisfy { outcome in
            switch outcome {
            case .result: true
            case .failure(let error): error.code == .awaitsApproval
            case nil: false
            }
        }
    }
}
