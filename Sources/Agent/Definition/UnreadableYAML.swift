import Yams

/// A character that YAML does not allow, such as a control character: libyaml tells how far from the beginning it stands,
/// and no line.
package struct UnreadableYAML {
    /// From 1.
    package let line: Int
    /// From 1, in Unicode scalars.
    package let column: Int
    /// What is wrong, with the character's code.
    package let reason: String

    /// - Parameter error: what composing the text threw.
    /// - Returns: nil where that is about something else, or does not say where it is.
    package init?(_ error: any Error) {
        guard case .reader(let problem, let offset?, let value, let text)? = error as? YamlError else { return nil }
        let lines = text.prefix(offset).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        line = lines.count
        column = (lines.last?.unicodeScalars.count ?? 0) + 1
        let code = String(max(value, 0), radix: 16, uppercase: true)
        let padding = String(repeating: "0", count: max(4 - code.count, 0))
        reason = "the YAML cannot be read: \(problem) (U+\(padding)\(code))"
    }
}
