import Agent
import Campaigns
import Emulators
import Foundation
import Networking
import Store
import Testing

@testable import Service

@Suite("Webhooks of a running service")
struct WebhookServiceTests {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    /// Lets the service tell `crm` at the receiver.
    static func tell(_ receiver: HookReceiver, _ configuration: inout ParleyConfiguration) {
        var endpoint = ParleyConfiguration.Webhooks.Endpoint()
        endpoint.url = "http://127.0.0.1:\(receiver.port)/hooks?key=hush"
        endpoint.secret = Secret(secret)
        endpoint.previousSecret = Secret("whsec_" + Data(repeating: 7, count: 32).base64EncodedString())
        configuration.webhooks.endpoints["crm"] = endpoint
        configuration.webhooks.allowedAddresses = [AddressBlock("127.0.0.1")].compactMap(\.self)
    }

    @Test(
        "a call is told when it begins and when everything of it is known; what could not be told goes out at the next start"
    )
    func calls() async throws {
        let receiver = try HookReceiver()
        try await ServiceUnderTest.run(configure: { configuration, _ in Self.tell(receiver, &configuration) }) { test in
            let id = try await test.finishedCall(saying: ["what is the temperature", "no thank you"])
            try await test.waitUntil("both events arrived") { receiver.requests.count == 2 }
            let (first, second) = (receiver.requests[0], receiver.requests[1])
            #expect(first.type == "call.started" && second.type == "call.ended")
            #expect(first.id == "msg_started_\(id)_crm" && first.object["id"] as? String == first.id)
            #expect(first.object["version"] as? Int == 1 && first.headers["content-type"] == "application/json")
            let data = try #require(second.object["data"] as? [String: Any])
            let call = try #require(data["call"] as? [String: Any])
            #expect(call["id"] as? String == id && call["from"] as? String == "+15550100")
            #expect(call["direction"] as? String == "inbound" && call["agent"] as? String == "thermostat")
            #expect((call["durationMs"] as? Int ?? 0) > 1000 && call["endReason"] as? String != nil)
            let turns = try #require(data["turns"] as? [[String: Any]])
            #expect(
                turns.contains { $0["speaker"] as? String == "caller" && ($0["text"] as? String)?.isEmpty == false })
            #expect((data["tools"] as? [[String: Any]])?.isEmpty == false)
            let recording = try #require(data["recording"] as? [String: Any])
            let path = try #require(recording["path"] as? String)
            #expect(try await test.api("GET", path).status == 200)
            #expect(try await test.metric("parley_webhook_deliveries_total") == 2)
            #expect(!test.log.contains("hush"))
            // PARLEY_SHOW_EVENTS=1 prints the examples of docs/webhooks.md.
            if ProcessInfo.processInfo.environment["PARLEY_SHOW_EVENTS"] != nil {
                for request in receiver.requests { print(request.body) }
            }
        }
    }

    @Test("the API tries an endpoint with a signed event, and says what came of it")
    func tried() async throws {
        let receiver = try HookReceiver { _, _ in .answer(503, body: "closed") }
        try await ServiceUnderTest.run(configure: { configuration, _ in Self.tell(receiver, &configuration) }) { test in
            let tried = try await test.api("POST", "/api/v1/webhooks/endpoints/crm/test")
            #expect(tried.status == 200, "\(tried.detail)")
            #expect(tried.object["status"] as? Int == 503 && tried.object["isDelivered"] as? Bool == false)
            #expect((tried.object["answer"] as? String)?.contains("closed") == true)
            #expect(receiver.requests.map(\.body) == [tried.object["payload"] as? String ?? ""])
            #expect(!String(decoding: tried.body, as: UTF8.self).contains("hush"))
            let outbox = try await test.api("GET", "/api/v1/webhooks/deliveries").object["deliveries"] as? [Any]
            #expect(outbox?.isEmpty == true)
            #expect(try await test.api("POST", "/api/v1/webhooks/endpoints/nobody/test").status == 404)
        }
    }

    @Test("the API lists and shows deliveries, sends one again once it is finished, and says how endpoints stand")
    func api() async throws {
        let receiver = try HookReceiver { request, _ in
            request.type == "call.ended" ? .answer(410, body: "moved away") : .answer(200)
        }
        try await ServiceUnderTest.run(configure: { configuration, _ in Self.tell(receiver, &configuration) }) { test in
            let id = try await test.finishedCall(saying: ["no thank you"])
            let base = "/api/v1/webhooks"
            var deliveries: [[String: Any]] = []
            try await test.waitUntil("both are finished") {
                deliveries =
                    try await test.api("GET", "\(base)/deliveries?call=\(id)").object["deliveries"] as? [[String: Any]]
                    ?? []
                return deliveries.count == 2 && deliveries.allSatisfy { $0["state"] as? String != "pending" }
            }
            #expect(deliveries.map { $0["event"] as? String } == ["call.ended", "call.started"])
            #expect(deliveries[0]["reason"] as? String == "status 410: moved away")
            #expect(deliveries[0]["status"] as? Int == 410 && deliveries[0]["payload"] == nil)
            let dead = try await test.api("GET", "\(base)/deliveries/msg_ended_\(id)_crm").object
            #expect(dead["state"] as? String == "dead" && dead["payload"] as? String == receiver.requests.last?.body)
            let page = try await test.api("GET", "\(base)/deliveries?limit=1").object
            let next = try #require(page["next"] as? Int)
            let last = try await test.api("GET", "\(base)/deliveries?limit=1&after=\(next)&state=delivered").object
            #expect((last["deliveries"] as? [[String: Any]])?.count == 1 && last["next"] == nil)

            var endpoint: [String: Any] = [:]
            func look() async throws {
                let answer = try await test.api("GET", "\(base)/endpoints").object
                endpoint = (answer["endpoints"] as? [[String: Any]])?.first ?? [:]
            }
            // Its delivery is finished a moment before that is stored.
            try await test.waitUntil("the endpoint is disabled") {
                try await look()
                return endpoint["state"] as? String != "open"
            }
            #expect(
                endpoint["state"] as? String == "disabled" && endpoint["reason"] as? String == "status 410: moved away")
            #expect(
                endpoint["url"] as? String == "http://127.0.0.1:\(receiver.port)/hooks" && endpoint["dead"] as? Int == 1
            )
            let enabled = try await test.api("POST", "\(base)/endpoints/crm/enable")
            #expect(enabled.status == 200)
            try await look()
            #expect(endpoint["state"] as? String == "open")

            let again = try await test.api("POST", "\(base)/deliveries/msg_started_\(id)_crm/replay")
            #expect(again.status == 202 && again.object["replays"] as? Int == 1)
            try await test.waitUntil("it was sent again") { receiver.requests.count == 3 }
            #expect(receiver.requests[2].id == receiver.requests[0].id)
            #expect(receiver.requests[2].body == receiver.requests[0].body)
        }
    }

    @Test("the API refuses what is not there, what waits, and who may not")
    func refused() async throws {
        let receiver = try HookReceiver { _, _ in .answer(503) }
        try await ServiceUnderTest.run(configure: { configuration, _ in Self.tell(receiver, &configuration) }) { test in
            let base = "/api/v1/webhooks"
            _ = try await test.finishedCall(saying: ["no thank you"])
            let id = try #require(try await test.service.store.webhooks().deliveries.last?.id)
            let waits = try await test.api("POST", "\(base)/deliveries/\(id)/replay")
            #expect(waits.status == 409 && waits.detail == "The delivery waits to be sent already.")
            for path in ["deliveries/none/replay", "endpoints/none/enable"] {
                let answer = try await test.api("POST", "\(base)/\(path)")
                #expect(answer.status == 404 && answer.detail.contains("GET /api/v1/webhooks"))
            }
            #expect(try await test.api("GET", "\(base)/deliveries/none").status == 404)
            for query in ["state=lost", "limit=0", "after=x", "event=call.rang"] {
                #expect(try await test.api("GET", "\(base)/deliveries?\(query)").status == 400, "\(query)")
            }
            let (secret, record) = KeyRing.make(name: "wall", scope: .viewer, at: Date())
            try await test.service.store.add(record)
            let headers = [("Authorization", "Bearer \(secret)")]
            for path in ["deliveries/\(id)/replay", "endpoints/crm/enable"] {
                #expect(try await test.api("POST", "\(base)/\(path)", headers: headers).status == 403)
            }
            #expect(try await test.api("GET", "\(base)/deliveries/\(id)", headers: headers).status == 200)
            #expect(try await test.api("GET", "\(base)/endpoints").status == 401)
        }
    }

    @Test("a review is told when it is filed, without what its tool keeps hidden")
    func reviews() async throws {
        let receiver = try HookReceiver()
        try await ServiceUnderTest.run(configure: { configuration, _ in Self.tell(receiver, &configuration) }) { test in
            let roster = WebhookRoster(test.service.configuration.webhooks)
            let draft = ReviewDraft(
                idempotencyKey: "k", callID: "c1", agent: "thermostat", agentVersion: "v", contact: "+15550100",
                tool: "refund", arguments: #"{"amount":"40 dollars"}"#, reason: "more than 20 dollars",
                expiresAt: Date() + 3600)
            for _ in 0..<2 { _ = try await test.service.store.file(draft) { roster.reviewRequested($0) } }
            try await test.waitUntil("it arrived") { !receiver.requests.isEmpty }
            let data = try #require(receiver.requests[0].object["data"] as? [String: Any])
            #expect(receiver.requests[0].type == "review.requested" && data["tool"] as? String == "refund")
            #expect(data["arguments"] as? [String: String] == ["amount": "40 dollars"])
            if ProcessInfo.processInfo.environment["PARLEY_SHOW_EVENTS"] != nil { print(receiver.requests[0].body) }
            let review = try await test.service.store.review(id: 1)
            let hidden = ReviewBody(review, redacted: ["amount"], isOpen: true)
            #expect(hidden.arguments?["amount"]?.string == "[redacted]")
        }
        #expect(receiver.requests.count == 1)
    }

    @Test("an attempt is told when it is over, also when nobody answered, and with a call in that call's order")
    func attempts() async throws {
        let receiver = try HookReceiver()
        var configuration = ParleyConfiguration()
        Self.tell(receiver, &configuration)
        let (webhooks, numbers) = (configuration.webhooks, CampaignUnderTest.numbers(2))
        try await CampaignUnderTest.run {
            $0.callee = { number, _ in number == numbers[0] ? .talks([SpokenClip.saying("yes")]) : .noAnswer }
        } _: { test in
            try await test.begin(numbers)
            // What the drain does not manage on a busy machine would go out at the next start, and this test has none.
            try await test.serve(webhooks: webhooks) { store in
                let isFinished = try await CampaignUnderTest.isFinished(store)
                return isFinished && receiver.requests.count >= 4
            }
        }
        let requests = receiver.requests
        let finished = requests.filter { $0.type == "campaign.attempt.finished" }
        #expect(finished.count == 2 && requests.count == 4, "\(requests.map(\.body))")
        for request in finished {
            let data = try #require(request.object["data"] as? [String: Any])
            let contact = try #require(data["contact"] as? [String: Any])
            let isReached = contact["number"] as? String == numbers[0]
            #expect(data["outcome"] as? String == (isReached ? "reached" : "no_answer"))
            #expect(data["campaign"] as? String == "test" && contact["state"] as? String == "done")
            #expect(contact["attempts"] as? Int == 1 && (data["callID"] != nil) == isReached)
            if isReached {
                let own = requests.filter { $0.body.contains("\"\(data["callID"] as? String ?? "none")\"") }
                #expect(own.first?.type == "call.started" && own.count == 3)
            }
            if ProcessInfo.processInfo.environment["PARLEY_SHOW_EVENTS"] != nil { print(request.body) }
        }
    }

    @Test("a campaign that its breaker pauses is told once, with the reason")
    func paused() async throws {
        let receiver = try HookReceiver()
        var configuration = ParleyConfiguration()
        Self.tell(receiver, &configuration)
        let webhooks = configuration.webhooks
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in .fails(sipCode: 500) }
        } _: { test in
            try await test.begin(CampaignUnderTest.numbers(20)) {
                $0.pacing.breakerShare = 0.5
                $0.pacing.breakerWindow = 5
                $0.pacing.concurrency = 1
            }
            try await test.serve(webhooks: webhooks) { store in
                let campaign = try await store.campaign(named: "test")
                return campaign.state == .paused && receiver.requests.contains { $0.type == "campaign.paused" }
            }
        }
        let told = receiver.requests.filter { $0.type == "campaign.paused" }
        #expect(told.count == 1)
        let data = try #require(told.first?.object["data"] as? [String: Any])
        #expect(data["campaign"] as? String == "test")
        #expect((data["reason"] as? String)?.hasSuffix("of the last 5 attempts failed") == true)
        #expect(data["id"] as? String != nil && data["pausedAt"] as? String != nil)
        receiver.close()
    }

    @Test("check says whether an endpoint can be reached, and a test event is signed and shown with its answer")
    func probe() async throws {
        let receiver = try HookReceiver { request, _ in request.type == "parley.test" ? .answer(202) : .answer(405) }
        var configuration = ParleyConfiguration()
        Self.tell(receiver, &configuration)
        var off = ParleyConfiguration.Webhooks.Endpoint()
        off.isEnabled = false
        configuration.webhooks.endpoints["off"] = off
        let findings = await SystemCheck.webhooks(configuration)
        #expect(findings.map(\.isOK) == [true, true])
        #expect(findings[0].detail.contains("answers (405 to HEAD)") && findings[1].detail.contains("enabled is off"))
        let probe = WebhookProbe(configuration.webhooks, logger: LogCollector().logger)
        let report = try #require(await probe.test("crm"))
        #expect(report.isDelivered && report.status == 202)
        #expect(WebhookText.report(report).contains("status 202 after"))
        let request = try #require(receiver.requests.last)
        #expect(request.id == report.id && request.body == report.payload)
        #expect(request.headers["webhook-signature"] == report.headers["webhook-signature"])
        #expect(await probe.test("none") == nil)
        configuration.webhooks.allowedAddresses = []
        let refused = await SystemCheck.webhooks(configuration)
        #expect(!refused[0].isOK && refused[0].detail.contains("webhooks.allow_addresses"), "\(refused[0].detail)")
        receiver.close()
    }

    @Test(
        "the library of Standard Webhooks verifies what is sent, with either secret, and nothing else",
        .enabled(if: TestPeers.python != nil, "PARLEY_PEERS names no environment"))
    func peer() async throws {
        let receiver = try HookReceiver()
        var configuration = ParleyConfiguration()
        Self.tell(receiver, &configuration)
        let endpoint = try #require(configuration.webhooks.endpoints["crm"])
        let report = try #require(
            await WebhookProbe(configuration.webhooks, logger: LogCollector().logger).test("crm"))
        let request = try #require(receiver.requests.last)
        let input: [String: Any] = [
            "secrets": [endpoint.secret, endpoint.previousSecret].compactMap { $0?.value },
            "headers": request.headers, "body": request.body,
        ]
        let (status, text, error) = try TestPeers.run(
            """
            import json, sys
            from standardwebhooks import Webhook, WebhookVerificationError
            case = json.load(sys.stdin)
            for secret in case["secrets"]:
                event = Webhook(secret).verify(case["body"], case["headers"])
                print(event["type"], event["id"])
            def refused(secret, body, headers):
                try:
                    Webhook(secret).verify(body, headers)
                except WebhookVerificationError:
                    print("refused")
            secret, headers = case["secrets"][0], case["headers"]
            refused(secret, case["body"].replace("reach", "hear"), headers)
            refused(secret, case["body"], {**headers, "webhook-id": "msg_other"})
            refused(secret, case["body"], {**headers, "webhook-timestamp": "1614265330"})
            refused("whsec_" + "A" * 43 + "=", case["body"], headers)
            """, input: String(decoding: try JSONSerialization.data(withJSONObject: input), as: UTF8.self))
        #expect(status == 0, "\(error)")
        let verified = "parley.test \(report.id)"
        #expect(
            text.split(separator: "\n").map(String.init)
                == [verified, verified, "refused", "refused", "refused", "refused"])
    }
}
