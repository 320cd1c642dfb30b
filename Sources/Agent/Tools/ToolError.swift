/// Why a tool did not do its work.
package struct ToolError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, Codable, CaseIterable {
        /// The arguments do not satisfy the schema or the world ("no such doctor").
        case invalidArguments
        /// The world changed under us ("the slot was taken meanwhile").
        case conflict
        /// Nothing to act upon ("no appointment under that name").
        case notFound
        case unavailable
        case deadlineExceeded
        case cancelled
        /// A person has to approve it first; it was filed.
        case awaitsApproval

        /// Whether the tool did not work: not that the caller wished for what cannot be, or that a person has to agree.
        package var isFailure: Bool { self == .unavailable || self == .deadlineExceeded }

        /// The code of an error, by its description.
        package init?(ofErrorDescribed description: String) {
            let parts = description.split(separator: ": ", maxSplits: 2)
            guard parts.count == 3, parts[0].hasPrefix("tool ") else { return nil }
            self.init(rawValue: String(parts[1]))
        }
    }

    package let code: Code
    package let tool: String
    package let detail: String

    package init(_ code: Code, tool: String, detail: String) {
        self.code = code
        self.tool = tool
        self.detail = detail
    }

    package var description: String { "tool \(tool): \(code.rawValue): \(detail)" }
}
