import Networking

/// A mail server with the mails that agents may send through it, read from a file in `config/tools`.
package struct MailAccount: Sendable {
    /// One kind of mail.
    struct Mail: Sendable {
        var definition: ToolDefinition
        var to: ToolTemplate
        var replyTo: ToolTemplate?
        var subject: ToolTemplate
        var text: ToolTemplate
    }

    package var name: String
    package var file: String
    /// Without the addresses that are allowed, which the configuration says.
    var server: SMTPConfiguration
    var from: MailAddress
    var mails: [Mail]
    /// Environment variables that the file refers to and that are not set.
    package var missing: [String]

    package var definitions: [ToolDefinition] { mails.map(\.definition) }
}
