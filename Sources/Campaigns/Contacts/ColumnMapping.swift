/// Which columns of a file are which fields of a contact, as somebody chose it. A column that is not named keeps the
/// meaning of its own name.
package struct ColumnMapping: Sendable, Equatable {
    /// Fields with a meaning of their own; every other name is a variable of the agent.
    package static let meanings = [
        "phone", "state", "time_zone", "consent", "consent_date", "consent_expires", "consent_source",
    ]
    /// Characters of a field's name.
    private static let longestField = 64

    /// By the column's name as variables are written; empty for a column that is left out.
    private var fields: [String: String] = [:]

    package init() {}

    /// - Parameter pairs: `COLUMN:FIELD` each; the last colon divides. Nothing behind it leaves the column out.
    /// - Throws: ``CampaignError`` with `badDefinition` for what is no pair, or names a column or a field twice.
    package init(_ pairs: [String]) throws(CampaignError) {
        for pair in pairs {
            guard let colon = pair.lastIndex(of: ":") else {
                throw CampaignError(
                    .badDefinition, "map", "`\(pair.prefix(60))` is no COLUMN:FIELD, such as Telefon:phone")
            }
            let column = ContactReader.name(String(pair[..<colon]))
            let field = String(pair[pair.index(after: colon)...])
            guard !column.isEmpty else {
                throw CampaignError(.badDefinition, "map", "`\(pair.prefix(60))` names no column before the colon")
            }
            guard field == ContactReader.name(field), field.count <= Self.longestField else {
                throw CampaignError(
                    .badDefinition, "map",
                    "`\(field.prefix(60))` is no field: write \(Self.meanings.joined(separator: ", ")), or the name of a variable in lower case, joined by _"
                )
            }
            guard fields[column] == nil else {
                throw CampaignError(.badDefinition, "map", "the column `\(column)` is mapped twice")
            }
            if !field.isEmpty, fields.values.contains(field) {
                throw CampaignError(.badDefinition, "map", "two columns are mapped to `\(field)`")
            }
            fields[column] = field
        }
    }

    package var isEmpty: Bool { fields.isEmpty }

    /// The field that a column was mapped to, empty for one that is left out; nil where nobody said.
    ///
    /// - Parameter column: its name, as variables are written.
    func field(of column: String) -> String? { fields[column] }

    /// Whether some column is said to hold the telephone number.
    var namesNumber: Bool { fields.values.contains("phone") }

    /// Mapped columns that are none of `names`, in alphabetical order.
    func missing(among names: [String]) -> [String] { fields.keys.filter { !names.contains($0) }.sorted() }
}
