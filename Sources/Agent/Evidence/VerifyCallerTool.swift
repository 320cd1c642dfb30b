import Networking

/// Checks what the caller says of themselves. One of a call: it remembers the tries, and whether the caller is verified.
///
/// Neither the answers nor what is known is ever part of a result, an error, a log or a record.
final class VerifyCallerTool: Tool {
    static let name = "verify_caller"
    static let contactFacts = "contact_facts"

    let definition: ToolDefinition
    private let policy: VerificationPolicy
    private let tools: [any Tool]
    private let clock: any Clock<Duration>
    private let state: Lock<CallerVerification>

    /// - Parameter tools: those that know the answers.
    init(_ policy: VerificationPolicy, tools: [any Tool], clock: any Clock<Duration>) {
        self.policy = policy
        self.tools = tools
        self.clock = clock
        state = Lock(CallerVerification(tries: policy.tries))
        let names = policy.facts.map(\.name)
        definition = Self.definition(names)
    }

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
                        names.map { ($0, ["type": ["string", "integer"]] as JSONValue) },
                        uniquingKeysWith: { first, _ in first })),
                "required": .array(names.map(JSONValue.string)), "additionalProperties": false,
            ], risk: .read, deadline: .seconds(12), redacted: Set(names))
    }

    var isVerified: Bool { state.withLock(\.isVerified) }

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        guard state.withLock({ $0.triesLeft > 0 }) else { throw exhausted }
        var pairs: [(said: String, known: String?)] = []
        var answers: [String: ToolOutcome] = [:]
        for fact in policy.facts {
            let said = arguments[fact.name].map { $0.string ?? $0.text } ?? ""
            pairs.append((said, try await known(fact, arguments, context, &answers)))
        }
        switch state.withLock({ $0.judge(pairs) }) {
        case .verified: return ["verified": true]
        case .wrong(let left):
            throw ToolError(
                .conflict, tool: Self.name,
                detail: "what the caller said does not match what is known; tries left: \(left)")
        case .exhausted: throw exhausted
        }
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
                idempotencyKey: context.idempotencyKey + "/" + name)
            answers[key] = outcome
        }
        switch outcome {
        case .result(let result):
            if case .contactFact(let wanted) = fact.source {
                return result["facts"]?.array?.first { $0["name"]?.string == wanted }?["value"]?.string
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
