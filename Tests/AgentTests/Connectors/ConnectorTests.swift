import Agent
import Emulators
import Foundation
import Testing

/// A tool with arguments, what it must send and what it must return.
struct ConnectorCase: Sendable, CustomTestStringConvertible {
    var tool: String
    var arguments: JSONValue
    var method: String
    var path: String
    var result: JSONValue

    var testDescription: String { tool }
}

@Suite("The connectors that ship, over emulators that refuse what their vendors refuse")
struct ConnectorTests {
    static let cases: [ConnectorCase] = [
        .init(
            tool: "hubspot_find_contact", arguments: ["email": "ann@acme.example"], method: "POST",
            path: "/crm/v3/objects/contacts/search",
            result: ["total": 1, "contacts": [["id": "501", "first_name": "Ann", "company": "Acme"]]]),
        .init(
            tool: "hubspot_update_contact", arguments: ["id": "501", "company": "Acme", "industry": "Anvils"],
            method: "PATCH", path: "/crm/v3/objects/contacts/501", result: ["id": "501"]),
        .init(
            tool: "hubspot_log_note",
            arguments: ["contact_id": "501", "text": "Wants \"more\"\nsoon", "time": "2026-11-23T09:00:00Z"],
            method: "POST", path: "/crm/v3/objects/notes", result: ["id": "9001"]),
        .init(
            tool: "hubspot_stale_deals", arguments: ["before": "2026-10-01"], method: "POST",
            path: "/crm/v3/objects/deals/search", result: ["total": 2]),
        .init(
            tool: "salesforce_find_lead", arguments: ["email": "ann@acme.example"], method: "GET",
            path: "/services/data/v62.0/query", result: ["total": 1, "leads": [["id": "00Q000000000001"]]]),
        .init(
            tool: "salesforce_stale_opportunities", arguments: ["days": 30], method: "GET",
            path: "/services/data/v62.0/query", result: ["opportunities": [["amount": 12000]]]),
        .init(
            tool: "salesforce_create_task",
            arguments: ["what_id": "006000000000001", "subject": "Call Acme", "date": "2026-11-24"], method: "POST",
            path: "/services/data/v62.0/sobjects/Task", result: ["id": "00T000000000001"]),
        .init(
            tool: "salesforce_update_opportunity", arguments: ["id": "006000000000001", "stage": "Closed Won"],
            method: "PATCH", path: "/services/data/v62.0/sobjects/Opportunity/006000000000001", result: [:]),
        .init(
            tool: "google_calendar_busy",
            arguments: ["calendar": "desk@example.com", "from": "2026-12-01T08:00:00Z", "to": "2026-12-01T18:00:00Z"],
            method: "POST", path: "/calendar/v3/freeBusy",
            result: ["calendars": ["desk@example.com": ["busy": [["start": "2026-12-01T10:00:00Z"]]]]]),
        .init(
            tool: "google_calendar_book",
            arguments: [
                "calendar": "a/b@example.com", "title": "Visit", "from": "2026-12-01T08:00:00Z",
                "to": "2026-12-01T09:00:00Z",
            ], method: "POST", path: "/calendar/v3/calendars/a%2Fb%40example.com/events", result: ["id": "ev1"]),
        .init(
            tool: "gmail_draft",
            arguments: ["to": "ann@acme.example", "subject": "Grüße\r\nBcc: x@evil.example", "text": "Hello\nAnn"],
            method: "POST", path: "/gmail/v1/users/me/drafts", result: ["id": "msg1"]),
        .init(
            tool: "gmail_send", arguments: ["to": "ann@acme.example", "subject": "Hello", "text": "Bye"],
            method: "POST", path: "/gmail/v1/users/me/messages/send", result: ["id": "msg1"]),
        .init(
            tool: "sendgrid_send",
            arguments: ["from": "desk@example.com", "to": "ann@acme.example", "subject": "Hello", "text": "Bye"],
            method: "POST", path: "/v3/mail/send", result: [:]),
        .init(
            tool: "tavily_search", arguments: ["query": "acme employees"], method: "POST", path: "/search",
            result: ["answer": "Acme makes anvils in Springfield and has 120 employees."]),
        .init(
            tool: "serper_search", arguments: ["query": "acme"], method: "POST", path: "/search",
            result: ["results": [["url": "https://acme.example"]]]),
        .init(
            tool: "web_search", arguments: ["query": "a&b=c", "market": "en-US"], method: "GET", path: "/v7.0/search",
            result: ["results": [["title": "Acme"]]]),
        .init(
            tool: "slack_post", arguments: ["channel": "#sales", "text": "New lead"], method: "POST",
            path: "/api/chat.postMessage", result: ["channel": "C024"]),
        .init(
            tool: "cal_com_slots", arguments: ["event_type": 7, "from": "2026-12-01", "to": "2026-12-02"],
            method: "GET", path: "/v2/slots", result: ["slots": ["2026-12-01": [["start": "2026-12-01T10:30:00.000Z"]]]]
        ),
        .init(
            tool: "cal_com_book",
            arguments: [
                "event_type": 7, "start": "2026-12-01T10:30:00Z", "name": "Ann", "email": "ann@acme.example",
                "time_zone": "Europe/Berlin",
            ], method: "POST", path: "/v2/bookings", result: ["id": "bk1", "status": "accepted"]),
    ]

