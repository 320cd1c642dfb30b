/// A small CSV file that an operator keeps by hand: rules, holidays, time zones of numbers. Its first row names the
/// columns; lines that begin with `#` are comments.
struct CSVTable {
    struct Row {
        let line: Int
        let values: [String: String]

        /// The value of a column, without spaces at its ends; empty when the column or the value is not there.
        subscript(column: String) -> String { values[column] ?? "" }
    }

    let rows: [Row]

    /// - Parameters:
    ///   - file: for messages.
    ///   - columns: which must be there.
    init(_ bytes: [UInt8], file: String, columns: [String]) throws(CampaignError) {
        var parser = CSVParser(CSVDialect(encoding: .utf8, delimiter: UInt8(ascii: ",")))
        var records = parser.parse(bytes[...])
        if let last = parser.finish() { records.append(last) }
        var header: [String]?
        var rows: [Row] = []
        for record in records {
            switch record {
            case .fault(let line, let reason, _): throw CampaignError(.badFile, "\(file):\(line)", "the line \(reason)")
            case .row(_, let fields) where fields[0].hasPrefix("#"): continue
            case .row(let line, let fields):
                let fields = fields.map(Self.trimmed)
                guard let names = header else {
                    let missing = columns.filter { !fields.contains($0) }
                    guard missing.isEmpty else {
                        throw CampaignError(
                            .badFile, "\(file):\(line)", "the first row lacks \(missing.joined(separator: ", "))")
                    }
                    header = fields
                    continue
                }
                guard fields.count == names.count else {
                    throw CampaignError(
                        .badFile, "\(file):\(line)", "the row has \(fields.count) fields, the first one \(names.count)")
                }
                rows.append(Row(line: line, values: Dictionary(zip(names, fields)) { first, _ in first }))
            }
        }
        guard header != nil else { throw CampaignError(.badFile, file, "is empty") }
        self.rows = rows
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
