/// Calls one tool for a person who approved it: arguments checked, deadline and all.
package struct ApprovedAct: Sendable {
    private let runner: ToolRunner
    private let name: String

    package init(tool: any Tool, call: CallFacts, clock: any Clock<Duration> = ContinuousClock()) {
        name = tool.definition.name
        runner = ToolRunner(tools: [tool], call: call, clock: clock)
    }

    package func perform(_ arguments: JSONValue, key: String) async -> ToolOutcome {
        await runner.run(ToolInvocation(id: key, name: name, arguments: arguments), idempotencyKey: key)
    }
}
