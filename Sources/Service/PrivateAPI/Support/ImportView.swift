import Foundation

/// What came of an import of contacts.
struct ImportView: Encodable, Sendable {
    let id: String
    let rows: Int
    let added: Int
    /// Numbers that the campaign had already, or that were sent twice.
    let duplicates: Int
    let rejected: Int
    /// Nil where rows did not come from a file.
    let encoding: String?
    let delimiter: String?
    /// Where the rows are that were left out, for a day, on this node; nil when there are none.
    let rejectedAt: String?
    let seconds: Double

    init(_ report: ContactImport.Report, id: String, campaign: String) {
        self.id = id
        rows = report.rows
        added = report.added
        duplicates = report.duplicates
        rejected = report.rejected
        encoding = report.encoding.isEmpty ? nil : report.encoding
        delimiter = report.delimiter.isEmpty ? nil : report.delimiter
        rejectedAt = report.rejectedFile.map { _ in
            "\(ProblemMiddleware.prefix)/campaigns/\(campaign)/imports/\(id)/rejected"
        }
        seconds = report.seconds
    }
}
