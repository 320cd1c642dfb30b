package import Foundation
import GRDB

extension Store {
    /// What a clean-up removed.
    package struct Removal: Sendable, Equatable {
        package var calls: Int
        package var files: Int
        package var incidents: Int
    }

    /// Deletes calls that began before `moment` and have ended, with all that belongs to them and their recordings'
    /// files, and incidents of that time.
    ///
    /// Files go first: after a failure in between the record still says what is left to delete, and the next run does
    /// it. A file that is gone already counts as deleted. Works in small transactions, so that calls' records get
    /// through.
    /// - Throws: ``StoreError`` with `notWritable` when a file cannot be deleted; what was deleted by then stays
    ///   deleted.
    package func deleteCalls(before moment: Date) async throws(StoreError) -> Removal {
        let moment = moment.storedMilliseconds
        var removal = Removal(calls: 0, files: 0, incidents: 0)
        while true {
            let ids = try await read("find old calls", path) { db in
                try String.fetchAll(
                    db,
                    sql:
                        """
                        SELECT id FROM calls WHERE started_at < ? AND ended_at IS NOT NULL
                        ORDER BY started_at LIMIT 100
                        """,
                    arguments: [moment])
            }
            guard !ids.isEmpty else { break }
            for id in ids { removal.files += try await deleteFiles(ofCall: id) }
            removal.calls += try await write("delete old calls", path) { db in
                for id in ids { try db.cachedStatement(sql: "DELETE FROM calls WHERE id = ?").execute(arguments: [id]) }
                return ids.count
            }
        }
        removal.incidents = try await write("delete old incidents", path) { db in
            try db.execute(sql: "DELETE FROM incidents WHERE happened_at < ?", arguments: [moment])
            return db.changesCount
        }
        return removal
    }

    /// - Returns: how many there were.
    private func deleteFiles(ofCall id: String) async throws(StoreError) -> Int {
        let paths = try await read("find recordings", id) { db in
            try String.fetchSet(
                db,
                sql: """
                    SELECT path FROM recordings WHERE call_id = ?1
                    UNION SELECT recording_path FROM calls WHERE id = ?1 AND recording_path IS NOT NULL
                    """,
                arguments: [id])
        }
        var count = 0
        for path in paths where FileManager.default.fileExists(atPath: path) {
            do {
                try FileManager.default.removeItem(atPath: path)
                count += 1
            } catch {
                throw StoreError(
                    .notWritable, operation: "delete a recording", subject: path, detail: error.localizedDescription)
            }
        }
        return count
    }
}
