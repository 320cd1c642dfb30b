package import Foundation
import Yams

/// An interpreter in a sandbox, as a tool of agents, read from a file in `config/tools`.
package struct CodeSandbox: Sendable {
    package var definition: ToolDefinition
    package var file: String
    package var line: Int
    /// An absolute path.
    package var interpreter: String
    /// With which it reads a program from its standard input.
    package var arguments: [String]
    package var sandbox: Sandbox
    /// Programs at a time; further ones are refused.
    package var concurrent: Int
    package var missing: [String]

    /// Characters of a program at most.
    private static let longestProgram = 20_000

    private static let keys: Set<String> = [
        "sandbox", "summary", "interpreter", "arguments", "read_only", "timeout", "cpu", "memory_mb",
        "processes", "files_mb", "max_bytes", "concurrent",
    ]

    /// - Throws: all faults of the file, with lines.
    package init(yaml bytes: Data, file: String, environment: [String: String]) throws(AgentFileErrors) {
        let (opened, root, fields) = try ConnectorReader.open(
            bytes, file: file, environment: environment, as: "the sandbox", keys: Self.keys,
            required: ["sandbox", "summary"])
        var reader = opened
        self.file = file
        line = fields["sandbox"]?.mark?.line ?? 1
        let name = reader.reader.text(fields["sandbox"], "`sandbox`") ?? ""
        reader.checkToolName(name, at: fields["sandbox"] ?? root)
        let program = reader.expanded(fields["interpreter"], "`interpreter`") ?? "/usr/bin/python3"
        interpreter = program
        arguments = reader.reader.texts(fields["arguments"], "`arguments`").map(\.text)
        if fields["arguments"] == nil { arguments = ["-I", "-B", "-"] }
        let readable = reader.reader.texts(fields["read_only"], "`read_only`")
        for (node, path) in readable + (fields["interpreter"].map { [($0, program)] } ?? [])
        where !path.hasPrefix("/") {
            reader.reader.fault(node, "`\(path)` must be an absolute path")
        }
        var limits = SandboxLimits()
        limits.time = reader.reader.seconds(fields["timeout"], "`timeout`", in: 0.5...60) ?? limits.time
        limits.cpuSeconds = reader.reader.integer(fields["cpu"], "`cpu`", in: 1...60) ?? limits.cpuSeconds
        let (memory, files) = (fields["memory_mb"], fields["files_mb"])
        limits.memory = reader.reader.integer(memory, "`memory_mb`", in: 32...4096).map { $0 << 20 } ?? limits.memory
        limits.files = reader.reader.integer(files, "`files_mb`", in: 1...1024).map { $0 << 20 } ?? limits.files
        limits.processes = reader.reader.integer(fields["processes"], "`processes`", in: 1...64) ?? limits.processes
        limits.output = reader.reader.integer(fields["max_bytes"], "`max_bytes`", in: 256...262_144) ?? limits.output
        concurrent = reader.reader.integer(fields["concurrent"], "`concurrent`", in: 1...64) ?? 2
        sandbox = Sandbox(limits: limits, readable: readable.map(\.text))
        definition = ToolDefinition(
            name: name, summary: reader.reader.text(fields["summary"], "`summary`") ?? "",
            parameters: [
                "type": "object",
                "properties": [
                    "code": ["type": "string", "minLength": 1, "maxLength": .integer(Self.longestProgram)]
                ], "required": ["code"], "additionalProperties": false,
            ], risk: .read,
            // The sandbox's own end comes first, and says more.
            deadline: limits.time + .seconds(2))
        missing = reader.missing.sorted()
        try reader.close()
    }
}
