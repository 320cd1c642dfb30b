package import Foundation

extension Store {
    /// What a clean-up removed.
    package struct Removal: Sendable, Equatable {
        package var calls: Int
        package var files: Int
        package var incidents: Int
        /// Reviews that are over, what is remembered of acts, messages, and facts of contacts.
        package var acts: Int

        package init(calls: Int = 0, files: Int = 0, incidents: Int = 0, acts: Int = 0) {
            self.calls = calls
            self.files = files
            self.incidents = incidents
            self.acts = acts
        }

        /// Nothing was old enough.
        package var isNothing: Bool { self == Removal() }
    }

    /// Deletes calls that began before `moment`, with all that belongs to them and their recordings' files, and incidents,
    /// teams' runs, reviews, acts, messages and facts of contacts of that time. Also those without an end, which a process that died left behind.
    ///
    /// Files go first: after a failure in between the record still says what is left to delete, and the next run does
    /// it. A file that is gone already counts as deleted. Works in small transactions, so that calls' records get
    /// through.
    /// - Parameters:
    ///   - live: calls that are on the line; they stay.
    ///   - recordings: the folder of the recordings; a call without an end has its file there, and no row that says so.
    /// - Throws: ``StoreError`` with `notWritable` when a file cannot be deleted; what was deleted by then stays
    ///   deleted.
    package func deleteCalls(
        before moment: Date, except live: Set<String> = [], recordings: String? = nil
    ) async throws(StoreError) -> Removal {
        var removal = Removal()
        while true {
            let ids = try await oldCalls(before: moment, except: live, where: "true")
            guard !ids.isEmpty else { break }
            for id in ids { removal.files += try await deleteFiles(ofCall: id, in: recordings) }
            removal.calls += try await write("delete old calls", path) { db in
                for id in ids {
                    try db.execute(sql: "DELETE FROM calls WHERE id = ?", arguments: [id])
                    // What was told of it holds what was said.
                    try db.execute(sql: "DELETE FROM webhook_deliveries WHERE stream = ?", arguments: [id])
                }
                return ids.count
            }
        }
        removal.incidents = try await write("delete old incidents", path) { db in
            try Self.deleteTeamRuns(before: moment, in: db)
            try Self.deleteCallbacks(before: moment, in: db)
            try db.execute(sql: "DELETE FROM incidents WHERE happened_at < ?", arguments: [moment.storedMilliseconds])
            return db.changesCount
        }
        removal.acts = try await deleteActs(before: moment, except: live)
        // Also where nothing was deleted now: the last clean-up may not have come to its end.
        try await forgetDeletedWords(begins: removal.calls > 0)
        return removal
    }

    /// Deletes the recordings of calls that began before `moment`; the calls themselves stay.
    ///
    /// - Parameters: as for ``deleteCalls(before:except:recordings:)``.
    /// - Returns: how many files there were.
    /// - Throws: as ``deleteCalls(before:except:recordings:)`` does.
    package func deleteRecordings(
        before moment: Date, except live: Set<String> = [], recordings: String? = nil
    ) async throws(StoreError) -> Removal {
        var removal = Removal()
        // Each call once: one without an end may or may not have a file, and keeps its row.
        var seen: Set<String> = []
        while true {
            let ids = try await oldCalls(
                before: moment, except: live.union(seen),
                where: """
                    recording_path IS NOT NULL OR ended_at IS NULL
                    OR EXISTS (SELECT 1 FROM recordings WHERE call_id = calls.id)
                    """)
            guard !ids.isEmpty else { break }
            seen.formUnion(ids)
            for id in ids { removal.files += try await deleteFiles(ofCall: id, in: recordings) }
            try await write("delete old recordings", path) { db in
                for id in ids {
                    try db.execute(sql: "DELETE FROM recordings WHERE call_id = ?", arguments: [id])
                    try db.execute(sql: "UPDATE calls SET recording_path = NULL WHERE id = ?", arguments: [id])
                }
            }
        }
        return removal
    }

    private func oldCalls(
        before moment: Date, except live: Set<String>, where condition: String
    ) async throws(StoreError) -> [String] {
        try await read("find old calls", path) { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT id FROM calls WHERE started_at < ? AND (\(condition))
                    AND id NOT IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?", as: "kept"))) ORDER BY started_at LIMIT 100
                    """,
                arguments: [
                    moment.storedMilliseconds, String(decoding: try JSONEncoder().encode(live), as: UTF8.self),
                ])
        }
    }

    /// - Returns: how many there were.
    func deleteFiles(ofCall id: String, in folder: String?) async throws(StoreError) -> Int {
        let paths = try await read("find recordings", id) { try Self.files(ofCall: id, in: folder, $0) }
        var count = 0
        for path in paths {
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

    /// The recordings of a call that are there; one of a call without an end is in no row.
    static func files(ofCall id: String, in folder: String?, _ db: SQLSession) throws -> Set<String> {
        var paths = try String.fetchSet(
            db,
            sql: """
                SELECT path FROM recordings WHERE call_id = ?1
                UNION SELECT recording_path FROM calls WHERE id = ?1 AND recording_path IS NOT NULL
                """,
            arguments: [id])
        if let folder, !id.contains("/") {
            for suffix in ["wav", "sealed"] {
                paths.insert(URL(fileURLWithPath: folder).appendingPathComponent("\(id).\(suffix)").path)
            }
        }
        return paths.filter { FileManager.default.fileExists(atPath: $0) }
    }
}
