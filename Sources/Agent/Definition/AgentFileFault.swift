/// One fault of an agent file: where it is, what is wrong, and what to do.
package struct AgentFileFault: Error, Sendable, Equatable, CustomStringConvertible {
    package var file: String
    /// From 1; 0 when the fault is of the file as a whole.
    package var line: Int
    /// From 1, in Unicode scalars; 0 when the fault is of the line or file as a whole.
    package var column: Int
    package var reason: String

    package init(file: String, line: Int = 0, column: Int = 0, reason: String) {
        self.file = file
        self.line = line
        self.column = column
        self.reason = reason
    }

    /// `receptionist.yaml:12:5: reason`.
    package var description: String {
        line == 0 ? "\(file): \(reason)" : "\(file):\(line):\(column): \(reason)"
    }
}

/// All faults of the agent files that were read, in the order of files and lines.
package struct AgentFileErrors: Error, Sendable, Equatable, CustomStringConvertible {
    package var faults: [AgentFileFault]

    package init(_ faults: [AgentFileFault]) {
        self.faults = faults
    }

    /// One fault per line.
    package var description: String { faults.map(\.description).joined(separator: "\n") }
}
