package import Foundation
import Yams

/// An MCP server and those of its tools that agents may use, read from a file in `config/tools`.
///
/// What a server says of its tools' risks is not trusted: the file names each tool with its risk, and leaves the others
/// out.
package struct MCPServer: Sendable {
    enum Transport: Sendable, Equatable {
        /// Streamable HTTP, one address.
        case http(url: String, headers: [String: String])
        /// A program that speaks over its standard input and output.
        case stdio(command: [String], environment: [String: String])
    }

    /// How it is found out what a server speaks.
    enum Era: String, Sendable, CaseIterable {
        /// It is asked as of the latest revision, and as an older one when it does not understand.
        case auto
        /// It is greeted as an older one at once, for servers that bear nothing else.
        case legacy
    }

    package var name: String
    package var file: String
    var era: Era
    var transport: Transport
    package var risks: [String: ToolDefinition.Risk]
    /// How long one call may take.
    package var timeout: Duration
    /// Environment variables that the file refers to and that are not set.
    package var missing: [String]

    /// What agents call a server's tool: the server's name before it, and letters that every model takes.
    package func localName(of tool: String) -> String {
        let joined = "\(name)_\(tool)".map {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") ? $0 : "_"
        }
        return String(joined.prefix(64))
    }
}

extension MCPServer {
    package init(yaml bytes: Data, file: String, environment: [String: String]) throws(AgentFileErrors) {
        let (opened, root, fields) = try ConnectorReader.open(
            bytes, file: file, environment: environment, as: "the MCP server",
            keys: ["mcp", "era", "url", "auth", "command", "environment", "timeout", "tools"],
            required: ["mcp", "tools"])
        var reader = opened
        self.file = file
        name = reader.reader.text(fields["mcp"], "`mcp`") ?? ""
        if name.isEmpty || !name.allSatisfy({ $0.isASCII && ($0.isNamePart || $0 == "-") }) || name.count > 30 {
            reader.reader.fault(fields["mcp"], "`mcp` is a name of letters, figures, _ and -, at most 30")
        }
        if (fields["url"] == nil) == (fields["command"] == nil) {
            reader.reader.fault(root, "an MCP server needs one of `url` and `command`")
        }
        if fields["url"] != nil {
            var headers: [String: String] = [:]
            switch reader.authentication(fields["auth"]) {
            case .none: break
            case .bearer(let token): headers["Authorization"] = "Bearer \(token)"
            case .basic(let user, let password):
                headers["Authorization"] = "Basic \(Data("\(user):\(password)".utf8).base64EncodedString())"
            case .header(let name, let value): headers[name] = value
            case .clientCredentials, .serviceAccount:
                reader.reader.fault(fields["auth"], "an MCP server takes bearer, basic or header")
            }
            transport = .http(url: reader.url(fields["url"], "`url`") ?? "", headers: headers)
        } else {
            let command = reader.reader.elements(fields["command"], "`command`")
                .compactMap { reader.expanded($0, "each of `command`") }
            if fields["command"] != nil, command.isEmpty {
                reader.reader.fault(fields["command"], "`command` is empty; give the program and its arguments")
            }
            var variables: [String: String] = [:]
            for (_, name, value) in reader.reader.members(fields["environment"], of: "`environment`") {
                variables[name] = reader.expanded(value, "the variable \(name)")
            }
            transport = .stdio(command: command, environment: variables)
        }
        era = reader.reader.choice(fields["era"], "`era`", as: Era.self) ?? .auto
        timeout = reader.reader.seconds(fields["timeout"], "`timeout`", in: 0.5...60) ?? .seconds(8)
        risks = [:]
        for (_, tool, value) in reader.reader.members(fields["tools"], of: "`tools`") {
            risks[tool] =
                reader.reader.choice(value, "the risk of the tool `\(tool)`", as: ToolDefinition.Risk.self)
                ?? .irreversible
        }
        missing = reader.missing.sorted()
        try reader.close()
    }
}
