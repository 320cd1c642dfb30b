import Agent
import Foundation
import Networking
import Testing

@Suite(
    "A mail as a tool, with aiosmtpd for a server", .enabled(if: MailServer.python != nil, "PARLEY_PEERS is not set"),
    .timeLimit(.minutes(1)))
struct MailToolTests {
    @Test("arrives as it was written, encrypted and with our name", arguments: ["starttls", "tls"])
    func arrives(security: String) async throws {
        try await MailServer.serve(security) { server in
            let tool = try server.tool()
            let text = "Grüße 👋 aus Köln = 100 %\n.\n..\nFrom here on\n\(String(repeating: "long ", count: 300))\nend "
            let outcome = await tool.send(subject: "Dienstag", text: text, key: "call-1/turn-2/mail_send")
            let result = try #require(outcome.value, "\(outcome)")
            #expect(result["sent"] == true && result["reply"] == "250 2.0.0 queued as 4711")
            let mail = try #require(server.mails.first)
            #expect(server.mails.count == 1)
            #expect(mail["tls"] == true && mail["user"] == "desk")
            #expect(mail["from"] == "desk@clinic.example" && mail["to"] == ["ann@acme.example"])
            #expect(mail["sender"]?.string?.contains("Müller, Desk") == true, "\(mail)")
            #expect(mail["reply_to"]?.string?.contains("reply@clinic.example") == true)
            #expect(mail["subject"] == "Your visit: Dienstag")
            #expect(mail["text"]?.string == "Hello,\n\(text)\nBye.\n", "\(mail)")
            #expect(mail["id"] == result["message_id"])
            #expect(mail["id"]?.string?.hasSuffix("@clinic.example>") == true)
            #expect(mail["id"]?.string?.contains("call-1") == false)
            #expect(mail["defects"] == [] && mail["bare"] == 0)
            #expect((mail["longest"]?.integer ?? 999) <= 78)
        }
    }

    @Test(
        "has no more lines in its head than ours, whatever a subject says",
        arguments: [
            ("Hi\r\nBcc: spy@evil.example", "Your visit: Hi Bcc: spy@evil.example"),
            ("Hi\n\nNew body", "Your visit: Hi New body"),
            ("Hi\u{0}\u{b}\u{2028}there", "Your visit: Hi \u{2028}there"),
            ("=?utf-8?B?SGk=?=", "Your visit: =?utf-8?B?SGk=?="),
            (String(repeating: "Übergrößen ", count: 30) + "x", nil),
            (String(repeating: "e\u{301}", count: 400), nil),
        ] as [(String, String?)])
    func heads(subject: String, read: String?) async throws {
        try await MailServer.serve("plain") { server in
            let tool = try server.tool(server.file(encrypts: false))
            let outcome = await tool.send(subject: subject)
            #expect(outcome.value != nil, "\(outcome)")
            let mail = try #require(server.mails.first)
            #expect(mail["to"] == ["ann@acme.example"])
            let names = [
                "Date", "From", "To", "Reply-To", "Subject", "Message-ID", "MIME-Version", "Content-Type",
                "Content-Transfer-Encoding", "Auto-Submitted",
            ]
            #expect(mail["names"] == .array(names.map { .string($0) }), "\(mail)")
            #expect(mail["subject"]?.string == read ?? "Your visit: \(subject)")
            #expect(mail["defects"] == [] && mail["text"] == "Hello,\nt\nBye.\n")
            #expect((mail["longest"]?.integer ?? 999) <= 78)
        }
    }

    @Test(
        "goes to one address",
        arguments: [
            "ann", "ann@", "@acme.example", "ann@acme", "a@b.example, c@d.example",
            "ann@acme.example\r\nRCPT TO:<x@y.z>",
            "ann@acme.example> SIZE=1", "<ann@acme.example", "ann..lee@acme.example", "änn@acme.example",
            "ann@ac_me.example",
            "ann@-acme.example", "ann @acme.example",
        ])
    func addresses(address: String) async throws {
        let account = try MailAccount(
            yaml: Data(MailServer(port: 1, directory: URL(filePath: "/"), security: "tls").file().utf8), file: "m.yaml",
            environment: [:])
        let tool = MailTool.all(account, addresses: .any, ledger: MemoryActLedger())[0]
        #expect(await tool.send(to: address).error?.code == .invalidArguments)
    }

