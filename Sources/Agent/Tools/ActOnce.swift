/// Does an act of a tool at most once for a key, with the help of a ledger. What only reads is simply done.
struct ActOnce: Sendable {
    let ledger: any ToolActLedger
    let definition: ToolDefinition
    /// Whether doing it again cannot do it twice.
    let isRepeatable: Bool

    /// - Parameter act: does it. A failure with `deadlineExceeded` means that nobody knows whether it was done.
    func perform(
        key: String, _ act: () async -> Result<JSONValue, ToolError>
    ) async throws(ToolError) -> JSONValue {
        guard definition.risk != .read else { return try await act().get() }
        let known: ToolActState
        do { known = try await ledger.begin(key: key, tool: definition.name) } catch {
            throw ToolError(
                .unavailable, tool: definition.name, detail: "the act could not be noted before it was done: \(error)")
        }
        switch known {
        case .done(let result): return result
        case .unclear where !isRepeatable:
            throw ToolError(
                .deadlineExceeded, tool: definition.name,
                detail: "an earlier attempt may have succeeded; look before it is done again")
        case .fresh, .unclear: break
        }
        switch await act() {
        case .success(let result):
            // Done, whatever becomes of the note: a result that cannot be kept is still the result.
            try? await ledger.finish(key: key, result: result)
            return result
        case .failure(let error):
            // After a lost answer the act stays noted as begun, for nobody knows.
            if error.code != .deadlineExceeded { try? await ledger.abandon(key: key) }
            throw error
        }
    }
}
