/// What a tool knows of the call it acts for.
package struct ToolContext: Sendable {
    package var call: CallFacts
    /// The same for every attempt at the same act: call, turn and tool.
    package var idempotencyKey: String

    package init(call: CallFacts, idempotencyKey: String) {
        self.call = call
        self.idempotencyKey = idempotencyKey
    }
}
