import Agent
import Foundation
import Networking

/// A mail server of `Tests/requirements.txt`, aiosmtpd, as another process.
struct MailServer {
    static let python = ProcessInfo.processInfo.environment["PARLEY_PEERS"].map { "\($0)/bin/python" }

    let port: Int
    let directory: URL
    let security: String

    /// Runs `body` with a server that speaks as `security` says: starttls, tls or plain.
    static func serve(_ security: String, _ body: (MailServer) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-mail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "peers/mail_server.py")
        let process = Process()
        process.executableURL = URL(filePath: python ?? "python3")
        process.arguments = [script.path, security, directory.path]
        let output = directory.appending(path: "port")
        _ = FileManager.default.createFile(atPath: output.path, contents: nil)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        // Foundation starts programs with SIGTERM held back.
        defer { kill(process.processIdentifier, SIGKILL) }
        var port: Int?
        for _ in 0..<200 where port == nil {
            port = try Int(String(contentsOf: output, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines))
            if port == nil { try await Task.sleep(for: .milliseconds(50)) }
        }
        try await body(MailServer(port: port ?? 0, directory: directory, security: security))
    }

    /// What the server accepted, as it reads it.
    var mails: [JSONValue] { lines("mails").compactMap { try? JSONValue(parsing: $0) } }

    /// How often it was asked to take a mail for somebody.
    func attempts(_ recipient: String) -> Int { lines("attempts").filter { $0 == recipient }.count }

    private func lines(_ name: String) -> [String] {
        let text = (try? String(contentsOf: directory.appending(path: name), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// An account's file, with one mail.
    func file(
        authority: String? = "cert.pem", password: String = "sesame-open", encrypts: Bool = true, timeout: Int = 6
    ) -> String {
        let scheme = security == "tls" ? "smtps" : "smtp"
        var lines = ["mail: desk", "url: \(scheme)://localhost:\(port)", "from: Müller, Desk <desk@clinic.example>"]
        if encrypts {
            lines += ["user: desk", "password: ${PASSWORD}"]
            if let authority { lines.append("authority: \(directory.appending(path: authority).path)") }
        } else {
            lines.append("encrypt: false")
        }
        lines += [
            "timeout: \(timeout)", "tools:", "  mail_send:", "    summary: Sends a mail.",
            "    parameters: {to: {type: string}, subject: {type: string}, text: {type: string}}",
            "    required: [to, subject, text]", "    to: \"{to}\"", "    reply_to: Desk <reply@clinic.example>",
            "    subject: \"Your visit: {subject}\"", "    text: |", "      Hello,", "      {text}", "      Bye.",
        ]
        return lines.joined(separator: "\n").replacing("${PASSWORD}", with: password)
    }

    /// The mail of ``file(authority:password:encrypts:timeout:)``.
    func tool(
        _ yaml: String? = nil, allows: [String] = ["127.0.0.1", "::1"], ledger: any ToolActLedger = MemoryActLedger()
    ) throws -> any Tool {
        let account = try MailAccount(yaml: Data((yaml ?? file()).utf8), file: "mail.yaml", environment: [:])
        let addresses = AddressPolicy.publicOnly(except: allows.compactMap(AddressBlock.init))
        return MailTool.all(account, addresses: addresses, ledger: ledger)[0]
    }
}

extension Tool {
    /// What a mail to somebody came to.
    func send(
        to: String = "ann@acme.example", subject: String = "s", text: String = "t", key: String = "k"
    ) async -> ToolOutcome {
        do throws(ToolError) {
            return .result(
                try await call(
                    ["to": .string(to), "subject": .string(subject), "text": .string(text)],
                    context: ToolContext(call: CallFacts(callID: "c"), idempotencyKey: key)))
        } catch {
            return .failure(error)
        }
    }
}
