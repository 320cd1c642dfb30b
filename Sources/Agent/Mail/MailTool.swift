package import Foundation
package import Networking

/// A mail as a tool.
///
/// It is tried again only when the server certainly has not accepted it: it was not reached, or it refused for now. A
/// mail whose acceptance was not heard of may have been sent, is said to be so, and is not tried again.
package struct MailTool: Tool {
    package let definition: ToolDefinition
    private let account: MailAccount
    private let mail: MailAccount.Mail
    private let client: SMTPClient
    private let once: ActOnce
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Date

    private static let retries = 2

    /// The tools of an account.
    ///
    /// - Parameters:
    ///   - addresses: where its server may be.
    ///   - ledger: remembers what was sent.
    package static func all(
        _ account: MailAccount, addresses: AddressPolicy, ledger: any ToolActLedger,
        clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() }
    ) -> [any Tool] {
        var server = account.server
        server.addresses = addresses
        let client = SMTPClient(server)
        return account.mails.map { mail in
            MailTool(
                definition: mail.definition, account: account, mail: mail, client: client,
                once: ActOnce(ledger: ledger, definition: mail.definition, isRepeatable: false), clock: clock, now: now)
        }
    }

    package func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        guard account.missing.isEmpty else {
            throw failure(
                .unavailable,
                "\(account.name) is not set up: the environment lacks \(account.missing.joined(separator: ", "))")
        }
        let message = try message(arguments, context)
        return try await once.perform(key: context.idempotencyKey) { () async -> Result<JSONValue, ToolError> in
            await attempts(message)
        }
    }

    private func attempts(_ message: MailMessage) async -> Result<JSONValue, ToolError> {
        let start = ContinuousClock.now
        // The client's own end comes first, and knows what became of the mail.
        let end = definition.deadline * 0.9
        let bytes = message.bytes
        var tries = 0
        while true {
            let left = end - (ContinuousClock.now - start)
            do throws(SMTPError) {
                let reply = try await client.send(
                    bytes, from: account.from.plain, to: message.to.plain, deadline: left)
                return .success([
                    "sent": true, "to": .string(message.to.plain), "message_id": .string(message.messageID),
                    "reply": .string(reply),
                ])
            } catch {
                let delay = Duration.milliseconds(300 << tries)
                guard error.isRetryable, tries < Self.retries, delay < end - (ContinuousClock.now - start),
                    (try? await clock.sleep(for: delay)) != nil
                else { return .failure(failure(error)) }
                tries += 1
            }
        }
    }

    private func message(_ arguments: JSONValue, _ context: ToolContext) throws(ToolError) -> MailMessage {
        let call: JSONValue = [
            "id": .string(context.call.callID), "caller": .string(context.call.callerNumber),
            "called": .string(context.call.calledNumber),
        ]
        // A sentence with a hole in it goes to nobody: a number may be withheld, and an act that a person approved
        // knows only whom it is for.
        let parts = [mail.to, mail.replyTo, mail.subject, mail.text].compactMap(\.self)
        for reference in parts.flatMap(\.references)
        where reference.path[0] == "call" && (call.value(at: reference.path.dropFirst())?.string ?? "").isEmpty {
            throw failure(.unavailable, "the mail names {\(reference.path.joined(separator: "."))}, which is not known")
        }
        let value = { (path: [String]) -> JSONValue? in
            switch path[0] {
            case "call": call.value(at: path.dropFirst())
            case "key": .string(context.idempotencyKey)
            default: arguments.value(at: path)
            }
        }
        let to = try address(mail.to.text(value))
        let replyTo: MailAddress? = if let template = mail.replyTo { try address(template.text(value)) } else { nil }
        return MailMessage(
            from: account.from, to: to, replyTo: replyTo, subject: mail.subject.text(value) ?? "",
            text: mail.text.text(value) ?? "", date: now(),
            messageID: MailMessage.identity(of: context.idempotencyKey, at: account.from.domain))
    }

    private func address(_ text: String?) throws(ToolError) -> MailAddress {
        guard let text, let address = MailAddress(text) else {
            throw failure(.invalidArguments, "`\((text ?? "").prefix(80))` is not one address of electronic mail")
        }
        return address
    }

    private func failure(_ error: SMTPError) -> ToolError {
        switch error.code {
        // No such mailbox, not ours, no such name (RFC 5321 §4.2.3).
        case .refused(550), .refused(551), .refused(553): failure(.invalidArguments, "\(error)")
        case .unclear: failure(.deadlineExceeded, "\(error)")
        case .notSent, .misconfigured, .refused: failure(.unavailable, "\(error)")
        }
    }

    private func failure(_ code: ToolError.Code, _ detail: String) -> ToolError {
        let password = account.server.password
        return ToolError(
            code, tool: definition.name,
            detail: password.count >= 4 ? detail.replacing(password, with: "[redacted]") : detail)
    }
}
