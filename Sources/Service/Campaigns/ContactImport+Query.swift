import Campaigns
import Dispatch
import Foundation
import Store

/// Contacts of a query. Its rows go through a file of our own, so that the other database is read in one go and let go of,
/// however long it takes to store them; then they are taken like those of any file.
extension ContactImport {
    /// How long the other database is read.
    private static let readingTime = Duration.seconds(3600)

    func read(
        query sql: String, of database: String, _ work: inout Work, _ progress: (Int) -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "parley-query-\(UUID().uuidString).csv").path
        let outcome: Result<FileHandle, any Error> = await withCheckedContinuation { continuation in
            DispatchQueue(label: "parley.contacts.query", qos: .utility).async {
                continuation.resume(returning: Result { try Self.spool(sql, of: database, to: path) })
            }
        }
        let file = try outcome.get()
        defer { try? file.close() }
        var parser = CSVParser(CSVDialect(encoding: .utf8, delimiter: UInt8(ascii: ",")))
        // A text may have lines of its own: rows are counted as the database returns them, its columns being line 1.
        var line = 0
        while let piece = try file.read(upToCount: Self.pieceSize), !piece.isEmpty {
            for entry in parser.parse(Array(piece)[...]) {
                line += 1
                try await take(entry.moved(to: line), &work, progress)
            }
        }
        if let last = parser.finish() { try await take(last.moved(to: line + 1), &work, progress) }
    }

    /// Writes what a query returns as CSV, its columns first and every field in quotes. Blocks.
    ///
    /// - Returns: the file, to be read from its beginning. It has no name any more, and goes with its last handle.
    private static func spool(_ sql: String, of database: String, to path: String) throws -> FileHandle {
        // It holds personal data.
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: path), let written = FileHandle(forReadingAtPath: path)
        else { throw CampaignError(.badFile, path, "cannot be written; is there room, and is TMPDIR a folder?") }
        defer { try? file.close() }
        // A process that is killed from here on leaves nobody behind in it.
        try FileManager.default.removeItem(atPath: path)
        var columns: [String] = []
        var pending = Data()
        try read(sql, of: database) { names in
            columns = names
            pending = line(names)
        } take: { values in
            pending.append(line(try zip(columns, values).map { column, value in try text(value, column: column) }))
            guard pending.count > pieceSize else { return }
            try file.write(contentsOf: pending)
            pending.removeAll(keepingCapacity: true)
        }
        try file.write(contentsOf: pending)
        return written
    }

    /// Reads a query's rows, its columns first, from a file or from a server. Blocks.
    private static func read(
        _ sql: String, of database: String, begin: ([String]) throws -> Void, take: ([QueryValue]) throws -> Void
    ) throws {
        let server = QueryServer.isAddress(database) ? QueryServer(address: database, time: readingTime) : nil
        do {
            if let server { return try server.forEachRow(sql, begin: begin, take: take) }
            // Taken for a file's name it would be told, with its password.
            guard !database.contains("://"), !database.contains("password=") else {
                throw CampaignError(
                    .badFile, "the database of the query",
                    "is neither a file nor an address that begins with postgresql:// or postgres://")
            }
            let file = QueryDatabase(path: database)
            let shape = try file.check(sql)
            guard shape.parameters.isEmpty else {
                let names = shape.parameters.sorted().map { ":\($0)" }.joined(separator: ", ")
                throw CampaignError(.badFile, "the query", "has parameters (\(names)); write their values into it")
            }
            try begin(shape.columns)
            try file.forEachRow(sql, within: readingTime, take)
        } catch let error as StoreError where error.code == .rejected {
            // Whoever wrote it can mend it. An address as it was given may hold a password.
            throw CampaignError(.badFile, "the query of \(server.map { "\($0.location)" } ?? database)", error.detail)
        }
    }

    private static func line(_ fields: [String]) -> Data {
        let quote = UInt8(ascii: "\"")
        var line: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            line.append(quote)
            // Byte by byte: with a combining mark behind it a quote is another character.
            for byte in field.utf8 {
                if byte == quote { line.append(quote) }
                line.append(byte)
            }
            line.append(quote)
        }
        line.append(UInt8(ascii: "\n"))
        return Data(line)
    }

    private static func text(_ value: QueryValue, column: String) throws -> String {
        switch value {
        case .null: return ""
        case .integer(let number): return "\(number)"
        // A telephone number in a column of decimal numbers is one all the same.
        case .real(let number): return Int64(exactly: number).map { "\($0)" } ?? "\(number)"
        case .text(let text): return text
        case .blob:
            throw CampaignError(
                .badFile, "the query", "the column `\(column)` holds bytes that are no text; leave it out, or cast it")
        }
    }
}

extension CSVParser.Record {
    /// The same, at another line.
    fileprivate func moved(to line: Int) -> Self {
        switch self {
        case .row(_, let fields): .row(line: line, fields: fields)
        case .fault(_, let reason, let beginning): .fault(line: line, reason: reason, beginning: beginning)
        }
    }
}
