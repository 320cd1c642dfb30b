import Networking

/// Checks what the caller says of themselves. The call remembers the tries, and whether the caller is verified.
///
/// Neither the answers nor what is known is ever part of a result, an error, a log or a record.
final class VerifyCallerTool: Tool {
    static let name = "verify_caller"
    static let contactFacts = "contact_facts"

    let definition: ToolDefinition
    private let policy: VerificationPolicy
    private let tools: [any Tool]
    private let clock: any Clock<Duration>
    private let state: CallerVerifications.State
    private let hasCaller: Bool

    /// - Parameters:
    ///   - state: what the call knows of the agent's caller.
    ///   - hasCaller: false where nobody is on the line who could answer.
    ///   - tools: those that know the answers.
    init(
        _ policy: VerificationPolicy, state: CallerVerifications.State, hasCaller: Bool, tools: [any Tool],
        clock: any Clock<Duration>
    ) {
        self.policy = policy
        self.state = state
        self.hasCaller = hasCaller
        self.tools = tools
        self.clock = clock
        let names = policy.facts.map(\.name)
        definition = Self.definition(names)
    }

    private static let answer: JSONValue = [
        "type": ["string", "integer"], "description": "Figures as a string, with the zeros at their beginning.",
    ]

    /// As agents see it whose file asks for these answers.
    static func definition(_ names: [String]) -> ToolDefinition {
        ToolDefinition(
            name: name,
            summary:
                "Checks that the caller is who they say: give what they answered, never a guess. Say no answer back to them.",
            parameters: [
                "type": "object",
                "properties": .object(
                    Dictionary(
                        names.map { ($0, answer) },
                        uniquingKeysWith: { first, _ in first })),
                "required": .array(names.map(JSONValue.string)), "additionalProperties": false,
            ], risk: .read, deadline: .seconds(12), redacted: Set(names))
    }

    var isVerified: Bool { hasCaller && state.value.withLock(\.isVerified) }

    /// Whoever was verified stays so, and nobody has more tries for having been cut off.
    func recall(_ history: [RememberedEvent]) {
        for case .tool(let invocation, let outcome?) in history where invocation.name == Self.name && hasCaller {
            state.value.withLock { $0.recall(outcome) }
        }
    }

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        guard hasCaller else {
            throw ToolError(
                .notFound, tool: Self.name, detail: "no caller is on this line; whoever talks with them verifies them")
        }
        guard state.value.withLock({ $0.triesLeft > 0 }) else { throw exhausted }
        var pairs: [(said: String, known: String?)] = []
        var answers: [String: ToolOutcome] = [:]
        for fact in policy.facts {
            let known = try await known(fact, arguments, context, &answers)
            pairs.append((Self.said(arguments[fact.name], length: known?.count ?? 0), known))
        }
        switch state.value.withLock({ $0.judge(pairs) }) {
        case .verified: return ["verified": true]
        case .wrong(let left):
            throw ToolError(
                .conflict, tool: Self.name,
                detail: "what the caller said does not match what is known; tries left: \(left)")
        case .exhausted: throw exhausted
        }
    }

    /// An answer as text. A number has lost the zeros at its beginning, which `length` gives back.
    private static func said(_ answer: JSONValue?, length: Int) -> String {
        guard let answer else { return "" }
        if let text = answer.string { return text }
        guard let figure = answer.integer, figure >= 0 else { return answer.text }
        let text = String(figure)
        return String(repeating: "0", count: max(0, min(length, 20) - text.count)) + text
    }

    private var exhausted: ToolError {
        ToolError(
            .notFound, tool: Self.name,
            detail: "the caller could not be verified, and no further answer is looked at on this call")
    }

    /// What is known, nil where nothing is.
    ///
    /// - Throws: when whoever knows cannot be asked; that is no wrong answer, and costs no try.
    private func known(
        _ fact: VerificationPolicy.Fact, _ arguments: JSONValue, _ context: ToolContext,
        _ answers: inout [String: ToolOutcome]
    ) async throws(ToolError) -> String? {
        let (name, asked, path): (String, JSONValue, [String])
        switch fact.source {
        case .contactFact: (name, asked, path) = (Self.contactFacts, [:], [])
        case .tool(let tool, let templates, let field):
            let values = templates.mapValues { template in
                template.argument {
                    $0 == ["caller"] ? .string(context.call.callerNumber) : arguments.value(at: $0[...])
                }
            }
            (name, asked, path) = (tool, .object(values), field)
        }
        let key = "\(name)\(asked.text)"
        let outcome: ToolOutcome
        if let before = answers[key] {
            outcome = before
        } else {
            let runner = ToolRunner(tools: tools, call: context.call, clock: clock)
            outcome = await runner.run(
                ToolInvocation(id: "v", name: name, arguments: asked),
                idempotencyKey: "\(context.idempotencyKey)/\(name)/\(fact.name)")
            answers[key] = outcome
        }
        switch outcome {
        case .result(let result):
            if case .contactFact(let wanted) = fact.source {
                let noted = result["facts"]?.array?.first { $0["name"]?.string == wanted }
                // What was noted on a call is what some caller said.
                guard noted?["source"]?.string?.hasPrefix(VerificationPolicy.callSource) != true else { return nil }
                return noted?["value"]?.string
            }
            return result.value(at: path[...]).flatMap { $0 == .null ? nil : $0.string ?? $0.text }
        case .failure(let error):
            guard error.code == .notFound else {
                // Its own words may hold what it was asked.
                throw ToolError(
                    .unavailable, tool: Self.name, detail: "what is known of the caller cannot be looked up now")
            }
            return nil
        }
    }
}
