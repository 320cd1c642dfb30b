package import Foundation

extension Store {
    /// Whether a document of this path and hash is there already.
    package func hasDocument(path: String, hash: String) async throws(StoreError) -> Bool {
        try await read("look up a document", path) { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM documents WHERE path = ? AND hash = ?", arguments: [path, hash]) == 1
        }
    }

    /// Adds a document, or replaces the one of the same path, with all its passages at once: whoever gives them says how many
    /// there may be.
    package func add(
        document path: String, title: String, hash: String, passages: [Passage], now: Date = Date()
    ) async throws(StoreError) {
        try await write("add a document", path) { db in
            try Self.remove(path, in: db)
            let id = try Int.fetchOne(
                db, sql: "INSERT INTO documents (path, title, hash, added_at) VALUES (?, ?, ?, ?) RETURNING id",
                arguments: [path, title, hash, now.storedMilliseconds])
            for portion in SQLValues.portions(passages.count) {
                let rows = portion.map { _ in "(?, ?, ?)" }.joined(separator: ", ")
                var values: [any SQLConvertible] = []
                for passage in passages[portion] { values += [passage.heading, passage.text, id] }
                try db.execute(
                    sql: "INSERT INTO passages (heading, text, document_id) VALUES \(rows)",
                    arguments: SQLValues(values))
            }
        }
    }

    /// Removes the documents that are not among these.
    ///
    /// - Returns: how many.
    @discardableResult
    package func keepDocuments(_ paths: Set<String>) async throws(StoreError) -> Int {
        try await write("remove documents", path) { db in
            let gone = try String.fetchAll(db, sql: "SELECT path FROM documents").filter { !paths.contains($0) }
            for path in gone { try Self.remove(path, in: db) }
            return gone.count
        }
    }

    /// The passages that fit a question best, best first.
    ///
    /// - Parameters:
    ///   - words: any text; its words are looked for, whatever their endings.
    ///   - limit: 1...20.
    package func passages(about words: String, limit: Int = 4) async throws(StoreError) -> [Passage] {
        try await rankedPassages(about: words, limit: limit).map(\.passage)
    }

    /// As ``passages(about:limit:)``, with how well each fits.
    package func rankedPassages(about words: String, limit: Int = 4) async throws(StoreError) -> [RankedPassage] {
        let terms = Set(words.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
            .subtracting(Self.emptyWords).sorted().prefix(32)
        guard !terms.isEmpty else { return [] }
        return try await read("search the documents", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT documents.path, documents.title, passages.heading, passages.text,
                        \(db.dialect.passageScore) AS score FROM passages
                    JOIN documents ON documents.id = passages.document_id
                    WHERE \(db.dialect.passageHasWords) ORDER BY \(db.dialect.passageOrder) LIMIT ?2
                    """,
                arguments: [db.dialect.anyWord(Array(terms)), min(max(limit, 1), 20)]
            ).map { row in
                RankedPassage(
                    passage: Passage(
                        source: row["path"], title: row["title"], heading: row["heading"], text: row["text"]),
                    score: row["score"])
            }
        }
    }

    /// The paths of all documents.
    package func documentPaths() async throws(StoreError) -> [String] {
        try await read("list the documents", path) { try String.fetchAll($0, sql: "SELECT path FROM documents") }
    }

    /// The documents, by their paths.
    ///
    /// - Parameters:
    ///   - limit: documents at most; nil for all.
    ///   - place: a path; those behind it. Nil from the first one on.
    package func documents(
        limit: Int? = nil, after place: String? = nil
    ) async throws(StoreError) -> [DocumentRecord] {
        try await read("list the documents", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT documents.path, documents.title, documents.hash, documents.added_at,
                        coalesce(counted.number, 0) AS passages
                    FROM documents LEFT JOIN (
                        SELECT document_id, count(*) AS number FROM passages GROUP BY document_id
                    ) AS counted ON counted.document_id = documents.id
                    WHERE documents.path > ? ORDER BY documents.path LIMIT ?
                    """, arguments: [place ?? "", limit ?? Int.max]
            ).map(DocumentRecord.init(row:))
        }
    }

    /// The document of this path; nil where there is none.
    package func document(_ path: String) async throws(StoreError) -> DocumentRecord? {
        try await read("find a document", path) { db in
            try SQLRow.fetchOne(
                db,
                sql: """
                    SELECT documents.path, documents.title, documents.hash, documents.added_at,
                        (SELECT count(*) FROM passages WHERE passages.document_id = documents.id) AS passages
                    FROM documents WHERE documents.path = ?
                    """, arguments: [path]
            ).map(DocumentRecord.init(row:))
        }
    }

    /// The passages of one document, in its order.
    package func passages(ofDocument path: String) async throws(StoreError) -> [Passage] {
        try await read("read a document", path) { db in
            try SQLRow.fetchAll(
                db,
                sql: """
                    SELECT documents.path, documents.title, passages.heading, passages.text FROM passages
                    JOIN documents ON documents.id = passages.document_id
                    WHERE documents.path = ? ORDER BY \(db.dialect.passageNumber)
                    """, arguments: [path]
            ).map { Passage(source: $0["path"], title: $0["title"], heading: $0["heading"], text: $0["text"]) }
        }
    }

    /// Removes a document with its passages.
    ///
    /// - Returns: whether it was there.
    @discardableResult
    package func removeDocument(_ path: String) async throws(StoreError) -> Bool {
        try await write("remove a document", path) { db in
            try Self.remove(path, in: db)
            return db.changesCount > 0
        }
    }

    private static func remove(_ path: String, in db: SQLSession) throws {
        try db.execute(
            sql: "DELETE FROM passages WHERE document_id = (SELECT id FROM documents WHERE path = ?)",
            arguments: [path])
        try db.execute(sql: "DELETE FROM documents WHERE path = ?", arguments: [path])
    }

    /// Words that every question has.
    private static let emptyWords: Set<String> = [
        "a", "an", "and", "are", "can", "could", "do", "does", "for", "how", "i", "if", "in", "is", "it", "me", "my",
        "of",
        "on", "or", "please", "tell", "the", "to", "was", "we", "what", "when", "where", "which", "who", "will", "with",
        "would", "you", "your",
    ]
}
