/// What a writer did so far, and how it stands. Counts of records since it was made.
package struct StoreWriterMetrics: Sendable, Equatable {
    /// Waiting in memory.
    package var queued: Int
    /// In the database, replayed ones among them.
    package var written: Int
    /// Transactions that stored them.
    package var batches: Int
    /// Put into the spill file.
    package var spilled: Int
    /// Brought from the spill file into the database.
    package var replayed: Int
    /// Refused by the schema; lost, and logged.
    package var rejected: Int
    /// Lost because queue or spill file was full, or the writer closed.
    package var dropped: Int
    /// Tries that met a locked database.
    package var retried: Int
    /// Bytes in the spill file that wait for the database.
    package var spillSize: Int
    /// The database does not take records at present.
    package var isFailing: Bool
}
