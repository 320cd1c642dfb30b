/// What a statement takes and gives.
package struct QueryShape: Sendable, Equatable {
    /// The names of its parameters, without their colon.
    package var parameters: Set<String>
    /// The names of its columns, as the engine will write them in rows.
    package var columns: [String]

    package init(parameters: Set<String>, columns: [String]) {
        self.parameters = parameters
        self.columns = columns
    }
}
