import Logging

/// What the agent may state, and what becomes of the rest.
extension ModelDialogue {
    /// From now on what `text` states may be stated.
    func ground(_ text: String) {
        guard settings.grounding.action != .off else { return }
        grounds.add(text, today: environment.today())
    }

    /// - Parameters:
    ///   - text: what the caller has probably said.
    ///   - isBeforeWords: the model has heard the caller and nobody knows yet what they said. Until that is known, what
    ///     nothing supports is told and not held: it may be a value of the caller's own.
    func grounding(after text: String = "", isBeforeWords: Bool = false) -> GroundingCheck? {
        let action = settings.grounding.action
        guard action != .off else { return nil }
        var grounds = grounds
        if !text.isEmpty { grounds.add(text, today: environment.today()) }
        return GroundingCheck(
            grounds: grounds, today: environment.today(), holdsBack: action == .rephrase || action == .review,
            awaitsWords: isBeforeWords)
    }

    /// Lets a person decide whether the caller is told.
    func fileStatement(_ sentence: String, stating statement: String) async {
        guard let reviews = environment.reviews else { return }
        let policy = settings.grounding
        let values: [String: JSONValue] = [
            "sentence": .string(sentence), "statement": .string(statement), "caller": .string(call.callerNumber),
        ]
        let arguments = policy.arguments.mapValues { $0.argument { path in path.first.flatMap { values[$0] } } }
        do {
            _ = try await reviews.file(
                ReviewRequest(
                    idempotencyKey: "\(call.callID)/\(turn)/statement", call: call, agent: agent.name,
                    agentVersion: agent.version, tool: policy.tool, arguments: .object(arguments),
                    reason: "no tool result, document or fact supports \"\(statement)\"", expiry: policy.reviewExpiry))
            environment.counters.reviewFiled()
        } catch {
            environment.logger.error(
                "A statement could not be filed for a person",
                metadata: ["call.id": "\(call.callID)", "error": "\(error)"])
        }
    }
}
