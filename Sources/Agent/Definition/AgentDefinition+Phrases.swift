extension AgentDefinition {
    /// Sentences that every call hears, or every caller who falls silent: worth having ready before the first call.
    package var standingSentences: [String] {
        ([recording?.say ?? "", greeting] + silence.prompts + [silence.farewell] + (toolWait?.say ?? [])).flatMap(
            Sentences.split)
    }
}
