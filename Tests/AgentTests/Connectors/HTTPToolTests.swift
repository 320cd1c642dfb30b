import Agent
import Emulators
import Foundation
import Logging
import Networking
import Testing

@Suite("A request as a tool")
struct HTTPToolTests {
    private static let contact: JSONValue = ["email": "ann@acme.example"]
    private static let mail: JSONValue = [
        "from": "desk@example.com", "to": "ann@acme.example", "subject": "Hello", "text": "Bye",
    ]

    @Test(
        "is sent again only where that cannot do it twice",
        arguments: [
            ("hubspot_find_contact", contact, [ConnectorEmulator.Fault.status(503)], [503, 200], nil),
            ("hubspot_find_contact", contact, [.status(500)], [500, 200], nil),
            ("hubspot_find_contact", contact, [.cutAfterActing], [200, 200], nil),
            (
                "hubspot_find_contact", contact, [.status(503), .status(503), .status(503)], [503, 503, 503],
                .unavailable
            ),
            ("hubspot_find_contact", contact, [.status(400)], [400], .invalidArguments),
            ("hubspot_find_contact", contact, [.status(404)], [404], .notFound),
            ("hubspot_find_contact", contact, [.status(401)], [401], .unavailable),
            // A mail that was refused was not sent; one whose answer was lost may have been.
            ("sendgrid_send", mail, [.status(429)], [429, 202], nil),
            ("sendgrid_send", mail, [.status(500)], [500], .deadlineExceeded),
            ("sendgrid_send", mail, [.cutAfterActing], [202], .deadlineExceeded),
        ] as [(String, JSONValue, [ConnectorEmulator.Fault], [Int], ToolError.Code?)])
    func retries(
        tool: String, arguments: JSONValue, faults: [ConnectorEmulator.Fault], statuses: [Int], code: ToolError.Code?
    ) async throws {
        try await ConnectedTools.serve { connected in
            connected.emulator.fail(faults)
            let outcome = await connected.call(tool, arguments)
            #expect(outcome.error?.code == code, "\(outcome)")
            #expect(connected.requests.map(\.status) == statuses)
        }
    }

    @Test("waits as it is asked to, for a minute at most")
    func waits() {
        #expect(HTTPTool.wait(nil) == .milliseconds(200))
        #expect(HTTPTool.wait(.milliseconds(1500)) == .milliseconds(1500))
        #expect(HTTPTool.wait(.seconds(86_400)) == .seconds(60))
    }

    @Test("sends the call's own traceparent, and none that is configured beside it")
    func traceparent() async throws {
        let server = ScriptedServer([.http(body: [Array("{}".utf8)])])
        let yaml = """
            connector: c
            url: http://127.0.0.1:\(server.port)
            auth: {bearer: x}
            headers: {Traceparent: "00-configured"}
            tools:
              t: {summary: s, risk: read, method: GET, path: /x}
            """
        let connector = try Connector(yaml: Data(yaml.utf8), file: "c.yaml", environment: [:])
        let client = HTTPClient(
            configuration: HTTPClientConfiguration(
                proxy: .none, addresses: .publicOnly(except: ["127.0.0.1"].compactMap(AddressBlock.init))),
            logger: Logger(label: "test"))
        let tool = try #require(HTTPTool.all(connector, client: client, ledger: MemoryActLedger()).first)
        var call = CallFacts(callID: "c1")
        call.traceparent = "00-of-the-call"
        _ = try? await tool.call([:], context: ToolContext(call: call, idempotencyKey: "k"))
        await client.shutdown()
        let lines = server.requests.joined().lowercased().components(separatedBy: "\r\n")
        #expect(lines.filter { $0.hasPrefix("traceparent:") } == ["traceparent: 00-of-the-call"])
    }

    @Test("does an act once for a key, and remembers its result")
    func once() async throws {
        try await ConnectedTools.serve { connected in
            #expect(await connected.call("sendgrid_send", Self.mail, key: "k").value == [:])
            #expect(await connected.call("sendgrid_send", Self.mail, key: "k").value == [:])
            #expect(connected.requests.count == 1)
            #expect(await connected.call("sendgrid_send", Self.mail, key: "k2").value == [:])
            #expect(connected.requests.count == 2)
        }
    }

