import Campaigns
import Foundation
import Store

/// What an import of a CSV file would make of it, from its beginning. Stores nothing.
struct ContactPreview: Sendable, Equatable, Encodable {
    struct Column: Sendable, Equatable, Encodable {
        /// As the file writes it.
        var name: String
        /// What it would be read as; nil when it is left out, or nothing can be read.
        var field: String?
    }

    struct Row: Sendable, Equatable, Encodable {
        var line: Int
        /// E.164
        var number: String
        var state: String?
        var timeZone: String?
        var consent: ConsentRecord.Kind?
        var variables: [String: String]
    }

    struct Rejected: Sendable, Equatable, Encodable {
        var line: Int
        var reason: String
    }

    /// Rows, and rejected ones, that are shown.
    static let shown = 20

    var encoding = ""
    var delimiter = ""
    var columns: [Column] = []
    /// As an import takes it: what was asked for, and without that what is guessed.
    var mapping: [String] = []
    /// Why nothing would be read; nil when something would.
    var objection: String?
    /// The first ones.
    var rows: [Row] = []
    var rejected: [Rejected] = []
    /// Of what was sent.
    var rowCount = 0
    var rejectedCount = 0

    /// - Parameters:
    ///   - isPartial: whether the file goes on behind `bytes`; a row that is cut there is left alone.
    ///   - pairs: the mapping, `COLUMN:FIELD`; nil guesses one.
    ///   - encoding: nil finds out.
    /// - Throws: ``CampaignError`` for a mapping that is none.
    init(
        of bytes: [UInt8], isPartial: Bool, in campaign: CampaignDefinition, pairs: [String]?,
        encoding: CSVDialect.Encoding?
    ) throws(CampaignError) {
        let asked = try pairs.map { pairs throws(CampaignError) in try ColumnMapping(pairs) }
        let whole = isPartial ? Self.wholeLines(bytes) : bytes[...]
        let dialect = CSVDialect(detecting: Array(whole.prefix(CSVDialect.sampleSize)), encoding: encoding)
        self.encoding = dialect.encoding.rawValue
        delimiter = dialect.delimiterName
        var parser = CSVParser(dialect)
        var records = parser.parse(whole)
        if !isPartial, let last = parser.finish() { records.append(last) }
        guard let first = records.first else {
            objection = "The file holds no rows."
            return
        }
        guard case .row(_, let header) = first else {
            if case .fault(let line, let reason, _) = first { objection = "Line \(line): the first row \(reason)." }
            return
        }
        records.removeFirst()
        mapping = pairs ?? Self.guess(header, records, campaign)
        columns = header.map { Column(name: $0) }
        do {
            let reader = try ContactReader(
                header: header, file: "line",
                options: ContactReader.Options(
                    country: campaign.countries[0], seller: campaign.seller,
                    mapping: try asked ?? ColumnMapping(mapping)))
            for (index, field) in reader.fields.enumerated() { columns[index].field = field }
            for record in records { take(record, by: reader) }
        } catch { objection = "\(error)." }
    }

    private static func guess(
        _ header: [String], _ records: [CSVParser.Record], _ campaign: CampaignDefinition
    ) -> [String] {
        let rows = records.prefix(50).compactMap { if case .row(_, let fields) = $0 { fields } else { nil } }
        return ColumnGuess.pairs(header: header, rows: rows, country: campaign.countries[0])
    }

    private mutating func take(_ record: CSVParser.Record, by reader: ContactReader) {
        rowCount += 1
        let fault: (line: Int, reason: String)
        switch record {
        case .fault(let line, let reason, _): fault = (line, reason)
        case .row(let line, let fields):
            do {
                let contact = try reader.contact(line: line, fields: fields)
                guard rows.count < Self.shown else { return }
                rows.append(
                    Row(
                        line: line, number: contact.number, state: contact.region.isEmpty ? nil : contact.region,
                        timeZone: contact.timeZone, consent: contact.consent?.kind, variables: contact.variables))
                return
            } catch { fault = (line, error.reason) }
        }
        rejectedCount += 1
        if rejected.count < Self.shown { rejected.append(Rejected(line: fault.line, reason: fault.reason)) }
    }

    /// Up to the last end of a line: a character may be cut behind it.
    private static func wholeLines(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        guard let end = bytes.lastIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) else {
            return bytes[...]
        }
        return bytes[...end]
    }
}
