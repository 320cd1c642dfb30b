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

    /// Why an agent cannot think with these providers; nil when it can.
    func objection(to agent: AgentDefinition) -> String? {
        guard case .model(let settings) = agent.engine else { return nil }
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