    @Test("does not try again an act that may have been done, even in another process")
    func unclear() async throws {
        let ledger = MemoryActLedger()
        try await ConnectedTools.serve(ledger: ledger) { connected in
            connected.emulator.fail([.cutAfterActing])
            #expect(await connected.call("sendgrid_send", Self.mail, key: "k").error?.code == .deadlineExceeded)
            let second = await connected.call("sendgrid_send", Self.mail, key: "k").error
            #expect(second?.detail == "an earlier attempt may have succeeded; look before it is done again")
            #expect(connected.requests.count == 1)
        }
        try await ConnectedTools.serve(ledger: ledger) { connected in
            #expect(await connected.call("sendgrid_send", Self.mail, key: "k").error?.code == .deadlineExceeded)
            #expect(connected.requests.isEmpty)
            // Idempotent by its author's word: it may be done again.
            _ = ledger.begin(key: "u", tool: "hubspot_update_contact")
            #expect(
                await connected.call("hubspot_update_contact", ["id": "501", "phone": "1"], key: "u").value
                    == ["id": "501"])
        }
    }

    @Test("reaches no private address, by number or by name, unless it is allowed")
    func privateAddresses() async throws {
        try await ConnectedTools.serve(allows: []) { connected in
            let error = await connected.call("hubspot_find_contact", Self.contact).error
            #expect(error?.code == .unavailable)
            #expect(error?.detail.contains("127.0.0.1 is no address of the public internet") == true)
            #expect(connected.emulator.requests.isEmpty)
        }
        try await ConnectedTools.serve(allows: ["10.0.0.0/8"]) { connected in
            let port = connected.address.split(separator: ":").last ?? ""
            try await ConnectedTools.serve(
                allows: [], environment: ["HUBSPOT_URL": "http://localhost:\(port)/hubspot"]
            ) { named in
                let error = await named.call("hubspot_find_contact", Self.contact).error
                #expect(error?.detail.contains("is no address of the public internet") == true)
            }
            #expect(connected.emulator.requests.isEmpty)
        }
    }

    @Test("follows no redirect, for it may lead anywhere")
    func redirects() async throws {
        try await ConnectedTools.serve { other in
            try await ConnectedTools.serve { connected in
                connected.emulator.fail([.redirect(to: other.address + "/hubspot/crm/v3/objects/contacts/search")])
                let error = await connected.call("hubspot_find_contact", Self.contact).error
                #expect(error?.detail.contains("which is not followed") == true)
            }
            #expect(other.emulator.requests.isEmpty)
        }
    }

    @Test("takes neither an answer that is too large nor one that is no JSON")
    func strangeAnswers() async throws {
        try await ConnectedTools.serve { connected in
            connected.emulator.fail([.huge(50_000_000), .garbage])
            let large = await connected.call("hubspot_find_contact", Self.contact).error
            #expect(large?.detail.contains("more than 1048576 bytes") == true, "\(large.debugDescription)")
            let garbage = await connected.call("hubspot_find_contact", Self.contact).error
            #expect(garbage?.detail == "hubspot answered with something that is no JSON")
        }
    }

    @Test("tells vendors' failures that come with status 200, and never its credentials")
    func refusals() async throws {
        try await ConnectedTools.serve(environment: ["SLACK_BOT_TOKEN": "xoxb-other"]) { connected in
            let error = await connected.call("slack_post", ["channel": "#sales", "text": "x"]).error
            #expect(error == ToolError(.unavailable, tool: "slack_post", detail: "slack refused: invalid_auth"))
        }
        try await ConnectedTools.serve { connected in
            let error = await connected.call("slack_post", ["channel": "#nowhere", "text": "x"]).error
            #expect(error?.detail == "slack refused: channel_not_found")
        }
    }

    @Test("shows nobody what is to be redacted")
    func redaction() async throws {
        try await ConnectedTools.serve { connected in
            let yaml = """
                connector: crm
                url: \(connected.address)/hubspot
                auth: {bearer: pat-emulated}
                tools:
                  find:
                    summary: Finds.
                    risk: read
                    method: POST
                    path: /crm/v3/objects/contacts/search
                    parameters: {email: {type: string}}
                    required: [email]
                    body: {filterGroups: [{filters: [{propertyName: email, operator: EQ, value: "{email}"}]}], properties: [email], limit: 1}
                    redact: [phone, lastname]
                    redact_arguments: [email]
                """
            let connector = try Connector(yaml: Data(yaml.utf8), file: "crm.yaml", environment: [:])
            let client = HTTPClient(
                configuration: HTTPClientConfiguration(proxy: .none), logger: Logger(label: "test"))
            let tool = try #require(HTTPTool.all(connector, client: client, ledger: MemoryActLedger()).first)
            #expect(tool.definition.redacted == ["email"])
            let answer = try await tool.call(
                Self.contact, context: ToolContext(call: CallFacts(callID: "c"), idempotencyKey: "k"))
            #expect(
                answer["results"]?[0]?["properties"]?.includes(["phone": "[redacted]", "lastname": "[redacted]"])
                    == true)
            #expect(answer["results"]?[0]?["properties"]?["firstname"] == "Ann")
            await client.shutdown()
        }
    }
}
