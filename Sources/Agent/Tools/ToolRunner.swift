/// Calls an agent's tools: arguments checked before, a deadline during, a typed outcome always.
struct ToolRunner: Sendable {
    private let tools: [String: any Tool]
    /// On whose behalf.
    var call: CallFacts
    private let clock: any Clock<Duration>

    init(tools: [any Tool], call: CallFacts, clock: any Clock<Duration>) {
        self.tools = Dictionary(tools.map { ($0.definition.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.call = call
        self.clock = clock
    }

    var definitions: [ToolDefinition] { tools.values.map(\.definition).sorted { $0.name < $1.name } }

    /// The call as it may be written down.
    func forRecord(_ invocation: ToolInvocation) -> ToolInvocation {
        guard let redacted = tools[invocation.name]?.definition.redacted, !redacted.isEmpty else { return invocation }
        var shown = invocation
        shown.arguments = invocation.arguments.redacted(redacted)
        return shown
    }

    /// Runs one call to its end. Cancelling the caller does not interrupt it: what a tool did must become known.
    ///
    /// - Parameter limit: a deadline that may be sooner than the tool's own.
    func run(
        _ invocation: ToolInvocation, idempotencyKey: String, within limit: Duration? = nil
    ) async -> ToolOutcome {
        guard let tool = tools[invocation.name] else {
            let known = tools.keys.sorted().joined(separator: ", ")
            return .failure(
                ToolError(.unavailable, tool: invocation.name, detail: "there is no such tool; known are: \(known)"))
        }
        var definition = tool.definition
        if let limit { definition.deadline = min(definition.deadline, limit) }
        let violations = JSONSchema(definition.parameters).violations(in: invocation.arguments)
        guard violations.isEmpty else {
            let reasons = violations.map(\.description).joined(separator: "; ")
            return .failure(ToolError(.invalidArguments, tool: invocation.name, detail: reasons))
        }
        let context = ToolContext(call: call, idempotencyKey: idempotencyKey)
        // A task of its own, so that the reply's cancellation does not reach it. The deadline bounds it.
        return await Task { [clock, definition] in
            await Self.race(tool, invocation.arguments, context, definition, clock)
        }.value
    }

    /// As ``run(_:idempotencyKey:within:)``; when it takes longer than `patience`, `isWaiting` is called, once, unless the
    /// reply was abandoned meanwhile.
    func run(
        _ invocation: ToolInvocation, idempotencyKey: String, patience: Duration?,
        isWaiting: @escaping @Sendable () -> Void
    ) async -> ToolOutcome {
        guard let patience else { return await run(invocation, idempotencyKey: idempotencyKey) }
        return await withTaskGroup(of: ToolOutcome?.self) { [clock] group in
            group.addTask { await run(invocation, idempotencyKey: idempotencyKey) }
            group.addTask {
                if (try? await clock.sleep(for: patience)) != nil { isWaiting() }
                return nil
            }
            for await case let outcome? in group {
                group.cancelAll()
                return outcome
            }
            return .failure(ToolError(.cancelled, tool: invocation.name, detail: "the call was given up"))
        }
    }

    /// The tool's outcome or the deadline's, whichever is first. A tool that ignores its cancellation is left behind.
    private static func race(
        _ tool: any Tool, _ arguments: JSONValue, _ context: ToolContext, _ definition: ToolDefinition,
        _ clock: any Clock<Duration>
    ) async -> ToolOutcome {
        let (outcomes, first) = AsyncStream.makeStream(of: ToolOutcome.self, bufferingPolicy: .bufferingOldest(1))
        let work = Task {
            do throws(ToolError) {
                first.yield(.result(try await tool.call(arguments, context: context)))
            } catch {
                first.yield(.failure(error))
            }
        }
        let timer = Task {
            guard (try? await clock.sleep(for: definition.deadline)) != nil else { return }
            let detail = "no answer within \(definition.deadline)"
            first.yield(.failure(ToolError(.deadlineExceeded, tool: definition.name, detail: detail)))
        }
        defer {
            work.cancel()
            timer.cancel()
        }
        for await outcome in outcomes { return outcome }
        return .failure(ToolError(.cancelled, tool: definition.name, detail: "the call was given up"))
    }
}
