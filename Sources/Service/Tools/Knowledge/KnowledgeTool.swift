import Agent
import Store

/// Looks things up in the documents, and says where each passage is from.
struct KnowledgeTool: Tool {
    let store: Store
    /// Nil where passages stay in the order of their words.
    var ranker: PassageRanker?
    let definition = ToolDefinition(
        name: "knowledge_search",
        summary: "Looks something up in the house's documents. Answer with what the passages say, and name the source.",
        parameters: [
            "type": "object", "properties": ["question": ["type": "string", "minLength": 2, "maxLength": 400]],
            "required": ["question"], "additionalProperties": false,
        ], risk: .read)

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        let question = arguments["question"]?.string ?? ""
        let passages: [RankedPassage]
        do throws(StoreError) {
            passages = try await KnowledgeSearch(store: store, ranker: ranker).passages(about: question).passages
        } catch {
            throw ToolError(.unavailable, tool: definition.name, detail: "\(error)")
        }
        guard !passages.isEmpty else {
            throw ToolError(.notFound, tool: definition.name, detail: "no document says anything about this")
        }
        return [
            "passages": .array(
                passages.map(\.passage).map { passage in
                    [
                        "source": .string(passage.source), "title": .string(passage.title),
                        "heading": .string(passage.heading), "text": .string(passage.text),
                    ]
                })
        ]
    }
}
