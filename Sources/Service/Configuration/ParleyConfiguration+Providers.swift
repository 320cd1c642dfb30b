import Agent

extension ParleyConfiguration {
    /// Why the provider `name` cannot be used as `role`; nil when it can.
    ///
    /// Agents name providers too, and their files are read after this configuration.
    package func objection(toProvider name: String, as role: Provider.Role) -> String? {
        guard let provider = providers[name] else {
            let names = providers.keys.sorted().map { "`\($0)`" }.joined(separator: ", ")
            return "there is no provider of that name; \(names.isEmpty ? "`providers` is empty" : "there is \(names)")"
        }
        guard !provider.kind.roles.contains(role) else { return nil }
        let kinds = Provider.Kind.allCases.filter { $0.roles.contains(role) }.map { "`\($0.rawValue)`" }
        return "the provider is of kind `\(provider.kind.rawValue)`, which is no \(role.rawValue); "
            + "kinds that are: \(kinds.joined(separator: ", "))"
    }

    /// Whether the agent hears and speaks with its model.
    func converses(_ agent: AgentDefinition) -> Bool {
        guard case .model(let settings) = agent.engine else { return false }
        return providers[settings.provider]?.kind.converses == true
    }

    /// Why an agent cannot think with these providers; nil when it can.
    ///
    /// - Parameter agents: all there are, by name: those that it hands over to or asks.
    func objection(to agent: AgentDefinition, among agents: [String: AgentDefinition] = [:]) -> String? {
        if let reason = languageObjection(to: agent, among: agents) { return reason }
        guard case .model(let settings) = agent.engine else {
            for name in agent.flowHandovers {
                if let other = agents[name], converses(other) {
                    return
                        "`transfer: agent:\(name)`: `\(name)` hears and speaks with its model, and a flow's caller cannot "
                        + "be handed over to it; transfer to an agent that writes"
                }
            }
            return nil
        }
        if let reason = conversingObjection(to: agent, settings, among: agents) { return reason }
        for name in settings.providers {
            if let reason = objection(toProvider: name, as: .languageModel) { return "provider `\(name)`: \(reason)" }
            // The agent's own name of a model is its first provider's.
            let isNamed = providers[name]?.model != nil || (name == settings.provider && settings.model != nil)
            if providers[name]?.kind.needsModel == true, !isNamed {
                return "provider `\(name)`: it is not said which model to use; give providers.\(name).model"
            }
        }
        return nil
    }
}

extension ParleyConfiguration {
    /// Who is to go on in another language must speak it, and be heard and spoken for as this agent is.
    private func languageObjection(to agent: AgentDefinition, among agents: [String: AgentDefinition]) -> String? {
        if !agent.languages.isEmpty, converses(agent) {
            return "`languages`: a model that hears and speaks answers in the caller's language itself; leave it out"
        }
        for (language, name) in agent.languages.sorted(by: { $0.value < $1.value }) {
            guard let other = agents[name] else { continue }
            if other.spokenLanguage != language {
                return "`languages`: `\(name)` is to speak \(language.name), but its file says "
                    + "`language: \(other.spokenLanguage.rawValue)`; correct one of them"
            }
            if converses(other) {
                return "`languages`: `\(name)` hears and speaks with its model, and no caller can be handed over to it"
            }
        }
        return nil
    }

    /// A model that hears and speaks has the whole call: no other one can stand in for it, and it for no other.
    private func conversingObjection(
        to agent: AgentDefinition, _ settings: ModelSettings, among agents: [String: AgentDefinition]
    ) -> String? {
        let own = settings.provider
        for name in settings.fallback where converses(own) || converses(name) {
            return
                "provider `\(name)`: it cannot stand in for `\(own)`, because one of them hears and speaks itself and "
                + "the other one does not; leave `fallback` out"
        }
        for name in agent.handoff {
            guard let other = agents[name], case .model(let theirs) = other.engine else {
                if converses(own), agents[name] != nil {
                    return "`handoff`: `\(name)` does not speak through provider `\(own)`, as this agent does"
                }
                continue
            }
            if theirs.provider != own, converses(own) || converses(theirs.provider) {
                return
                    "`handoff`: `\(name)` speaks through provider `\(theirs.provider)` and this agent through `\(own)`; "
                    + "callers can be handed over within one provider of speech to speech only"
            }
        }
        for name in agent.delegate {
            if let other = agents[name], converses(other) {
                return "`delegate`: `\(name)` speaks through its model and cannot be asked in writing"
            }
        }
        return nil
    }

    private func converses(_ provider: String) -> Bool { providers[provider]?.kind.converses == true }
}
