/// One step of the work around a call: an agent gets a task, and what it reports is handed over to the next.
package struct TeamStep: Sendable, Equatable, Codable {
    /// Whether a person looks at what is handed over.
    package enum Review: String, Sendable, Codable, CaseIterable {
        /// Nobody does; short of its confidence the step has failed.
        case never
        /// A person does where the step falls short of its confidence.
        case below
        /// A person does each time.
        case always
    }

    /// Unique within the plan, `[a-z0-9_]+`; later tasks name the report by it.
    package var name: String
    /// Who does it.
    package var agent: String
    /// The task in words, with values in braces.
    package var goal: String
    /// A report less certain than this is not simply handed over, 0...1, see ``TeamReport/confidence``.
    package var minConfidence: Double
    package var review: Review
    /// How long a person has to look, in hours.
    package var reviewHours: Double
    /// Whether the others go on without it when it fails.
    package var isOptional: Bool

    /// The values its task needs, in the order they are named.
    package var needs: [String] { (try? Template(goal))?.references.compactMap(\.path.first) ?? [] }

    /// The task with its values.
    ///
    /// - Returns: nil where the task names a value that is not there.
    package func task(with values: [String: String]) -> String? {
        guard let template = try? Template(goal), needs.allSatisfy({ values[$0] != nil }) else { return nil }
        return template.argument { path in values[path[0]].map(JSONValue.string) }.string ?? goal
    }
}
