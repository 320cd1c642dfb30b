import Agent
import Store

/// Remembers acts of tools in the store, so that none is done twice even across the end of a process.
struct StoredActLedger: ToolActLedger {
    let store: Store
    /// Of what came of an act.
    var mask = PersonalDataMask()

    func begin(key: String, tool: String) async throws -> ToolActState {
        switch try await store.beginAct(key: key, tool: tool) {
        case .fresh: .fresh
        case .unclear: .unclear
        case .done(let text): .done((try? JSONValue(parsing: text)) ?? .null)
        }
    }

    func finish(key: String, result: JSONValue) async throws {
        try await store.finishAct(key: key, result: mask.maskJSON(result.text))
    }

    func abandon(key: String) async throws { try await store.abandonAct(key: key) }
}
