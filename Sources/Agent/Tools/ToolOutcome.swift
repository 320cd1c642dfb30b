/// How one call of a tool ended.
package enum ToolOutcome: Sendable, Equatable {
    case result(JSONValue)
    case failure(ToolError)
}
