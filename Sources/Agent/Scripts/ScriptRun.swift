/// Holds the conversations of a script and says what was otherwise than it asks.
package struct ScriptRun: Sendable {
    /// What one conversation needs.
    package struct Stage: Sendable {
        package var dialogue: any Dialogue
        package var call: CallFacts
        /// Answers for agents of kind model; nil when a real model does.
        package var model: ScriptedModel?

        package init(dialogue: any Dialogue, call: CallFacts, model: ScriptedModel? = nil) {
            self.dialogue = dialogue
            self.call = call
            self.model = model
        }
    }

    private let scene: ConversationScript.Scene

    package init(_ scene: ConversationScript.Scene) {
        self.scene = scene
    }

    /// Holds the conversation.
    ///
    /// - Parameters:
    ///   - rows: how many rows of a table have these values, for `stored`.
    ///   - watching: sees each input of the caller and each output.
    package func hold(
        _ stage: Stage, rows: (_ table: String, _ values: JSONValue) async throws -> Int,
        watching: (Event) -> Void = { _ in }
    ) async throws -> ScriptVerdict {
        var conversation = TextConversation(stage.dialogue, call: stage.call)
        var failures: [ScriptVerdict.Failure] = []
        var said: [String] = []
        var calls: [ToolInvocation] = []
        func keep(_ reply: DialogueReply) {
            said += reply.said
            calls += reply.calls.map(\.invocation)
        }
        keep(try await conversation.start { watching(.agent($0)) })
        for turn in scene.turns {
            if let ending = conversation.ending, !turn.input.follows(ending) {
                failures.append(.init(line: turn.line, reason: "the agent had ended before this turn: \(ending.text)"))
                break
            }
            stage.model?.expect(turn.model)
            watching(.caller(turn.input))
            let reply = try await Self.take(turn.input, &conversation) { watching(.agent($0)) }
            keep(reply)
            failures += Self.objections(to: reply, in: turn, model: stage.model).map {
                .init(line: turn.line, reason: $0)
            }
        }
        failures += scene.expected.objections(said: said.joined(separator: " "), calls: calls)
            .map { .init(line: scene.line, reason: $0) }
        if let reason = objection(to: conversation.ending) { failures.append(.init(line: scene.line, reason: reason)) }
        for (table, wanted) in scene.stored.sorted(by: { $0.key < $1.key }) {
            for values in wanted where try await rows(table, values) == 0 {
                failures.append(.init(line: scene.line, reason: "\(table) must hold a row with \(values.text)"))
            }
        }
        return ScriptVerdict(name: scene.name, line: scene.line, turns: conversation.turn, failures: failures)
    }

    /// What happens in a conversation, for whoever watches.
    package enum Event: Sendable {
        case caller(ConversationScript.Turn.Input)
        case agent(DialogueOutput)
    }

    private static func take(
        _ input: ConversationScript.Turn.Input, _ conversation: inout TextConversation,
        watching: (DialogueOutput) -> Void
    ) async throws -> DialogueReply {
        switch input {
        case .says(let text, let confidence):
            try await conversation.say(text, confidence: confidence, watching: watching)
        case .keys(let keys): try await conversation.send(.keysPressed(keys), watching: watching)
        case .mumbles: try await conversation.send(.callerNotUnderstood, watching: watching)
        case .silence(let count): try await conversation.send(.callerSilent(count: count), watching: watching)
        case .notReached(let reason): try await conversation.send(.notReached(reason: reason), watching: watching)
        }
    }

    private static func objections(
        to reply: DialogueReply, in turn: ConversationScript.Turn, model: ScriptedModel?
    ) -> [String] {
        var objections = turn.expected.objections(said: reply.text, calls: reply.calls.map(\.invocation))
        if let intent = turn.intent, reply.understanding?.intent != intent {
            let understood = reply.understanding.map { "`\($0.intent)`" } ?? "nothing"
            objections.append("the intent must be `\(intent)`; understood was \(understood)")
        }
        if let model {
            if model.unanswered > 0 {
                objections.append("the model was asked \(model.unanswered) times more than `model` has answers")
            }
            if model.left > 0 { objections.append("\(model.left) answers of `model` were never asked for") }
        }
        return objections
    }

    private func objection(to ending: DialogueReply.Ending?) -> String? {
        let found = ending?.text ?? "the line is still open"
        switch (scene.ending, ending) {
        case (nil, _), (.open, nil), (.hangUp, .hangUp), (.transfer(nil), .transfer): return nil
        case (.transfer(let wanted?), .transfer(let destination, _)) where wanted == destination: return nil
        case (.hangUp, _): return "the agent must hang up; \(found)"
        case (.open, _): return "the line must still be open; \(found)"
        case (.transfer(let destination), _):
            return "the agent must transfer\(destination.map { " to \($0)" } ?? ""); \(found)"
        }
    }
}

extension ConversationScript.Turn.Input {
    /// Whether it can happen after the agent's last word.
    fileprivate func follows(_ ending: DialogueReply.Ending) -> Bool {
        if case .notReached = self, case .transfer = ending { true } else { false }
    }
}

extension DialogueReply.Ending {
    package var text: String {
        switch self {
        case .hangUp(let reason): "it hung up (\(reason))"
        case .transfer(let destination, let reason): "it transferred to \(destination) (\(reason))"
        }
    }
}
