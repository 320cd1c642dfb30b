/// What a query found.
package struct QueryResult: Sendable, Equatable {
    package var rows: [[String: QueryValue]]
    /// There was more than its limits allow.
    package var isCut: Bool

    package init(rows: [[String: QueryValue]], isCut: Bool) {
        self.rows = rows
        self.isCut = isCut
    }
}
