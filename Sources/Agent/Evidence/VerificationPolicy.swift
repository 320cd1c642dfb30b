/// What a caller must know for the agent to take them for who they are.
package struct VerificationPolicy: Sendable, Equatable {
    /// One thing that the caller says and that is known of them.
    package struct Fact: Sendable, Equatable {
        /// As the caller's answer is called: an argument of `verify_caller`.
        package var name: String
        package var source: Source
    }

    /// Where the right answer is.
    package enum Source: Sendable, Equatable {
        /// What is noted of the contact under this name.
        case contactFact(String)
        /// In the result of a tool, given the caller's number and these other answers.
        case tool(String, arguments: [String: Template], field: [String])
    }

    /// All of them must be right.
    package var facts: [Fact]
    /// Wrong answers before no further one is looked at, 1...10.
    package var tries: Int

    /// Begins the source of a fact that was noted on a call. It is what a caller said, and proves nothing.
    package static let callSource = "call "

    /// The facts of contacts that callers are compared with.
    package var contactFacts: Set<String> {
        Set(facts.compactMap { if case .contactFact(let name) = $0.source { name } else { nil } })
    }

    /// The tools that know the answers. The agent cannot call them for it.
    var tools: Set<String> {
        Set(
            facts.map {
                switch $0.source {
                case .contactFact: VerifyCallerTool.contactFacts
                case .tool(let name, _, _): name
                }
            })
    }
}
