/// The reference of all keys: `config/parley.yaml` as it is shipped, made from the declarations.
package enum ConfigurationReference {
    /// The whole file. Every key is commented out with its default or an example.
    package static var text: String {
        var lines = header
        for section in ConfigurationSchema.sections {
            if lines.last != "" { lines.append("") }
            lines += comment(section.documentation, indent: 0)
            lines.append("\(section.name):")
            let initial = ParleyConfiguration()
            append(section.keys, dropping: 1, indent: 1, initial: initial, variable: { $0 }, to: &lines)
            if section.name == "agents" { lines += numbers }
            if section.name == "inbound" { appendInbound(to: &lines) }
            if section.name == "privacy" { lines += patterns }
            if section.name == "providers" {
                lines.append("  #deepgram:")
                append(
                    ConfigurationSchema.providerKeys, dropping: 0, indent: 2,
                    initial: ParleyConfiguration.Provider(kind: .deepgram),
                    variable: { ["providers", "<name>"] + $0 }, to: &lines)
            }
            if section.name == "prices" {
                lines +=
                    linePrices + [
                        "  # What a provider is paid, under the name it has above.", "  providers:", "    #deepgram:",
                    ]
                append(
                    ConfigurationSchema.priceKeys, dropping: 0, indent: 3, initial: ParleyConfiguration.Price(),
                    variable: { ConfigurationSchema.providerPrices + ["<name>"] + $0 }, to: &lines)
            }
            if section.name == "webhooks" {
                lines += ["  # Who is told, each under a name of your choice.", "  endpoints:", "    #crm:"]
                append(
                    ConfigurationSchema.webhookKeys, dropping: 0, indent: 3,
                    initial: ParleyConfiguration.Webhooks.Endpoint(),
                    variable: { ConfigurationSchema.webhookEndpoints + ["<name>"] + $0 }, to: &lines)
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func appendInbound(to lines: inout [String]) {
        lines += ["  # Called numbers, each set of them under a name of your choice.", "  rules:", "    #office:"]
        append(
            ConfigurationSchema.inboundRuleKeys, dropping: 0, indent: 3, initial: ParleyConfiguration.Inbound.Rule(),
            variable: { ConfigurationSchema.inboundRules + ["<name>"] + $0 }, to: &lines)
        lines += languages
        lines += ["  # Lists of callers, likewise.", "  callers:", "    #blocked:"]
        append(
            ConfigurationSchema.callerListKeys, dropping: 0, indent: 3,
            initial: ParleyConfiguration.Inbound.CallerList(),
            variable: { ConfigurationSchema.callerLists + ["<name>"] + $0 }, to: &lines)
    }

    private static let header = [
        "# Parley's configuration: every key there is, with its type, what is allowed, its default, and the environment",
        "# variable that overrides it. A line that begins with `#` and a key shows the default or an example; take the `#`",
        "# away to change it. A wrong value or an unknown key stops the start. Any value may be ${NAME}, the value of an",
        "# environment variable; do so for secrets. Durations are written 520ms, 2s, 5m, 1h; sizes 512kB, 32MB, 1GB.",
    ]

    private static let numbers = [
        "  # Agents by called number.",
        "  # map of \(ValueKind<String>.telephone.range) to \(ValueKind<String>.name.range); default: none",
        "  #numbers:",
        "    #\"+493012345678\": receptionist", "",
    ]

    private static let languages = [
        "      # Languages among which callers choose before an agent answers, by the key for each.",
        "      # map of a key from 0 to 9 to say, language and agent, in the file only; default: none: nobody is asked",
        "      #languages:",
        "        #\"1\": {say: For English press one, language: en-US, agent: receptionist}", "",
    ]

    private static let linePrices = [
        "  # A minute on a carrier's line; the length of a call is not rounded.",
        "  # map of \(ValueKind<String>.carrier.range) to \(ValueKind<String>.priceText.range); default: none",
        "  #lines:",
        "    #twilio: 0.0085", "",
    ]

    private static let patterns = [
        "  # What else is masked, each under a name of your choice. One that takes longer than 50 ms masks the whole text.",
        "  # map of \(ValueKind<String>.patternName.range) to \(ValueKind<String>.pattern.range); default: none",
        "  #patterns:",
        #"    #policy_number: 'LK-\d{6}'"#, "",
    ]

    private static func append<Root>(
        _ keys: [ConfigurationKey<Root>], dropping sections: Int, indent: Int, initial: Root,
        variable: ([String]) -> [String], to lines: inout [String]
    ) {
        var above: [String] = []
        for key in keys {
            let path = key.name.split(separator: ".").map(String.init)
            let inner = Array(path.dropFirst(sections))
            let groups = Array(inner.dropLast())
            let shared = zip(above, groups).prefix { $0 == $1 }.count
            for depth in shared..<groups.count { lines.append("\(spaces(indent + depth))\(groups[depth]):") }
            above = groups
            let place = indent + groups.count
            lines += comment(key.documentation, indent: place)
            let value = key.example ?? key.read(initial).map(YAMLText.scalar) ?? ""
            var fallback = key.fallback ?? key.read(initial).map(YAMLText.scalar) ?? "none"
            if fallback.count > 60 { fallback = "the sentence below" }
            lines += comment("\(key.type): \(key.range); default: \(fallback)", indent: place)
            lines += comment(ConfigurationVariables.name(of: variable(path)), indent: place)
            lines += ["\(spaces(place))#\(inner.last ?? ""): \(value)", ""]
        }
    }

    private static func comment(_ text: String, indent: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if line.count + word.count > 110 - 2 * indent {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? "\(word)" : " \(word)"
        }
        return (lines + [line]).map { "\(spaces(indent))# \($0)" }
    }

    private static func spaces(_ indent: Int) -> String { String(repeating: "  ", count: indent) }
}
