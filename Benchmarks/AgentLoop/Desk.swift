import Agent
import Foundation
import Logging

/// The shipped agent `support` with documents that answer at once.
struct Desk: Sendable {
    let agent: AgentDefinition

    init() throws {
        agent = try AgentDefinition.load(file: URL(fileURLWithPath: "config/agents/support.yaml"))
    }

    private struct Documents: Tool {
        let definition = ToolDefinition(
            name: "knowledge_search", summary: "Looks something up in the house's documents.",
            parameters: [
                "type": "object", "properties": ["question": ["type": "string", "minLength": 2, "maxLength": 400]],
                "required": ["question"], "additionalProperties": false,
            ], risk: .read)

        func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
            let text =
                "Orders over fifty dollars can be sent back within thirty days of their arrival. The label is free, and the "
                + "money is paid back within ten days to the card that was used. Opened items are taken back at half their price."
            return ["passages": [["source": "returns.md", "heading": "Returns", "text": .string(text)]]]
        }
    }

    func conversation(_ model: any LanguageModel, _ number: Int) throws -> TextConversation {
        guard case .model(let settings) = agent.engine else { throw Wrong() }
        let call = CallFacts(callID: "c\(number)", callerNumber: "+15550100")
        let dialogue = agent.makeDialogue(
            call: call, tools: [Documents()],
            environment: DialogueEnvironment(
                models: Dictionary(settings.providers.map { ($0, model) }) { $1 },
                logger: Logger(label: "loop", factory: { _ in SwiftLogNoOpLogHandler() })))
        return TextConversation(dialogue, call: call)
    }

    private struct Wrong: Error {}
}
