import Agent

/// What an agent asks of those that hear and speak for it.
extension AgentDefinition {
    /// What its callers may say.
    var language: DialogueLanguage {
        switch engine {
        case .flow(let flow): flow.language
        case .model: DialogueLanguage()
        }
    }

    /// The provider that hears and speaks for this agent, and the agent's choice of its model; nil where others do.
    func conversing(in configuration: ParleyConfiguration) -> (provider: String, model: String?)? {
        guard case .model(let settings) = engine, configuration.converses(self) else { return nil }
        return (settings.provider, settings.model)
    }
}
