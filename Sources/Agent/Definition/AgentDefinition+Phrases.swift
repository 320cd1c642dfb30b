extension AgentDefinition {
    /// Sentences that every call hears, or every caller who falls silent: worth having ready before the first call. With them what is
    /// said when nothing may take long.
    package var standingSentences: [String] {
        ([recording?.say ?? "", greeting] + silence.prompts + [silence.farewell, cutOffSentence]
            + (toolWait?.say ?? [])).flatMap(Sentences.split)
    }

    /// What a caller hears first who was cut off in the middle of the conversation and is back.
    package var cutOffSentence: String {
        cutOff ?? UsualSentence.cutOff.text(in: spokenLanguage)
    }
}
