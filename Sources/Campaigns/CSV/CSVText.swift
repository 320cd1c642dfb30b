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
        // By bytes: with a combining mark behind it a sign is another character to us, and the same one to who reads the file.
        let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let safe = isFormula && !isNumber ? "'" + text : text
        guard safe.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) || safe.contains(where: \.isNewline) else {
            return safe
        }
        var quoted = "\""
        for scalar in safe.unicodeScalars {
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
