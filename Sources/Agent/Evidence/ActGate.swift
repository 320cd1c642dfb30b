/// Decides whether a tool may be called, from what is known in the turn that asks for it. A value, without memory.
struct ActGate: Sendable {
    enum Verdict: Sendable, Equatable {
        case run
        /// Not run; the reason is for the model.
        case refuse(String)
        /// A person must decide.
        case review(String)
    }

    /// What the caller just said.
    var callerText: String
    /// How sure that is, 0...1.
    var confidence: Double
    /// What the caller heard of the agent before they said it.
    var heard: String
    var thresholds: ConfidenceThresholds
    /// False where an agent works through a task and nobody can be asked.
    var hasCaller: Bool
    /// Whether the caller is who they say they are, as far as the agent's file wants to know.
    var isVerified = false
    /// What the caller agrees in.
    var language = SpokenLanguage.english

    func verdict(on arguments: JSONValue, policy: ToolPolicy) -> Verdict {
        guard !policy.needsVerified || isVerified else { return .refuse(Self.unverified) }
        let needed = policy.minimumConfidence ?? (policy.risk == .read ? 0 : thresholds.reaskBelow)
        guard confidence >= needed else {
            return .refuse("the caller was not heard well enough for this; ask them to say it again")
        }
        switch policy.evidence {
        case .none: return .run
        case .approved: return .review("the agent's policy wants a person's approval")
        case .confirmed where !hasCaller: return .review("it cannot be undone, and there is no caller to confirm it")
        case .confirmed: return confirmation(of: arguments)
        }
    }

    /// Why an act is refused on which the caller's word is not enough.
    static let unverified =
        "the caller is not verified: ask them what verify_caller takes, call it with their answers, and only then do this"

    private func confirmation(of arguments: JSONValue) -> Verdict {
        let missing = ReadBack.missing(arguments, in: heard, language: language)
        guard missing.isEmpty, ReadBack.isQuestion(heard) else {
            let what = missing.isEmpty ? "" : " Name these, too: \(missing.joined(separator: ", "))."
            return .refuse(
                "this cannot be undone: read it back to the caller, ask for a yes, and call it again with the same arguments after they agreed."
                    + what)
        }
        guard Agreement.isIn(callerText, language: language), confidence >= thresholds.agreeBelow else {
            return .refuse("the caller has not clearly agreed to this; ask once more, and call it again after a yes")
        }
        return .run
    }
}
