extension AgentDefinition {
    /// Who may have a caller in the course of a call that begins with this agent, itself among them; names, sorted.
    ///
    /// - Parameter agents: all there are, by name.
    package func holders(among agents: [String: AgentDefinition]) -> [String] {
        var found: Set<String> = [name]
        var open = [self]
        while let agent = open.popLast() {
            for name in agent.successors {
                guard let other = agents[name], found.insert(name).inserted else { continue }
                open.append(other)
            }
        }
        return found.sorted()
    }

    /// To whom it hands callers over itself.
    private var successors: [String] {
        var names = handoff + flowHandovers
        names += languages.values
        for step in escalation {
            guard let destination = step.destination, destination.hasPrefix(TeamDialogue.prefix) else { continue }
            names.append(String(destination.dropFirst(TeamDialogue.prefix.count)))
        }
        return names
    }
}
