/// A configuration that was read, and the account of it.
package struct LoadedConfiguration: Sendable {
    package let configuration: ParleyConfiguration
    /// Every key with the value in effect and where that came from; secrets are masked.
    package let settings: [EffectiveSetting]
    /// What is allowed but probably not meant; to be logged at the start.
    package let warnings: [String]

    /// Where each value came from, by dotted key.
    package var origins: [String: ConfigurationOrigin] {
        Dictionary(settings.map { ($0.key, $0.origin) }) { first, _ in first }
    }

    /// The configuration in effect as YAML, each value with its origin; secrets are masked.
    package var description: String {
        var lines: [String] = []
        var above: [String] = []
        for setting in settings {
            let sections = setting.path.dropLast()
            let shared = zip(above, sections).prefix { $0 == $1 }.count
            for depth in shared..<sections.count {
                lines.append(String(repeating: "  ", count: depth) + YAMLText.scalar(sections[depth]) + ":")
            }
            above = Array(sections)
            let indent = String(repeating: "  ", count: sections.count)
            let value = setting.value.map(YAMLText.scalar) ?? "~"
            lines.append("\(indent)\(YAMLText.scalar(setting.path[sections.count])): \(value)  # \(setting.origin)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension LoadedConfiguration: CustomStringConvertible {}