    @Test("each tool sends what its vendor takes, and returns what its file says")
    func tools() async throws {
        try await ConnectedTools.serve(withGoogle: true) { connected in
            #expect(Set(Self.cases.map(\.tool)) == Set(connected.tools.keys), "every tool has a case")
            for test in Self.cases {
                let outcome = await connected.call(test.tool, test.arguments, key: "c1/1/\(test.tool)")
                #expect(outcome.value?.includes(test.result) == true, "\(test.tool): \(outcome)")
                let request = connected.requests.last
                #expect(
                    request?.method == test.method && request?.path == test.path,
                    "\(test.tool): \(request.debugDescription)")
            }
            // One token each for Salesforce, the calendar and the mail, however many requests.
            #expect(connected.emulator.requests.count - connected.requests.count == 3)
        }
    }

    @Test("a file lacks what the environment lacks, and its tools say so without a request")
    func missing() async throws {
        let library = try ConnectorLibrary.load(directory: ConnectedTools.directory, environment: [:])
        let missing = Dictionary(uniqueKeysWithValues: library.connectors.map { ($0.name, $0.missing) })
        #expect(missing["hubspot"] == ["HUBSPOT_TOKEN"])
        #expect(missing["salesforce"] == ["SALESFORCE_CLIENT_ID", "SALESFORCE_CLIENT_SECRET", "SALESFORCE_URL"])
        #expect(library.connectors.allSatisfy { !$0.missing.isEmpty })
        try await ConnectedTools.serve(environment: ["SLACK_BOT_TOKEN": ""]) { connected in
            let outcome = await connected.call("slack_post", ["channel": "#sales", "text": "x"])
            #expect(outcome.error?.detail == "slack is not set up: the environment lacks SLACK_BOT_TOKEN")
            #expect(connected.requests.isEmpty)
        }
    }

    @Test(
        "arguments cannot break out of their place",
        arguments: [
            ("salesforce_find_lead", ["email": #"x' OR Name != '"#], "ok"),
            ("salesforce_find_lead", ["email": #"x\' OR Name != \'"#], "ok"),
            ("hubspot_update_contact", ["id": "501/../502", "company": "x"], "invalid"),
            ("gmail_draft", ["to": "a@b.example\r\nBcc: c@d.example", "subject": "s", "text": "t"], "invalid"),
            ("slack_post", ["channel": "#sales\",\"as_user\":true,\"x\":\"", "text": "t"], "invalid"),
        ] as [(String, JSONValue, String)])
    func injection(tool: String, arguments: JSONValue, verdict: String) async throws {
        try await ConnectedTools.serve { connected in
            let outcome = await connected.call(tool, arguments)
            if verdict == "ok" {
                // The emulator refuses a query whose quotation was left; here it finds nobody of that strange name.
                #expect(outcome.value == ["total": 0, "leads": []])
            } else {
                #expect(outcome.error?.code == .invalidArguments)
                #expect(connected.requests.isEmpty)
            }
        }
    }

    @Test("a token that is refused is renewed once")
    func renewal() async throws {
        try await ConnectedTools.serve { connected in
            #expect(await connected.call("salesforce_find_lead", ["email": "ann@acme.example"]).value != nil)
            connected.emulator.expireTokens()
            #expect(await connected.call("salesforce_find_lead", ["email": "ann@acme.example"]).value != nil)
            #expect(connected.requests.map(\.status) == [200, 401, 200])
        }
        try await ConnectedTools.serve(environment: ["SALESFORCE_CLIENT_SECRET": "wrong-secret"]) { connected in
            let error = await connected.call("salesforce_find_lead", ["email": "x@y.example"]).error
            #expect(error?.detail.contains("invalid_client") == true)
            #expect(error?.detail.contains("wrong-secret") == false)
            #expect(connected.requests.isEmpty)
        }
    }

    @Test("many calls at once ask for one token")
    func oneToken() async throws {
        try await ConnectedTools.serve { connected in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        #expect(
                            await connected.call("salesforce_find_lead", ["email": "ann@acme.example"]).value != nil)
                    }
                }
            }
            #expect(connected.emulator.requests.count(where: { $0.path.hasSuffix("/token") }) == 1)
        }
    }
}
