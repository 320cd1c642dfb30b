/// Where an agent stands on its escalation path: each step is taken once, and one that failed leads to the next. A value.
struct EscalationPath: Sendable {
    /// Begins the destinations that are steps of the path itself.
    static let prefix = "escalation:"

    let steps: [EscalationStep]
    /// The step that is taken next.
    private var position = 0
    /// Whom the caller was sent to last.
    private var sentTo: String?
    /// Whom nobody was reached at.
    private var unreached: Set<String> = []

    init(_ steps: [EscalationStep]) { self.steps = steps }

    /// The next step because the agent cannot help. The last one repeats, for agents who go on after it.
    mutating func next() -> EscalationStep? {
        guard !steps.isEmpty else { return nil }
        return take(min(position, steps.count - 1))
    }

    /// The next step because the one before came to nothing; nil when there is none. Whom nobody was reached at is not
    /// tried by another step of the same kind.
    mutating func nextAfterFailure() -> EscalationStep? {
        if let sentTo { unreached.insert(sentTo) }
        sentTo = nil
        while position < steps.count {
            if case .transfer(let destination, _) = steps[position], unreached.contains(destination) {
                position += 1
                continue
            }
            return take(position)
        }
        return nil
    }

    /// The first step that leads to a person, or to one later, because the agent asks for it.
    mutating func toPerson() -> EscalationStep? {
        func leads(_ step: EscalationStep) -> Bool { step.destination != nil || step.isTalk }
        let index = steps.indices.dropFirst(position).first { leads(steps[$0]) } ?? steps.firstIndex(where: leads)
        return index.map { take($0) }
    }

    /// Whether ``toPerson()`` leads anywhere.
    var hasPerson: Bool { steps.contains { $0.destination != nil || $0.isTalk } }

    /// The caller is sent to `destination`, by whatever means.
    mutating func sent(to destination: String) { sentTo = destination }

    /// The destination that stands for the step taken last.
    var here: String { "\(Self.prefix)\(max(position - 1, 0))" }

    /// The step that a destination stands for.
    static func step(_ destination: String, of steps: [EscalationStep]) -> EscalationStep? {
        guard destination.hasPrefix(prefix), let index = Int(destination.dropFirst(prefix.count)),
            steps.indices.contains(index)
        else { return nil }
        return steps[index]
    }

    private mutating func take(_ index: Int) -> EscalationStep {
        position = index + 1
        sentTo = steps[index].isTalk ? nil : steps[index].destination
        return steps[index]
    }
}

extension AgentDefinition {
    /// Whether its escalation path may promise a call.
    package var promisesCallbacks: Bool {
        escalation.contains { if case .callback = $0 { true } else { false } }
    }

    /// Whether a caller whom nobody was reached for has another way to go.
    package var takesCallersBack: Bool {
        guard let first = escalation.firstIndex(where: { $0.destination != nil || $0.isTalk }) else { return false }
        return escalation[first].isTalk || first < escalation.count - 1
    }
}
