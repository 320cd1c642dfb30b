/// Asks another agent and keeps the line.
///
/// The colleague works with its own tools and under its own policies, and cannot ask others in turn.
struct ColleagueTool: Tool {
    static let name = "ask_colleague"
    /// The argument that asks while the conversation goes on.
    static let background = "background"

    let definition: ToolDefinition
    private let colleagues: [String: AgentDefinition]
    private let tools: [any Tool]
    private let environment: DialogueEnvironment

    init(_ colleagues: [AgentDefinition], tools: [any Tool], environment: DialogueEnvironment) {
        self.colleagues = Dictionary(colleagues.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.tools = tools
        var environment = environment
        environment.agents = [:]
        environment.hasCaller = false
        self.environment = environment
        let names = colleagues.map(\.name).sorted()
        let others = colleagues.map { "\($0.name): \($0.summary)" }.joined(separator: " ")
        definition = ToolDefinition(
            name: Self.name, summary: "Asks a colleague and returns the answer. \(others)",
            parameters: [
                "type": "object",
                "properties": [
                    "agent": ["type": "string", "enum": .array(names.map(JSONValue.string))],
                    "question": ["type": "string", "minLength": 1, "maxLength": 2000],
                    Self.background: [
                        "type": "boolean",
                        "description":
                            "True: go on with the caller meanwhile; the answer comes by itself, in a later turn.",
                    ],
                ], "required": ["agent", "question"], "additionalProperties": false,
            ], risk: .reversible, deadline: .seconds(30))
    }

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        guard let agent = colleagues[arguments["agent"]?.string ?? ""], let question = arguments["question"]?.string
        else { throw ToolError(.invalidArguments, tool: definition.name, detail: "there is no such colleague") }
        // Acts of the colleague have keys of their own under the asker's.
        var facts = context.call
        facts.callID = context.idempotencyKey
        let dialogue = agent.makeOwnDialogue(call: facts, tools: tools, environment: environment)
        var conversation = TextConversation(dialogue, call: facts)
        do {
            _ = try await conversation.start()
            let reply = try await conversation.say(question)
            guard !reply.text.isEmpty else {
                throw ToolError(.unavailable, tool: definition.name, detail: "\(agent.name) had no answer")
            }
            return ["agent": .string(agent.name), "answer": .string(reply.text)]
        } catch let error as ToolError {
            throw error
        } catch {
            throw ToolError(.unavailable, tool: definition.name, detail: "\(agent.name) had no answer: \(error)")
        }
    }
}
