package import Campaigns
import Foundation
import Store

/// Reads contacts from a CSV file of any size, from a query, or from rows, into a campaign: in pieces, in bounded memory, a transaction for
/// every few hundred. What makes no contact goes, with its line and the reason, into a file of its own.
package struct ContactImport: Sendable {
    package struct Report: Sendable, Equatable, Encodable {
        package var rows = 0
        package var added = 0
        /// Numbers that the campaign had already, or that the file has twice.
        package var duplicates = 0
        package var rejected = 0
        /// Empty where rows did not come from a file.
        package var encoding = ""
        package var delimiter = ""
        /// Where the rows that were left out are; nil when there are none.
        package var rejectedFile: String?
        package var seconds = 0.0
    }

    /// Where rows come from.
    package enum Source: Sendable {
        /// A CSV file; `label` is what messages call it.
        case file(path: String, label: String)
        /// Rows by column. A column that a row lacks is empty in it; columns are in alphabetical order.
        case rows([[String: String]])
        /// What a query of a database returns, which is only read: an SQLite file by its name, or a PostgreSQL server's by its
        /// address, `postgres://…`.
        case query(sql: String, database: String)

        /// What messages call it.
        var label: String {
            switch self {
            case .file(_, let label): label
            case .rows: "contacts"
            case .query: "the query"
            }
        }
    }

    /// Rows stored in one transaction.
    static let batchSize = 500
    static let pieceSize = 65_536

    private let office: CampaignOffice
    private let source: Source
    private let rejectedPath: String
    private let numberColumn: String?
    private let mapping: ColumnMapping
    private let encoding: CSVDialect.Encoding?

    /// - Parameters:
    ///   - rejectedPath: where the rows that make no contact go; made when there is one.
    ///   - numberColumn: nil looks for a usual name.
    ///   - mapping: what columns are taken for than their names say.
    ///   - encoding: nil finds out.
    package init(
        office: CampaignOffice, path: String, rejectedPath: String, numberColumn: String? = nil,
        mapping: ColumnMapping = ColumnMapping(), encoding: CSVDialect.Encoding? = nil
    ) {
        self.init(
            office: office, source: .file(path: path, label: path), rejectedPath: rejectedPath,
            numberColumn: numberColumn, mapping: mapping, encoding: encoding)
    }

    /// As ``init(office:path:rejectedPath:numberColumn:mapping:encoding:)``, from any source.
    package init(
        office: CampaignOffice, source: Source, rejectedPath: String, numberColumn: String? = nil,
        mapping: ColumnMapping = ColumnMapping(), encoding: CSVDialect.Encoding? = nil
    ) {
        self.office = office
        self.source = source
        self.rejectedPath = rejectedPath
        self.numberColumn = numberColumn
        self.mapping = mapping
        self.encoding = encoding
    }

    /// - Parameter progress: told the number of rows read so far, now and then.
    package func run(campaign name: String, progress: (Int) -> Void = { _ in }) async throws -> Report {
        let record = try await office.store.campaign(named: name)
        let campaign = try CampaignDefinition(stored: record.definition)
        let options = ContactReader.Options(
            country: campaign.countries[0], seller: campaign.seller, numberColumn: numberColumn, mapping: mapping)
        let started = ContinuousClock.now
        var work = Work(
            campaign: record.id, options: options, label: source.label,
            rejections: RejectionFile(path: rejectedPath))
        switch source {
        case .file(let path, let label): try await read(path, label, &work, progress)
        case .query(let sql, let database): try await read(query: sql, of: database, &work, progress)
        case .rows(let rows):
            let columns = Set(rows.flatMap(\.keys)).sorted()
            guard !columns.isEmpty else { throw CampaignError(.badFile, source.label, "holds no rows") }
            try await take(.row(line: 0, fields: columns), &work, progress)
            for (index, row) in rows.enumerated() {
                try await take(.row(line: index + 1, fields: columns.map { row[$0] ?? "" }), &work, progress)
            }
        }
        try await store(&work)
        var report = work.report
        report.rejectedFile = try work.rejections.close()
        report.seconds = (ContinuousClock.now - started) / .seconds(1)
        return report
    }

    private func read(
        _ path: String, _ label: String, _ work: inout Work, _ progress: (Int) -> Void
    ) async throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw CampaignError(.badFile, label, "cannot be opened; is it there, and may it be read?")
        }
        defer { try? file.close() }
        var piece = try file.read(upToCount: Self.pieceSize) ?? Data()
        let dialect = CSVDialect(detecting: Array(piece), encoding: encoding)
        var parser = CSVParser(dialect)
        while !piece.isEmpty {
            for entry in parser.parse(Array(piece)[...]) { try await take(entry, &work, progress) }
            piece = try file.read(upToCount: Self.pieceSize) ?? Data()
        }
        if let last = parser.finish() { try await take(last, &work, progress) }
        guard work.reader != nil else { throw CampaignError(.badFile, label, "holds no rows") }
        work.report.encoding = dialect.encoding.rawValue
        work.report.delimiter = dialect.delimiterName
    }

    struct Work {
        let campaign: String
        let options: ContactReader.Options
        let label: String
        var reader: ContactReader?
        var batch: [NewContact] = []
        var rejections: RejectionFile
        var report = Report()
    }

    func take(_ entry: CSVParser.Record, _ work: inout Work, _ progress: (Int) -> Void) async throws {
        switch entry {
        case .row(_, let fields) where work.reader == nil:
            work.reader = try ContactReader(header: fields, file: work.label, options: work.options)
            return
        case .fault(let line, let reason, _) where work.reader == nil:
            throw CampaignError(.badFile, "\(work.label):\(line)", "the first row \(reason)")
        case .fault(let line, let reason, let beginning):
            try work.rejections.add(line: line, reason: reason, row: beginning)
            work.report.rejected += 1
        case .row(let line, let fields):
            do {
                guard let contact = try work.reader?.contact(line: line, fields: fields) else { return }
                work.batch.append(contact)
            } catch {
                try work.rejections.add(line: line, reason: error.reason, row: CSVText.line(fields))
                work.report.rejected += 1
            }
        }
        work.report.rows += 1
        if work.report.rows.isMultiple(of: 10_000) { progress(work.report.rows) }
        if work.batch.count >= Self.batchSize { try await store(&work) }
    }

    private func store(_ work: inout Work) async throws {
        guard !work.batch.isEmpty else { return }
        let left = try await office.store.addContacts(work.batch, toCampaign: work.campaign, at: office.now())
        for index in left {
            let contact = work.batch[index]
            try work.rejections.add(
                line: contact.line, reason: "its number is in the campaign already", row: contact.number)
        }
        work.report.duplicates += left.count
        work.report.added += work.batch.count - left.count
        work.batch.removeAll(keepingCapacity: true)
    }
}

/// The rows that made no contact, as CSV: `line,reason,row`. Made with the first of them.
struct RejectionFile {
    let path: String
    private var file: FileHandle?
    private var pending = Data()

    init(path: String) { self.path = path }

    mutating func add(line: Int, reason: String, row: String) throws {
        if file == nil {
            // It holds personal data.
            guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
                let made = FileHandle(forWritingAtPath: path)
            else { throw CampaignError(.badFile, path, "cannot be written; name another with --rejected") }
            file = made
            pending.append(Data("line,reason,row\n".utf8))
        }
        pending.append(Data((CSVText.line(["\(line)", reason, String(row.prefix(200))]) + "\n").utf8))
        if pending.count > 65_536 { try flush() }
    }

    private mutating func flush() throws {
        try file?.write(contentsOf: pending)
        pending.removeAll(keepingCapacity: true)
    }

    /// The path, if there was anything.
    mutating func close() throws -> String? {
        guard let file else { return nil }
        try flush()
        try file.close()
        return path
    }
}
