/// How far a database's schema is behind this program's.
package struct SchemaStanding: Sendable, Equatable {
    /// The newest step that it has taken; nil where it has no tables of ours yet.
    package let step: String?
    /// The steps that it takes when it is opened to be written to, in their order.
    package let pending: [String]

    package init(step: String?, pending: [String]) {
        self.step = step
        self.pending = pending
    }
}
