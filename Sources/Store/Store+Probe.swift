import Foundation

extension Store {
    /// Proves that records can be written: the lock can be had, the file and its disk take a page more.
    ///
    /// Writes for real, for a transaction that is rolled back never reaches the disk. Costs a few pages in the write-ahead
    /// log and no wait for the disk.
    package func proveWritable() async throws(StoreError) {
        try await write("write to the database", path) { db in
            // More than what is left over on a page, so that the file has to have or get a free one.
            try db.execute(sql: "INSERT INTO probe (bytes) VALUES (?)", arguments: [Data(count: 8192)])
            try db.execute(sql: "DELETE FROM probe")
        }
    }
}
