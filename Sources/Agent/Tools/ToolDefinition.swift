/// What a tool is called, what it takes, how bad a wrong call would be, and how long it may take.
package struct ToolDefinition: Sendable, Equatable {
    /// How bad a wrong call would be.
    package enum Risk: String, Sendable, Codable, CaseIterable {
        case read, reversible, irreversible
    }

    /// `[A-Za-z0-9_-]{1,64}`.
    package var name: String
    package var summary: String
    /// JSON Schema of the arguments, an object.
    package var parameters: JSONValue
    package var risk: Risk
    /// How long one call may take.
    package var deadline: Duration

    package init(
        name: String, summary: String, parameters: JSONValue, risk: Risk, deadline: Duration = .seconds(5)
    ) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.risk = risk
        self.deadline = deadline
    }
}
