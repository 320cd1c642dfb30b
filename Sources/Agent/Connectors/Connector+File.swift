package import Foundation
import Yams

extension Connector {
    private static let keys: Set<String> = ["connector", "url", "auth", "headers", "timeout", "tools"]

    /// Reads a connector's file.
    ///
    /// - Parameters:
    ///   - file: the name for faults.
    ///   - environment: where `${NAME}` and `${NAME:-otherwise}` are looked up.
    /// - Throws: all its faults, with lines. A variable that is not set is none: it goes to ``missing``.
    package init(yaml bytes: Data, file: String, environment: [String: String]) throws(AgentFileErrors) {
        let (opened, _, fields) = try ConnectorReader.open(
            bytes, file: file, environment: environment, as: "the connector", keys: Self.keys,
            required: ["connector", "url", "tools"])
        var reader = opened
        self.file = file
        name = reader.reader.text(fields["connector"], "`connector`") ?? ""
        url = reader.url(fields["url"], "`url`") ?? ""
        authentication = reader.authentication(fields["auth"])
        headers = reader.headers(fields["headers"], known: [], allowsVariables: true)
        let timeout = reader.reader.seconds(fields["timeout"], "`timeout`", in: 0.5...60) ?? .seconds(8)
        operations = reader.reader.members(fields["tools"], of: "`tools`").compactMap { key, name, value in
            reader.operation(name, key: key, value, timeout: timeout)
        }
        missing = reader.missing.sorted()
        try reader.close()
    }
}
