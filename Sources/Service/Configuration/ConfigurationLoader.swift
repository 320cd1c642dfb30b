package import Foundation

/// Reads the configuration from its sources: command line over environment over file over defaults.
package struct ConfigurationLoader: Sendable {
    /// The file that is read when none is named and it exists.
    package static let standardFile = "config/parley.yaml"

    private let environment: [String: String]
    private let isReadable: @Sendable (String) -> Bool

    /// - Parameters:
    ///   - environment: the variables that set keys and that `${NAME}` refers to.
    ///   - isReadable: whether a file can be read.
    package init(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        isReadable: @escaping @Sendable (String) -> Bool = { FileManager.default.isReadableFile(atPath: $0) }
    ) {
        self.environment = environment
        self.isReadable = isReadable
    }

    /// Reads the configuration.
    ///
    /// - Parameters:
    ///   - path: the file; nil takes ``standardFile`` if it exists, and otherwise no file.
    ///   - options: settings of the command line by dotted key, such as `public.port`.
    /// - Throws: every fault of every source.
    package func load(
        file path: String? = nil, options: [String: String] = [:]
    ) throws(ConfigurationError) -> LoadedConfiguration {
        let standard = FileManager.default.fileExists(atPath: Self.standardFile) ? Self.standardFile : nil
        guard let path = path ?? standard else { return try read(nil, file: "", options: options) }
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            let text = (error as? CocoaError)?.code == .fileReadNoSuchFile ? "there is no such file" : "\(error)"
            throw ConfigurationError([
                ConfigurationFault(.standard, "cannot read the configuration file \(path): \(text)")
            ])
        }
        return try read(bytes, file: path, options: options)
    }

    /// Reads the configuration with `bytes` as the content of the file; nil when there is none.
    package func read(
        _ bytes: Data?, file: String, options: [String: String] = [:]
    ) throws(ConfigurationError) -> LoadedConfiguration {
        let document = bytes.map { ConfigurationDocument($0, file: file) }
        let written = document?.entries ?? []
        let variables = ConfigurationVariables(environment, written: written.map(\.path))
        let given = options.map { key, text in
            ConfigurationEntry(
                path: key.split(separator: ".").map(String.init), content: .text(text), origin: .option(key))
        }
        var reader = ConfigurationReader(written + variables.entries + given, environment: environment)
        let configuration = Self.configuration(from: &reader)
        reader.reportLeftovers()

        let checks = ConfigurationChecks(
            configuration, origin: { [reader] in reader.origin(of: $0) }, isReadable: isReadable)
        let faults = (document?.faults ?? []) + reader.faults + variables.faults + checks.faults
        guard faults.isEmpty else { throw ConfigurationError(faults.sorted(by: ConfigurationFault.comesBefore)) }
        return LoadedConfiguration(
            configuration: configuration, settings: reader.settings, warnings: variables.warnings + checks.warnings)
    }

    private static func configuration(from reader: inout ConfigurationReader) -> ParleyConfiguration {
        var configuration = ParleyConfiguration()
        for section in ConfigurationSchema.sections {
            reader.read(section.keys, into: &configuration)
            if section.name == "agents" {
                configuration.agents.numbers = reader.map(
                    at: ConfigurationSchema.numbers, names: .telephone, values: .name)
            } else if section.name == "privacy" {
                configuration.privacy.patterns = reader.map(
                    at: ConfigurationSchema.maskPatterns, names: .patternName, values: .pattern)
            } else if section.name == "providers" {
                for name in reader.names(below: ["providers"]) {
                    configuration.providers[name] = provider(name, from: &reader)
                }
            } else if section.name == "prices" {
                readPrices(from: &reader, into: &configuration.prices)
            } else if section.name == "inbound" {
                readInbound(from: &reader, into: &configuration.inbound)
            } else if section.name == "webhooks" {
                for name in reader.names(below: ConfigurationSchema.webhookEndpoints) {
                    configuration.webhooks.endpoints[name] = endpoint(name, from: &reader)
                }
            }
        }
        return configuration
    }

    private static func provider(_ name: String, from reader: inout ConfigurationReader) -> ParleyConfiguration.Provider
    {
        // The kind has no default: the one given here is replaced or reported.
        var provider = ParleyConfiguration.Provider(kind: .openai)
        read(
            ConfigurationSchema.providerKeys, of: ["providers", name], required: ["kind"], from: &reader,
            into: &provider)
        return provider
    }

    private static func readPrices(
        from reader: inout ConfigurationReader, into prices: inout ParleyConfiguration.Prices
    ) {
        let lines = reader.map(at: ConfigurationSchema.linePrices, names: .carrier, values: .priceText)
        prices.lines = lines.compactMapValues(ValueKind<Decimal>.price.parse)
        for name in reader.names(below: ConfigurationSchema.providerPrices) {
            var price = ParleyConfiguration.Price()
            read(
                ConfigurationSchema.priceKeys, of: ConfigurationSchema.providerPrices + [name], required: [],
                from: &reader, into: &price)
            prices.providers[name] = price
        }
    }

    private static func readInbound(
        from reader: inout ConfigurationReader, into inbound: inout ParleyConfiguration.Inbound
    ) {
        for name in reader.names(below: ConfigurationSchema.inboundRules) {
            var rule = ParleyConfiguration.Inbound.Rule()
            read(
                ConfigurationSchema.inboundRuleKeys, of: ConfigurationSchema.inboundRules + [name],
                required: ["numbers"], from: &reader, into: &rule)
            readLanguages(at: ConfigurationSchema.inboundRules + [name], from: &reader, into: &rule)
            inbound.rules[name] = rule
        }
        for name in reader.names(below: ConfigurationSchema.callerLists) {
            var list = ParleyConfiguration.Inbound.CallerList()
            read(
                ConfigurationSchema.callerListKeys, of: ConfigurationSchema.callerLists + [name],
                required: ["numbers"], from: &reader, into: &list)
            inbound.callers[name] = list
        }
    }

    private static func readLanguages(
        at place: [String], from reader: inout ConfigurationReader, into rule: inout ParleyConfiguration.Inbound.Rule
    ) {
        let place = place + [ConfigurationSchema.ruleLanguages]
        for digit in reader.names(below: place) {
            var choice = ParleyConfiguration.Inbound.LanguageKey()
            read(
                ConfigurationSchema.languageKeys, of: place + [digit], required: ["say", "language", "agent"],
                isName: { $0.count == 1 && "0123456789".contains($0) }, allowed: "a key from 0 to 9", from: &reader,
                into: &choice)
            rule.languages[digit] = choice
        }
    }

    private static func endpoint(
        _ name: String, from reader: inout ConfigurationReader
    ) -> ParleyConfiguration.Webhooks.Endpoint {
        var endpoint = ParleyConfiguration.Webhooks.Endpoint()
        read(
            ConfigurationSchema.webhookKeys, of: ConfigurationSchema.webhookEndpoints + [name],
            required: ["url", "secret"], from: &reader, into: &endpoint)
        return endpoint
    }

    /// Reads the keys of something that has a name of the operator's choice.
    private static func read<Root>(
        _ keys: [ConfigurationKey<Root>], of path: [String], required: Set<String>,
        isName: (String) -> Bool = ConfigurationName.isValid,
        allowed: String = "of lower-case letters, digits, - and _",
        from reader: inout ConfigurationReader, into root: inout Root
    ) {
        let place = path.joined(separator: ".")
        if let name = path.last, !isName(name) {
            reader.report(
                ConfigurationFault(reader.origin(of: place), key: place, "the name must be \(allowed)"))
        }
        reader.read(keys, below: path, into: &root)
        for key in keys where required.contains(key.name) {
            guard reader.origin(of: "\(place).\(key.name)") == .standard else { continue }
            reader.report(
                ConfigurationFault(
                    reader.origin(of: place), key: "\(place).\(key.name)", "required; allowed: \(key.allowed)"))
        }
    }
}
