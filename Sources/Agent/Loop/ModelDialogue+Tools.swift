extension ModelDialogue {
    private static let endCall = ToolDefinition(
        name: "end_call", summary: "Ends the call. Say goodbye first.",
        parameters: ["type": "object", "properties": [:], "additionalProperties": false], risk: .reversible)
    private static let transferCall = ToolDefinition(
        name: "transfer_to_person", summary: "Hands the caller to a person. Tell the caller first.",
        parameters: [
            "type": "object", "properties": ["reason": ["type": "string"]], "additionalProperties": false,
        ], risk: .reversible)

    private var transferDestination: String? {
        for case .transfer(let destination, _) in agent.escalation { return destination }
        return nil
    }

    /// What ends a turn in the loop itself.
    var ownTools: [ToolDefinition] {
        [Self.endCall] + (transferDestination == nil ? [] : [Self.transferCall])
    }

    /// Runs what the model selected: reads side by side, everything else one after the other.
    func run(_ calls: [ModelToolCall], _ outputs: Outputs) async {
        let definitions = Dictionary(runner.definitions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let reads = calls.filter { definitions[$0.name]?.risk == .read }
        if calls.count > 1, reads.count == calls.count {
            await withTaskGroup(of: Void.self) { group in
                for call in calls { group.addTask { await self.run(call, definitions[call.name], outputs) } }
            }
            return
        }
        for call in calls {
            guard !Task.isCancelled, !hasEnded else { return }
            await run(call, definitions[call.name], outputs)
        }
    }

    private func run(_ call: ModelToolCall, _ definition: ToolDefinition?, _ outputs: Outputs) async {
        if call.name == Self.endCall.name {
            context.add(result: #"{"ended":true}"#, of: call.id)
            end(.hangUp(reason: "the agent ended the call"), outputs)
            return
        }
        if call.name == Self.transferCall.name, let destination = transferDestination {
            context.add(result: #"{"transferred":true}"#, of: call.id)
            let reason = call.arguments?["reason"]?.string ?? "the agent asked for a person"
            end(.transfer(destination: destination, reason: reason), outputs)
            return
        }
        guard let arguments = call.arguments else {
            context.add(result: Self.failure("invalidArguments", "the arguments are no JSON"), of: call.id)
            return
        }
        // The stricter of what the tool and the agent's author say.
        let risks: [ToolDefinition.Risk] = [.read, .reversible, .irreversible]
        let declared = [definition?.risk, agent.tools[call.name]].compactMap(\.self)
        let risk = risks.last { declared.contains($0) } ?? .irreversible
        if definition != nil, case .refuse(let reason) = guardian.verdict(on: call, risk: risk) {
            context.add(result: Self.failure("refused", reason), of: call.id)
            return
        }
        invocations += 1
        let invocation = ToolInvocation(id: "t\(invocations)", name: call.name, arguments: arguments)
        let key = "\(self.call.callID)/\(turn)/\(call.name)" + keySuffix(call)
        outputs.yield(.toolStarted(invocation))
        let outcome = await runner.run(invocation, idempotencyKey: key)
        outputs.yield(.toolFinished(invocation, outcome))
        let result =
            switch outcome {
            case .result(let value): value.text
            case .failure(let error): Self.failure(error.code.rawValue, error.detail)
            }
        guardian.note(call, result: result)
        context.add(result: Self.capped(result), of: call.id)
    }

    /// Different acts of one tool in one turn have different keys; the same act has the same one.
    private func keySuffix(_ call: ModelToolCall) -> String {
        if callsInTurn.turn != turn { callsInTurn = (turn, [:]) }
        let act = call.arguments?.text ?? ""
        var acts = callsInTurn.acts[call.name] ?? []
        let index = acts.firstIndex(of: act) ?? acts.count
        if index == acts.count { acts.append(act) }
        callsInTurn.acts[call.name] = acts
        return index == 0 ? "" : "#\(index + 1)"
    }

    private static func failure(_ code: String, _ detail: String) -> String {
        JSONValue.object(["error": .string(code), "detail": .string(detail)]).text
    }

    /// A tool may answer more than a model should read.
    private static func capped(_ result: String) -> String {
        let limit = 16 * 1024
        return result.utf8.count <= limit ? result : String(result.prefix(limit)) + " … (cut)"
    }
}
