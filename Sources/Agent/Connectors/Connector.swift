/// A vendor's API as tools, read from a file in `config/tools`.
package struct Connector: Sendable {
    /// How requests prove who they come from.
    enum Authentication: Sendable, Equatable {
        case none
        case bearer(String)
        case basic(user: String, password: String)
        case header(name: String, value: String)
        case clientCredentials(ClientCredentials)
        case serviceAccount(ServiceAccount)
    }

    /// RFC 6749 §4.4.
    struct ClientCredentials: Sendable, Equatable {
        var tokenURL: String
        var clientID: String
        var clientSecret: String
        var scope: String?
        /// For issuers that want to know which API the token is for.
        var audience: String?
    }

    /// RFC 7523: a signed assertion for a token, as Google's service accounts do it.
    struct ServiceAccount: Sendable, Equatable {
        /// A JSON file with `client_email`, `private_key` and `token_uri`.
        var keyFile: String
        var scope: String
        /// Whom the account acts for, where an administrator allowed it.
        var subject: String?
    }

    package var name: String
    package var file: String
    /// Without a slash at the end.
    package var url: String
    var authentication: Authentication
    var headers: [String: ToolTemplate]
    var operations: [HTTPOperation]
    /// Environment variables that the file refers to and that are not set, without which it cannot be used.
    package var missing: [String]

    /// Its tools as agents see them.
    package var definitions: [ToolDefinition] { operations.map(\.definition) }

    /// Whether nothing but what is below `address` is asked, also for tokens.
    func reachesOnly(_ address: String) -> Bool {
        guard url.hasPrefix(address + "/") else { return false }
        return switch authentication {
        case .none, .bearer, .basic, .header: true
        case .clientCredentials(let client): client.tokenURL.hasPrefix(address + "/")
        // Where it asks stands in the key's file.
        case .serviceAccount: false
        }
    }

    /// Every text of it that must not be seen.
    var secrets: [String] {
        let texts =
            switch authentication {
            case .none, .serviceAccount: [String]()
            case .bearer(let token): [token]
            case .basic(_, let password): [password]
            case .header(_, let value): [value]
            case .clientCredentials(let client): [client.clientSecret]
            }
        return texts.filter { $0.count >= 4 }
    }
}

/// One request of a connector.
struct HTTPOperation: Sendable {
    enum Body: Sendable, Equatable {
        case none
        case json(BodyTemplate)
        case form([String: ToolTemplate])
    }

    var definition: ToolDefinition
    var method: String
    var path: ToolTemplate
    var query: [(name: String, value: ToolTemplate)]
    var headers: [String: ToolTemplate]
    var body: Body
    /// Sending it again cannot do it again: by its method, or because its author says so.
    var isIdempotent: Bool
    /// The header that carries the idempotency key, for vendors that know one.
    var keyHeader: String?
    var result: ResultMapping?
    /// Where a vendor reports failures with status 200: the path of a truth value, and that of the reason.
    var success: (flag: [ResultMapping.Step], reason: [ResultMapping.Step])?
    /// Status → what it means here, where that is not the usual.
    var errors: [Int: ToolError.Code]
    /// Bytes of an answer that are read.
    var maximumBytes: Int
    /// Members of the answer that nobody gets to see.
    var redacted: Set<String>

    /// Whether it may be sent a second time without knowing what became of the first.
    var isRepeatable: Bool { isIdempotent || keyHeader != nil }
}
