import Agent

/// What a person approves when they look at a step's report: it does nothing but say what is handed over, so that a review
/// of it is decided, changed and told of like any other.
struct TeamHandOver: Tool {
    static let name = "team_hand_over"

    let definition = ToolDefinition(
        name: Self.name, summary: "Hands a report over to the next step of a team.",
        parameters: [
            "type": "object",
            "properties": [
                "run": ["type": "string"], "step": ["type": "string"],
                "report": ["type": "string", "minLength": 1, "maxLength": 20000],
            ], "required": ["run", "step", "report"], "additionalProperties": false,
        ], risk: .reversible)

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        ["report": arguments["report"] ?? ""]
    }
}
