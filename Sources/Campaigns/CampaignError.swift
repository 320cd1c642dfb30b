/// Why something about a campaign cannot be done.
package struct CampaignError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, Codable {
        /// A file cannot be read, or what it says makes no sense.
        case badFile
        /// A definition asks for what cannot be.
        case badDefinition
        /// There is no campaign, contact or attempt of this name.
        case notFound
        /// The campaign is in a state in which that cannot be done.
        case wrongState
    }

    package let code: Code
    /// What it is about: a file with its line, a key, a name.
    package let subject: String
    /// What is wrong, and what would be right.
    package let reason: String

    package init(_ code: Code, _ subject: String, _ reason: String) {
        self.code = code
        self.subject = subject
        self.reason = reason
    }

    package var description: String { "\(subject): \(reason)" }
}
