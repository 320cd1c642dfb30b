import Foundation
import Testing

@testable import Service

@Suite("config/parley.yaml, the reference of all keys")
struct ConfigurationReferenceTests {
    static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "config/parley.yaml")

    @Test("The shipped file is what the declarations say; PARLEY_RECORD=1 writes it anew")
    func shippedFile() throws {
        let text = ConfigurationReference.text
        if ProcessInfo.processInfo.environment["PARLEY_RECORD"] != nil {
            try Data(text.utf8).write(to: Self.file)
        }
        let shipped = try String(contentsOf: Self.file, encoding: .utf8)
        #expect(shipped == text)
    }

    @Test("The shipped file changes nothing")
    func shippedFileIsAllDefaults() throws {
        let loaded = try ConfigurationLoader(environment: [:]).read(
            Data(contentsOf: Self.file), file: "config/parley.yaml")
        #expect(loaded.configuration == ParleyConfiguration())
        #expect(loaded.settings.allSatisfy { $0.origin == .standard })
    }

    /// Every variable that the file's examples name, with base64 as its value, which is also any other text; for the secrets
    /// of webhooks and for headers one of their own.
    static func environment() throws -> [String: String] {
        let names = try String(contentsOf: file, encoding: .utf8).matches(of: /\$\{([A-Z_]+)\}/).map { String($0.1) }
        return Dictionary(
            names.filter { $0 != "NAME" }.map { name in
                let key = Data(name.utf8) + Data(repeating: 0, count: 24)
                if name.contains("HEADERS") { return (name, "x-key=a2V5") }
                // 256 bits, and none like another.
                if name.contains("RECORDINGS") || name.contains("DECISION") {
                    return (name, Data(repeating: UInt8(name.utf8.count), count: 32).base64EncodedString())
                }
                return (name, name.contains("WEBHOOK") ? "whsec_\(key.base64EncodedString())" : "a2V5")
            }
        ) { first, _ in first }
    }

    /// The file with every key taken out of its comment.
    static func everything() throws -> String {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in
                let indent = line.prefix { $0 == " " }
                let rest = line.dropFirst(indent.count)
                return rest.hasPrefix("#") && !rest.hasPrefix("# ") ? indent + rest.dropFirst() : line
            }
            .joined(separator: "\n")
    }

    @Test("With every key taken out of its comment, no key is missing, none is unknown, and every example is allowed")
    func everyKeyIsInTheFile() throws {
        let loaded = try ConfigurationLoader(environment: Self.environment(), isReadable: { _ in true })
            .read(Data(Self.everything().utf8), file: "parley.yaml")
        let unread = loaded.settings.filter { $0.origin == .standard }
        #expect(unread.map(\.key) == [])
        let declared = ConfigurationSchema.keys.count + ConfigurationSchema.named.reduce(0) { $0 + $1.keys.count }
        // The maps of numbers, of patterns, of lines, and of a rule's languages have one example each.
        #expect(loaded.settings.count == declared + 3 + ConfigurationSchema.languageKeys.count)
        #expect(loaded.configuration.inbound.rules["office"]?.languages["1"]?.agent == "receptionist")
        #expect(loaded.configuration.privacy.patterns == ["policy_number": #"LK-\d{6}"#])
        #expect(loaded.configuration.agents.numbers == ["+493012345678": "receptionist"])
    }

    @Test("Every key has a type, a range, an explanation and a default that its own rule allows")
    func declarations() {
        let initial = ParleyConfiguration()
        for key in ConfigurationSchema.keys {
            #expect(!key.type.isEmpty && !key.range.isEmpty && key.documentation.count > 8, "\(key.name)")
            var copy = initial
            if let text = key.read(initial) { #expect(key.write(text, &copy), "\(key.name)") }
            #expect(copy == initial, "\(key.name)")
        }
        #expect(Set(ConfigurationSchema.keys.map(\.name)).count == ConfigurationSchema.keys.count)
    }

    @Test("Every environment variable of the file sets its key")
    func variables() throws {
        for key in ConfigurationSchema.keys where !key.isSecret {
            guard let text = key.read(ParleyConfiguration()) else { continue }
            let variable = ConfigurationVariables.name(of: key.name.split(separator: ".").map(String.init))
            let loaded = try ConfigurationLoader(environment: [variable: text]).read(nil, file: "")
            let origin = loaded.settings.first { $0.key == key.name }?.origin
            #expect(origin == .variable(variable))
        }
    }
}
