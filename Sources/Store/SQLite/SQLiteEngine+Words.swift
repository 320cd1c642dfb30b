import GRDB

extension SQLiteEngine {
    /// Pages of the index that one transaction of a clean-up merges.
    private static let pagesAtOnce = 500

    /// The index only notes that a row is gone; its words go when what holds them is merged with that note.
    ///
    /// - Parameter begins: words were deleted since the last time; otherwise goes on with what was begun, if anything was.
    func forgetDeletedWords(begins: Bool) async throws {
        // Negative begins to make one piece of the whole index, positive goes on with it.
        var pages = begins ? -Self.pagesAtOnce : Self.pagesAtOnce
        while true {
            let step = pages
            let changes = try await exclusively { db in
                let before = db.totalChangesCount
                try db.execute(
                    sql: "INSERT INTO turn_words (turn_words, rank) VALUES ('merge', ?)", arguments: [step])
                return db.totalChangesCount - before
            }
            // The command itself is one change.
            if changes < 2 { break }
            pages = Self.pagesAtOnce
        }
        // Old pages are also in the log of writes. Where somebody reads in it this is left to the next time.
        _ = try? await pool.writeWithoutTransaction { db in
            guard unsafe db.sqliteConnection != nil else { return }
            // Cutting waits for readers, and everybody who writes would wait with it.
            let (frames, moved) = try db.checkpoint(.passive)
            if frames == moved { try db.checkpoint(.truncate) }
        }
    }
}
