/// Something an agent can do in the world.
package protocol Tool: Sendable {
    var definition: ToolDefinition { get }

    /// Does it. `arguments` satisfy the definition's schema.
    ///
    /// Called again with the same `context.idempotencyKey` it must have no second effect and return the first result.
    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue
}
