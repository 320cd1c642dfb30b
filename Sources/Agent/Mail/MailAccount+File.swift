package import Foundation
import Networking
import Yams

extension MailAccount {
    private static let keys: Set<String> = [
        "mail", "url", "user", "password", "authority", "encrypt", "from", "timeout", "tools",
    ]

    /// - Throws: all faults of the file, with lines.
    package init(yaml bytes: Data, file: String, environment: [String: String]) throws(AgentFileErrors) {
        let (opened, _, fields) = try ConnectorReader.open(
            bytes, file: file, environment: environment, as: "the mail server", keys: Self.keys,
            required: ["mail", "url", "from", "tools"])
        var reader = opened
        self.file = file
        name = reader.reader.text(fields["mail"], "`mail`") ?? ""
        server = reader.mailServer(fields)
        let sender = reader.expanded(fields["from"], "`from`") ?? ""
        if let address = MailAddress(sender) {
            from = address
        } else {
            from = MailAddress(name: "", local: "", domain: "")
            if reader.missing.isEmpty {
                reader.reader.fault(fields["from"], "`from` must be an address, as in Desk <desk@example.com>")
            }
        }
        let timeout = reader.reader.seconds(fields["timeout"], "`timeout`", in: 1...60) ?? .seconds(15)
        mails = reader.reader.members(fields["tools"], of: "`tools`").compactMap { key, name, value in
            reader.mail(name, key: key, value, timeout: timeout)
        }
        missing = reader.missing.sorted()
        try reader.close()
    }
}

extension ConnectorReader {
    private static let mailKeys: Set<String> = [
        "summary", "risk", "parameters", "required", "to", "reply_to", "subject", "text", "redact_arguments", "timeout",
    ]

    fileprivate mutating func mailServer(_ fields: [String: Node]) -> SMTPConfiguration {
        let text = expanded(fields["url"], "`url`") ?? ""
        let parts = URLComponents(string: text)
        let isTLS = parts?.scheme == "smtps"
        if missing.isEmpty,
            !["smtp", "smtps"].contains(parts?.scheme) || (parts?.host ?? "").isEmpty || parts?.user != nil
                || parts?.query != nil || !["", "/"].contains(parts?.path)
        {
            reader.fault(
                fields["url"], "`url` must be smtps://host:465, or smtp://host:587 for one that begins in the clear")
        }
        let encrypts = reader.flag(fields["encrypt"], "`encrypt`") ?? true
        let user = expanded(fields["user"], "`user`")
        let password = expanded(fields["password"], "`password`")
        if (user == nil) != (password == nil) {
            reader.fault(fields["user"] ?? fields["password"], "`user` and `password` go together")
        }
        if !encrypts, isTLS || user != nil {
            reader.fault(
                fields["encrypt"],
                "`encrypt: false` goes with smtp:// and without `user` only, for a password would be read on the way")
        }
        return SMTPConfiguration(
            host: parts?.host?.trimmingCharacters(in: CharacterSet(charactersIn: "[]")) ?? "",
            port: parts?.port ?? (isTLS ? 465 : 587), security: isTLS ? .tls : encrypts ? .startTLS : .none,
            user: user, password: password ?? "",
            tls: ClientTLSConfiguration(authorityFile: expanded(fields["authority"], "`authority`")))
    }

    fileprivate mutating func mail(
        _ name: String, key: Node, _ node: Node, timeout: Duration
    ) -> MailAccount.Mail? {
        checkToolName(name, at: key)
        let fields = reader.fields(
            node, of: "the tool \(name)", keys: Self.mailKeys, required: ["summary", "to", "subject", "text"])
        let schema = schema(fields, of: "the tool \(name)")
        let risk = reader.choice(fields["risk"], "`risk`", as: ToolDefinition.Risk.self) ?? .irreversible
        if risk == .read { reader.fault(fields["risk"], "a mail is an act; its risk is reversible or irreversible") }
        let required = Set(schema["required"]?.array?.compactMap(\.string) ?? []).union(["call", "key"])
        let (to, subject) = (part(fields["to"], "`to`", required), part(fields["subject"], "`subject`", required))
        let (text, replyTo) = (
            part(fields["text"], "`text`", required), part(fields["reply_to"], "`reply_to`", required)
        )
        let used = Set([to, subject, text, replyTo].flatMap { $0?.references ?? [] }.map { $0.path[0] })
        for name in (schema["properties"]?.object?.keys.sorted() ?? []) where !used.contains(name) {
            reader.fault(fields["parameters"], "the parameter \(name) goes nowhere; use it in the mail or remove it")
        }
        guard let to, let subject, let text else { return nil }
        return MailAccount.Mail(
            definition: ToolDefinition(
                name: name, summary: reader.text(fields["summary"], "`summary`") ?? "", parameters: schema, risk: risk,
                deadline: reader.seconds(fields["timeout"], "`timeout`", in: 1...60) ?? timeout,
                redacted: Set(reader.texts(fields["redact_arguments"], "`redact_arguments`").map(\.text))),
            to: to, replyTo: replyTo, subject: subject, text: text)
    }

    /// A part of a mail with values in it. Each value must be there: a mail has no part that can be left out.
    private mutating func part(_ node: Node?, _ subject: String, _ required: Set<String>) -> ToolTemplate? {
        // As it stands: a mail's text has lines.
        guard reader.text(node, subject) != nil, let node, let text = node.scalar?.string else { return nil }
        do throws(ToolTemplate.Fault) {
            let template = try ToolTemplate(text, standard: .raw)
            for reference in template.references where !required.contains(reference.path[0]) || reference.isOptional {
                reader.fault(node, "\(subject) uses {\(reference.path[0])}, which must be a parameter in `required`")
            }
            return template
        } catch {
            reader.fault(node, error.reason)
            return nil
        }
    }
}
