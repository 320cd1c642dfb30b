import Yams

/// How requests prove who sends them.
extension ConnectorReader {
    mutating func authentication(_ node: Node?) -> Connector.Authentication {
        let kinds = ["bearer", "basic", "header", "oauth2", "service_account"]
        let fields = reader.fields(node, of: "`auth`", keys: Set(kinds))
        let given = kinds.filter { fields[$0] != nil }
        guard let kind = given.first, given.count == 1 else {
            if node != nil, reader.faults.isEmpty {
                reader.fault(node, "`auth` needs one of \(kinds.joined(separator: ", "))")
            }
            return .none
        }
        let value = fields[kind]
        switch kind {
        case "bearer": return .bearer(expanded(value, "`bearer`") ?? "")
        case "basic":
            let pair = reader.fields(value, of: "`basic`", keys: ["user", "password"], required: ["user", "password"])
            return .basic(
                user: expanded(pair["user"], "`user`") ?? "", password: expanded(pair["password"], "`password`") ?? "")
        case "header":
            guard let (_, name, secret) = reader.members(value, of: "`header`").first else { return .none }
            return .header(name: name, value: expanded(secret, "the header \(name)") ?? "")
        case "oauth2":
            let parts = reader.fields(
                value, of: "`oauth2`", keys: ["token_url", "client_id", "client_secret", "scope", "audience"],
                required: ["token_url", "client_id", "client_secret"])
            return .clientCredentials(
                Connector.ClientCredentials(
                    tokenURL: url(parts["token_url"], "`token_url`") ?? "",
                    clientID: expanded(parts["client_id"], "`client_id`") ?? "",
                    clientSecret: expanded(parts["client_secret"], "`client_secret`") ?? "",
                    scope: expanded(parts["scope"], "`scope`"), audience: expanded(parts["audience"], "`audience`")))
        default:
            let parts = reader.fields(
                value, of: "`service_account`", keys: ["key_file", "scope", "subject"],
                required: ["key_file", "scope"])
            return .serviceAccount(
                Connector.ServiceAccount(
                    keyFile: expanded(parts["key_file"], "`key_file`") ?? "",
                    scope: expanded(parts["scope"], "`scope`") ?? "",
                    subject: expanded(parts["subject"], "`subject`").flatMap { $0.isEmpty ? nil : $0 }))
        }
    }
}
