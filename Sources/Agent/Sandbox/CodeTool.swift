import Foundation
import Synchronization

/// Runs a program that a model wrote, in a sandbox, and tells what it printed.
package final class CodeTool: Tool {
    package let definition: ToolDefinition
    private let code: CodeSandbox
    private let running = Atomic<Int>(0)

    package init(_ code: CodeSandbox) {
        definition = code.definition
        self.code = code
    }

    /// How a program ended, in words for a model.
    enum Outcome: String {
        case finished
        /// With a status other than 0; its errors say why.
        case failed
        case timeLimit = "time_limit"
        case cpuLimit = "cpu_limit"
        case outputLimit = "output_limit"
        /// By the kernel, for memory or time, or by itself.
        case killed
    }

    /// Looks whether the interpreter runs in the sandbox.
    ///
    /// - Throws: a fault of the file, with what to do.
    package func probe() async throws(AgentFileErrors) {
        let reason: String
        do throws(Sandbox.Unavailable) {
            try await code.sandbox.probe()
            let result = try await code.sandbox.run([code.interpreter, "--version"])
            if result.end == .exited(0) { return }
            reason =
                "\(code.interpreter) does not run in the sandbox (\(result.end)): "
                + String(decoding: result.errors.prefix(400), as: UTF8.self)
        } catch {
            reason = "\(error)"
        }
        throw AgentFileErrors([AgentFileFault(file: code.file, line: code.line, column: 1, reason: reason)])
    }

    package func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        guard running.wrappingAdd(1, ordering: .relaxed).newValue <= code.concurrent else {
            running.wrappingSubtract(1, ordering: .relaxed)
            throw ToolError(
                .unavailable, tool: definition.name, detail: "\(code.concurrent) programs run already; try again")
        }
        defer { running.wrappingSubtract(1, ordering: .relaxed) }
        let result: ProcessResult
        do {
            let program = try UnnamedFile(Data((arguments["code"]?.string ?? "").utf8))
            result = try await code.sandbox.run([code.interpreter] + code.arguments, input: program.handle)
        } catch {
            throw ToolError(.unavailable, tool: definition.name, detail: "\(error)")
        }
        if result.end == .cancelled { throw ToolError(.cancelled, tool: definition.name, detail: "it was given up") }
        let (outcome, status) = Self.outcome(result.end)
        var answer: [String: JSONValue] = [
            "outcome": .string(outcome.rawValue), "output": .string(String(decoding: result.output, as: UTF8.self)),
        ]
        if let status { answer["status"] = .integer(Int(status)) }
        if result.isCut { answer["cut"] = "its output did not end with it; there may be more" }
        // The end of it says what went wrong.
        let errors = String(decoding: result.errors, as: UTF8.self)
        if !errors.isEmpty { answer["errors"] = .string(String(errors.suffix(2000))) }
        return .object(answer)
    }

    /// Bubblewrap tells of a signal as shells do, by 128 more than its number.
    static func outcome(_ end: ProcessResult.End) -> (Outcome, status: Int32?) {
        switch end {
        case .exited(0): (.finished, 0)
        case .exited(128 + 24): (.cpuLimit, nil)
        case .exited(128 + 9), .signalled, .cancelled: (.killed, nil)
        case .exited(let status): (.failed, status)
        case .time: (.timeLimit, nil)
        case .output: (.outputLimit, nil)
        }
    }
}
