import Agent
import Foundation
import Store

/// Keeps what a caller says after the agent could not help: one message a call, stored as it comes.
struct VoicemailTool: Tool {
    let store: Store
    let mask: PersonalDataMask
    let webhooks: WebhookRoster

    let definition = ToolDefinition(
        name: "voicemail_take", summary: "Keeps the message that the caller leaves for a person.",
        parameters: [
            "type": "object",
            "properties": [
                "words": ["type": "string", "maxLength": 20000],
                "reason": ["type": "string", "maxLength": 500],
                "from_ms": ["type": "integer", "description": "Milliseconds since 1970 at which it began."],
                "to_ms": ["type": "integer"],
                "whole": ["type": "boolean", "description": "Whether the caller has come to the end."],
            ], "required": ["words", "from_ms", "to_ms"], "additionalProperties": false,
        ], risk: .reversible)

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        func date(_ name: String) -> Date {
            Date(timeIntervalSince1970: Double(arguments[name]?.integer ?? 0) / 1000)
        }
        let message = VoicemailRecord(
            callID: context.call.callID, number: context.call.callerNumber,
            words: mask.mask(arguments["words"]?.string ?? ""), reason: mask.mask(arguments["reason"]?.string ?? ""),
            state: arguments["whole"]?.bool == false ? .taking : .new, begunAt: date("from_ms"), endedAt: date("to_ms"))
        do throws(StoreError) {
            try await store.keep(message) { [webhooks] in webhooks.voicemailTaken($0) }
            return ["kept": true]
        } catch {
            throw ToolError(.unavailable, tool: definition.name, detail: "\(error)")
        }
    }
}
