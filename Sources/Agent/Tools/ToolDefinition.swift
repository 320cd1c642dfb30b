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
    /// Arguments that no journal, transcript or terminal gets to see, such as a card's number.
    package var redacted: Set<String>

    package init(
        name: String, summary: String, parameters: JSONValue, risk: Risk, deadline: Duration = .seconds(5),
        redacted: Set<String> = []
    ) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.risk = risk
        self.deadline = deadline
        self.redacted = redacted
    }
}
