import Foundation

extension Store {
    /// Turns of one call that a list shows at most.
    static let hitsPerCall = 3
    /// Words of a snippet.
    private static let snippetWords = 14

    /// Where in these calls the words of `text` were said: the first turns of each.
    static func hits(of text: String?, in calls: [String], _ db: SQLSession) throws -> [CallHit] {
        guard let query = text.flatMap(WordQuery.init), !calls.isEmpty else { return [] }
        let ids = String(decoding: try JSONEncoder().encode(calls), as: UTF8.self)
        let found = """
            SELECT id, call_id, number, speaker, part, started, text,
                row_number() OVER (PARTITION BY call_id ORDER BY started, id) AS place
            FROM turns WHERE call_id IN (SELECT value FROM \(db.dialect.elements(ofJSON: "?1", as: "listed")))
            AND \(db.dialect.turnHasWords.replacing("?", with: "?2"))
            """
        switch db.dialect {
        case .sqlite:
            // The rows first: a snippet is cut for those alone that are shown. The plus has the index looked through once, not
            // from its beginning for each row.
            return try SQLRow.fetchAll(
                db,
                sql: """
                    WITH found AS (\(found)), shown AS MATERIALIZED (SELECT * FROM found WHERE place <= ?3),
                    cut AS MATERIALIZED (
                        SELECT rowid AS id, snippet(turn_words, 0, ?4, ?5, '…', ?6) AS snippet FROM turn_words
                        WHERE turn_words MATCH ?2 AND +rowid IN (SELECT id FROM shown)
                    )
                    SELECT shown.*, cut.snippet FROM shown JOIN cut ON cut.id = shown.id ORDER BY shown.call_id, place
                    """,
                arguments: [
                    ids, db.dialect.words(query), hitsPerCall, HitMark.begin, HitMark.end, snippetWords,
                ]
            ).map { try CallHit(row: $0, snippet: HitMark.pieces(of: $0["snippet"])) }
        case .postgres:
            return try SQLRow.fetchAll(
                db, sql: "SELECT * FROM (\(found)) AS found WHERE place <= ?3 ORDER BY call_id, place",
                arguments: [ids, db.dialect.words(query), hitsPerCall]
            ).map { row in
                try CallHit(
                    row: row,
                    snippet: SnippetCutter.pieces(of: row["text"], words: query.words, size: snippetWords))
            }
        }
    }

    /// Takes words of deleted turns out of the index for good, in small transactions, and out of the files.
    ///
    /// - Parameter begins: words were deleted since the last time; otherwise goes on with what was begun, if anything was.
    func forgetDeletedWords(begins: Bool = true) async throws(StoreError) {
        do { try await engine.forgetDeletedWords(begins: begins) } catch {
            throw StoreError(error, operation: "clean the index of words", subject: path)
        }
    }
}

extension CallHit {
    fileprivate init(row: SQLRow, snippet: [Piece]) throws {
        self.init(
            callID: row["call_id"], turn: row["number"], speaker: try row.word("speaker"), part: row["part"],
            started: row["started"], snippet: snippet)
    }
}

/// Marks hits in the text that the index cuts out.
private enum HitMark {
    // No recognizer writes them; where somebody does, a wrong piece is marked, and nothing else happens.
    static let begin = "\u{1}"
    static let end = "\u{2}"

    static func pieces(of snippet: String) -> [CallHit.Piece] {
        var pieces: [CallHit.Piece] = []
        var text = ""
        func close(isHit: Bool) {
            if !text.isEmpty { pieces.append(CallHit.Piece(text: text, isHit: isHit)) }
            text = ""
        }
        for character in snippet.unicodeScalars {
            switch String(character) {
            case begin: close(isHit: false)
            case end: close(isHit: true)
            default: text.unicodeScalars.append(character)
            }
        }
        close(isHit: false)
        return pieces
    }
}
