/// Why something in an agent could not be done.
package struct AgentError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, Codable {
        /// Text that should be JSON is not.
        case invalidJSON
        /// The agent names a model provider that the configuration lacks.
        case unknownProvider
        /// The agent cannot be run as it is defined.
        case invalidAgent
    }

    package let code: Code
    /// What was being done, as a verb and its object.
    package let operation: String
    /// What it was done to.
    package let subject: String
    /// The library's own text, or what to do about it.
    package let detail: String

    package init(_ code: Code, operation: String, subject: String, detail: String) {
        self.code = code
        self.operation = operation
        self.subject = subject
        self.detail = detail
    }

    package var description: String { "could not \(operation) (\(subject)): \(detail)" }
}
