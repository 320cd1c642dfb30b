/// What is written down of an agent's calls when they are over, as the agent's file says.
package struct AfterCallPlan: Sendable, Equatable {
    /// One of the words that a call is filed under.
    package struct Disposition: Sendable, Equatable {
        /// Unique within the plan; `[a-z0-9_]+`.
        package var name: String
        /// For people and for the model.
        package var summary: String
        /// Outcomes that mean it, `none` for a call that had none; empty where the name alone does.
        package var outcomes: Set<String>
        /// Ends that mean it, in the store's words.
        package var resolutions: Set<String>

        package init(
            _ name: String, summary: String = "", outcomes: Set<String> = [], resolutions: Set<String> = []
        ) {
            self.name = name
            self.summary = summary
            self.outcomes = outcomes
            self.resolutions = resolutions
        }

        /// Whether the file says when a call is this one without a model.
        var hasRule: Bool { !outcomes.isEmpty || !resolutions.isEmpty }

        func holds(_ call: ScoredCall) -> Bool {
            (outcomes.isEmpty || outcomes.contains(call.outcome ?? "none"))
                && (resolutions.isEmpty || call.resolution.map(resolutions.contains) ?? false)
        }
    }

    /// The most that a plan may have.
    package static let mostDispositions = 50
    package static let mostFields = 50

    /// Whether calls are told of in a few sentences.
    package var summarises: Bool
    /// A closed set; a call is one of them, or none.
    package var dispositions: [Disposition]
    /// In the order of the file.
    package var fields: [ExtractedField]
    /// Who is asked; nil where rules alone decide.
    package var model: JudgeSettings?

    package init(
        summarises: Bool = false, dispositions: [Disposition] = [], fields: [ExtractedField] = [],
        model: JudgeSettings? = nil
    ) {
        self.summarises = summarises
        self.dispositions = dispositions
        self.fields = fields
        self.model = model
    }

    /// What fits every agent: how the call ended for the one on the line, and whether anything was done for them.
    package static let usualDispositions = [
        Disposition("message_left", summary: "A message was left on a machine.", outcomes: ["message_left"]),
        Disposition("transferred", summary: "A person took the call.", resolutions: ["transferred"]),
        Disposition("unreached", summary: "No person took the call.", resolutions: ["unreached"]),
        Disposition("failed", summary: "The agent or the line could not go on.", resolutions: ["failed"]),
        Disposition(
            "nothing_done", summary: "The agent kept the call to its end and did nothing.", outcomes: ["none"],
            resolutions: ["contained"]),
        Disposition("done", summary: "The agent did what it can do for callers.", resolutions: ["contained"]),
        Disposition(
            "abandoned", summary: "The caller hung up before the agent had answered.", resolutions: ["abandoned"]),
    ]
}
