/// Writes comma-separated values.
package enum CSVText {
    /// One line without its end.
    ///
    /// A field that a spreadsheet would run as a formula gets an apostrophe in front, as its makers recommend; a telephone
    /// number is none, nor is any other.
    package static func line(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") }

    private static func field(_ text: String) -> String {
        let isNumber =
            (text.hasPrefix("+") || text.hasPrefix("-")) && text.dropFirst().allSatisfy { $0.isNumber || $0 == "." }
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let safe = isFormula && !isNumber ? "'" + text : text
        guard safe.contains(where: { "\",\r\n".contains($0) || $0.isNewline }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
