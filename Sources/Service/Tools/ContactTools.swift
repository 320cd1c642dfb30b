import Agent
import Foundation
import Store

/// What is known of a contact across calls, as tools. The contact is whoever is on the line.
enum ContactTools {
    /// - Parameters:
    ///   - mask: of what is noted.
    ///   - agents: whose callers prove themselves with facts that no call may note.
    static func all(
        _ store: Store, mask: PersonalDataMask = PersonalDataMask(),
        agents: @escaping @Sendable () -> [String: AgentDefinition] = { [:] }
    ) -> [any Tool] {
        [ContactFactsTool(store: store), ContactNoteTool(store: store, mask: mask, agents: agents)]
    }

    /// Whom a call is with.
    fileprivate static func contact(_ context: ToolContext, _ tool: String) throws(ToolError) -> String {
        guard !context.call.callerNumber.isEmpty else {
            throw ToolError(
                .notFound, tool: tool, detail: "the caller's number is withheld, so nothing is known of them")
        }
        return context.call.callerNumber
    }
}

private struct ContactFactsTool: Tool {
    let store: Store
    let definition = ToolDefinition(
        name: "contact_facts", summary: "Tells what is known of the caller from earlier calls.",
        parameters: ["type": "object", "properties": [:], "additionalProperties": false], risk: .read)

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        let contact = try ContactTools.contact(context, definition.name)
        do throws(StoreError) {
            let facts = try await store.facts(of: contact)
            return [
                "facts": .array(
                    facts.map {
                        [
                            "name": .string($0.name), "value": .string($0.value), "source": .string($0.source),
                            "noted": .string($0.notedAt.formatted(.iso8601)),
                        ]
                    })
            ]
        } catch {
            throw ToolError(.unavailable, tool: definition.name, detail: "\(error)")
        }
    }
}

private struct ContactNoteTool: Tool {
    let store: Store
    let mask: PersonalDataMask
    let agents: @Sendable () -> [String: AgentDefinition]
    let definition = ToolDefinition(
        name: "contact_note", summary: "Notes a fact about the caller for later calls.",
        parameters: [
            "type": "object",
            "properties": [
                "name": ["type": "string", "pattern": "^[a-z][a-z0-9_]{0,40}$"],
                "value": ["type": "string", "minLength": 1, "maxLength": 500],
            ], "required": ["name", "value"], "additionalProperties": false,
        ], risk: .reversible)

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        let contact = try ContactTools.contact(context, definition.name)
        let name = arguments["name"]?.string ?? ""
        guard !agents().values.contains(where: { $0.verification?.contactFacts.contains(name) == true }) else {
            throw ToolError(
                .conflict, tool: definition.name,
                detail: "callers prove who they are with `\(name)`, so it is not taken from a call; use another name")
        }
        do throws(StoreError) {
            try await store.note(
                ContactFact(
                    contact: contact, name: name, value: mask.mask(arguments["value"]?.string ?? ""),
                    source: VerificationPolicy.callSource + context.call.callID, notedAt: Date()))
            return ["noted": .string(name)]
        } catch {
            throw ToolError(
                error.code == .rejected ? .conflict : .unavailable, tool: definition.name, detail: error.detail)
        }
    }
}
