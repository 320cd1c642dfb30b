import Agent
import Foundation
import Testing

@Suite("The files to copy")
struct ExampleToolsTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "config/tools/examples")

    @Test("are right, and say what they lack")
    func examples() throws {
        let bare = try ConnectorLibrary.load(directory: Self.folder, environment: [:])
        let missing = bare.lacking.map { "\($0.name): \($0.missing.joined(separator: ", "))" }.sorted()
        #expect(
            missing == [
                "desk: MAIL_FROM, SMTP_PASSWORD, SMTP_URL, SMTP_USER", "orders: ORDERS_DATABASE", "run_python: ",
            ])
        let set = try ConnectorLibrary.load(
            directory: Self.folder,
            environment: [
                "ORDERS_DATABASE": "/data/orders.sqlite", "SMTP_URL": "smtps://mail.example.com:465",
                "SMTP_USER": "desk",
                "SMTP_PASSWORD": "x", "MAIL_FROM": "Desk <desk@example.com>",
            ])
        #expect(set.lacking.allSatisfy { $0.missing.isEmpty })
        let risks =
            (set.databases.flatMap(\.definitions) + set.sandboxes.map(\.definition)
            + set.accounts.flatMap(\.definitions))
            .map { "\($0.name) \($0.risk.rawValue)" }
        #expect(risks == ["orders_of_caller read", "run_python read", "mail_summary irreversible"])
        // They are not tools of the folder above.
        let shipped = try ConnectorLibrary.load(directory: Self.folder.deletingLastPathComponent(), environment: [:])
        #expect(shipped.connectors.count == 10 && shipped.databases.isEmpty && shipped.sandboxes.isEmpty)
    }

    @Test("reach nothing but emulators where they are confined to them")
    func confined() throws {
        func missing(_ folder: URL, _ environment: [String: String]) throws -> [String: [String]] {
            var library = try ConnectorLibrary.load(directory: folder, environment: environment)
            library.confine(to: "http://127.0.0.1:9")
            return Dictionary(uniqueKeysWithValues: library.lacking.map { ($0.name, $0.missing) })
        }
        let connectors = try missing(
            Self.folder.deletingLastPathComponent(),
            [
                "HUBSPOT_URL": "http://127.0.0.1:9/hubspot", "HUBSPOT_TOKEN": "x", "TAVILY_API_KEY": "x",
                "SERPER_URL": "http://127.0.0.1:90/serper", "SERPER_API_KEY": "x",
            ])
        #expect(connectors["hubspot"] == [])
        // The vendor itself, and somebody else on this machine.
        #expect(connectors["tavily"] == ["an emulator of it"] && connectors["serper"] == ["an emulator of it"])
        let examples = try missing(
            Self.folder,
            [
                "ORDERS_DATABASE": "/data/orders.sqlite", "SMTP_URL": "smtps://mail.example.com:465",
                "SMTP_USER": "desk", "SMTP_PASSWORD": "x", "MAIL_FROM": "Desk <desk@example.com>",
            ])
        #expect(examples["desk"]?.isEmpty == false && examples["orders"]?.isEmpty == false)
        #expect(examples["run_python"] == [])
    }
}