    @Test(
        "is tried again only where it certainly was not accepted, and says what became of it",
        arguments: [
            ("nobody", 1, 0, .invalidArguments, "no such mailbox"),
            ("greylisted", 2, 1, nil, ""),
            ("overquota", 3, 0, .unavailable, "mailbox full"),
            ("cut-before", 2, 1, nil, ""),
            ("busy", 2, 1, nil, ""),
            ("spam", 1, 0, .unavailable, "looks like spam"),
            ("slow-before", 1, 0, .unavailable, "could not be sent"),
            ("cut-after", 1, 1, .deadlineExceeded, "may have been sent"),
            ("slow-after", 1, 1, .deadlineExceeded, "may have been sent"),
            ("no-goodbye", 1, 1, nil, ""),
        ] as [(String, Int, Int, ToolError.Code?, String)])
    func faults(
        recipient: String, attempts: Int, accepted: Int, code: ToolError.Code?, words: String
    ) async throws {
        try await MailServer.serve("starttls") { server in
            let tool = try server.tool(server.file(timeout: 5))
            let address = "\(recipient)@acme.example"
            let start = ContinuousClock.now
            let outcome = await tool.send(to: address)
            #expect(ContinuousClock.now - start < .seconds(6))
            #expect(outcome.error?.code == code, "\(outcome)")
            #expect(words.isEmpty || outcome.error?.detail.contains(words) == true, "\(outcome)")
            #expect(server.attempts(address) == attempts)
            #expect(server.mails.count == accepted)
            // The same act again: what was done or may have been is not done twice.
            let again = await tool.send(to: address)
            if code == nil { #expect(again.value == outcome.value) }
            if code == .deadlineExceeded {
                #expect(again.error?.detail.contains("an earlier attempt may have succeeded") == true)
            }
            if accepted > 0 { #expect(server.mails.count == accepted) }
        }
    }

    @Test("is not sent where the server cannot be trusted, nor with a wrong password, nor where nobody allowed it")
    func trust() async throws {
        try await MailServer.serve("starttls") { server in
            let expectations: [(tool: any Tool, words: String)] = [
                (try server.tool(server.file(authority: nil)), "certificate"),
                (try server.tool(server.file(password: "wrong-word")), "not accepted"),
                (try server.tool(allows: []), "is no address of the public internet"),
            ]
            for (tool, words) in expectations {
                let error = await tool.send().error
                #expect(error?.code == .unavailable)
                #expect(error?.detail.contains(words) == true, "\(String(describing: error))")
                #expect(error?.detail.contains("wrong-word") == false)
                if words == "not accepted" { #expect(error?.detail.contains("[redacted] is wrong") == true) }
            }
            // Who cannot tell for now is asked again.
            let tired = try server.tool(server.file(password: "tired-word"))
            #expect(await tired.send().value?["sent"] == true)
            #expect(server.mails.count == 1)
        }
        // One that offers no encryption gets neither password nor mail.
        try await MailServer.serve("plain") { server in
            let error = try await server.tool(server.file(authority: nil)).send().error
            #expect(error?.detail.contains("offers no encryption") == true, "\(String(describing: error))")
            #expect(server.mails.isEmpty && server.attempts("ann@acme.example") == 0)
        }
        // Nobody there.
        let nobody = MailServer(port: 1, directory: URL(filePath: "/tmp"), security: "tls")
        let error = try await nobody.tool(nobody.file(authority: nil)).send().error
        #expect(error?.code == .unavailable && error?.detail.contains("could not be sent") == true)
    }
}

@Suite("The file of a mail server")
struct MailAccountTests {
    private static func file(_ head: String, _ tool: String = "text: \"{a}\"") -> String {
        """
        mail: m
        \(head)
        from: Desk <desk@example.com>
        tools:
          t:
            summary: s
            parameters: {a: {type: string}}
            required: [a]
            to: a@example.com
            subject: s
            \(tool)
        """
    }

    @Test(
        "is refused with line and reason",
        arguments: [
            (file("url: http://h"), 2, "`url` must be smtps://host:465"),
            (file("url: smtp://u@h"), 2, "`url` must be smtps://host:465"),
            (file("url: smtp://h\nuser: x"), 3, "`user` and `password` go together"),
            (file("url: smtp://h\nuser: x\npassword: y\nencrypt: false"), 5, "a password would be read on the way"),
            (file("url: smtps://h\nencrypt: false"), 3, "goes with smtp://"),
            (file("url: smtp://h", "text: \"{a} {b}\""), 11, "uses {b}, which must be a parameter in `required`"),
            (file("url: smtp://h", "text: \"{a?}\""), 11, "uses {a}, which must be a parameter in `required`"),
            (file("url: smtp://h", "text: hello"), 7, "the parameter a goes nowhere"),
            (file("url: smtp://h", "text: \"{a}\"\n    risk: read"), 12, "a mail is an act"),
            (file("url: smtp://h", "text: \"{a}\"\n    bcc: x@y.z"), 12, "unknown key `bcc`"),
            ("mail: m\nurl: smtp://h\nfrom: desk\ntools: {}", 3, "`from` must be an address"),
        ])
    func faults(yaml: String, line: Int, reason: String) {
        do throws(AgentFileErrors) {
            _ = try MailAccount(yaml: Data(yaml.utf8), file: "m.yaml", environment: [:])
            Issue.record("was read")
        } catch {
            #expect(error.faults.contains { $0.line == line && $0.reason.contains(reason) }, "\(error)")
        }
    }

    @Test("sends no sentence with a hole in it, where the call does not know a number")
    func holes() async throws {
        let account = try MailAccount(
            yaml: Data(Self.file("url: smtps://h", "text: \"{a}, from {call.called}\"").utf8), file: "m.yaml",
            environment: [:])
        let tool = MailTool.all(account, addresses: .publicOnly(except: []), ledger: MemoryActLedger())[0]
        do throws(ToolError) {
            _ = try await tool.call(
                ["a": "x"], context: ToolContext(call: CallFacts(callID: "c"), idempotencyKey: "k"))
            Issue.record("was sent")
        } catch {
            #expect(error.detail == "the mail names {call.called}, which is not known", "\(error)")
        }
    }

    @Test("makes acts that need evidence, unless it says otherwise")
    func risk() throws {
        func risk(_ yaml: String) throws -> ToolDefinition.Risk {
            try MailAccount(yaml: Data(yaml.utf8), file: "m.yaml", environment: [:]).definitions[0].risk
        }
        #expect(try risk(Self.file("url: smtp://h")) == .irreversible)
        #expect(try risk(Self.file("url: smtp://h", "text: \"{a}\"\n    risk: reversible")) == .reversible)
    }
}
