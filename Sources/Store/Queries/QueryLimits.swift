/// How much one query may take.
package struct QueryLimits: Sendable, Equatable {
    /// Rows that are returned; the others are not read.
    package var rows: Int
    /// Bytes of all values that are returned.
    package var bytes: Int
    /// From the call to its last row, waiting for a lock included.
    package var time: Duration

    package init(rows: Int, bytes: Int, time: Duration) {
        self.rows = rows
        self.bytes = bytes
        self.time = time
    }
}
