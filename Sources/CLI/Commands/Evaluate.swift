import ArgumentParser

/// `parley evaluate`
///
/// Has no options of its own: those would be taken away from the subcommands that have the same.
struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures how well recorded callers are heard and understood.",
        subcommands: [
            EvaluateCalls.self, EvaluateRecordings.self, EvaluateIntents.self, EvaluateVoice.self, EvaluateTurns.self,
        ],
        defaultSubcommand: EvaluateCalls.self)
}
