/// One call of a tool, as the journal records it.
package struct ToolInvocation: Sendable, Equatable {
    /// Unique within the call.
    package var id: String
    package var name: String
    package var arguments: JSONValue

    package init(id: String, name: String, arguments: JSONValue) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
