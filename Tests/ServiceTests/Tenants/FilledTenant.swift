import Agent
import Campaigns
import Foundation
import Networking
import Store
import Telephony
import Testing

@testable import Service

/// A tenant with one of everything, each of which says one word that nobody else says.
struct FilledTenant {
    /// In what is kept and told, never in what is asked for by its name or id.
    let mark: String
    let key: String
    var keyID: String
    /// Of somebody who signs in with ``password``.
    let account = "bosun"
    let password = "a dozen letters"
    let agent: String
    /// The number that callers of it dial.
    let number = "+15550111"
    let suppressed = "+12127365777"
    /// One that has ended, and one on the line.
    var call = ""
    var live = ""
    var attempt = ""
    var review = 0
    /// An import of contacts of which rows were left out.
    var rejects = ""
    /// Of somebody who is signed in to its console.
    var session = ""
    var campaign = "winter-checkups"
    let callback = "cb-crossing"
    let endpoint = "harbour"

    var headers: [(String, String)] { [("Authorization", "Bearer \(key)")] }
    var delivery: String { "msg_ended_\(call)_\(endpoint)" }

    func isTold(in body: Data) -> Bool { body.range(of: Data(mark.utf8)) != nil }

    func signature(_ path: String, _ form: [String: String], port: Int) -> String {
        let fields = FormBody(form.sorted { $0.key < $1.key }.map { FormBody.Field($0.key, $0.value) })
        return TwilioSignature(authToken: ServiceUnderTest.authToken).sign(
            url: "http://127.0.0.1:\(port)\(path)", form: fields)
    }

    /// Serves two tenants, the north filled and the south as it was made, with a call of the north's on the line to which
    /// somebody listens.
    static func run(_ body: (TwoTenants, FilledTenant) async throws -> Void) async throws {
        let letters = (0..<8).map { _ in String("bcdfgklmnprstvz".randomElement() ?? "z") }.joined()
        let (mark, agent) = ("quay\(letters)", "harbourmaster")
        let receiver = try HookReceiver { request, _ in
            request.type == "call.ended" ? .answer(410, body: mark) : .answer(200)
        }
        var layout = TwoTenants.Layout()
        layout.agents["north"] = (agent, "Hello, \(mark) speaking.")
        layout.documents["north"] = "# House rules\n\nThe word of the house is \(mark).\n"
        let secret = "whsec_" + Data(repeating: 9, count: 32).base64EncodedString()
        layout.more["north"] = """
            webhooks: {allow_addresses: 127.0.0.1, endpoints: {harbour: {url: "http://127.0.0.1:\(receiver.port)/", secret: "\(secret)"}}}
            """
        try await TwoTenants.run(layout) { tenants in
            let (key, record) = KeyRing.make(name: "desk \(mark)", scope: .admin, at: Date())
            try await tenants.north.service.store.add(record)
            var filled = FilledTenant(mark: mark, key: key, keyID: record.id, agent: agent)
            try await filled.fill(tenants.north)
            let listening = try await filled.openLine(tenants.north)
            defer { listening.cancel() }
            try await body(tenants, filled)
        }
    }

    private mutating func fill(_ test: ServiceUnderTest) async throws {
        let (store, now) = (test.service.store, Date())
        _ = try await test.call("CApast", saying: ["the word is \(mark)", "no thank you"], to: number)
        var found = ""
        try await test.waitUntil("the call is stored and told") {
            found = try await store.calls(matching: CallFilter(hasEnded: true)).calls.first?.id ?? ""
            guard !found.isEmpty else { return false }
            let answer = try await test.api(
                "GET", "/api/v1/webhooks/deliveries/msg_ended_\(found)_\(endpoint)", headers: headers)
            return answer.object["state"] as? String == "dead"
        }
        call = found
        review = try await fileReview("r", in: store)
        _ = try await store.promise(
            CallbackRecord(
                id: callback, callID: call, number: "+15550100", note: mark, dueAt: now + 86_400,
                timeZone: "America/New_York", promisedAt: now))
        try await store.keep(
            VoicemailRecord(
                callID: call, number: "+15550100", words: mark, reason: "nobody was there", state: .new, begunAt: now,
                endedAt: now))
        try await store.note(
            ContactFact(contact: "+15550100", name: "pet", value: mark, source: agent, notedAt: now))
        try await store.suppress([
            SuppressionRecord(
                list: SuppressionRecord.internalList, number: suppressed, reason: mark, callID: call, addedAt: now),
            SuppressionRecord(list: mark, number: "+12127365778", reason: "x", addedAt: now),
        ])
        try await store.store(
            ConsentRecord(
                number: suppressed, seller: "\(mark) Clinic", kind: .express, source: mark,
                givenAt: now.addingTimeInterval(-60)))
        for name in [account, mark] {
            try await store.add(
                AccountRecord(
                    name: name, scope: .admin, password: try Password.hash(password), createdAt: now, changedAt: now))
        }
        try await fillScorecard(store)
        try await fillAnalysis(store)
        try await store.apply([
            RevisedWrite(
                revision: 1, write: .incident(IncidentRecord(callID: call, happenedAt: now, kind: "x", detail: mark)))
        ])
        try await fillCampaign(test)
        let signIn = try await test.api("POST", "/api/v1/session", json: ["key": key])
        #expect(signIn.status == 200, "\(signIn.detail)")
        let open = try await test.api("GET", "/api/v1/sessions", headers: headers).object["sessions"]
        session = (open as? [[String: Any]])?.first?["id"] as? String ?? ""
        #expect(!session.isEmpty)
        let path = "/api/v1/agents/\(agent)/publish"
        for greeting in ["Hello, \(mark) speaking.", "Good day, \(mark) speaking."] {
            let source = try String(
                contentsOf: test.directory.appending(path: "agents/\(agent).yaml"), encoding: .utf8
            ).replacing("Hello, \(mark) speaking.", with: greeting)
            let answer = try await test.api(
                "POST", path, json: ["source": source, "note": "as \(mark) wants it"], headers: headers)
            #expect(answer.status == 200, "\(answer.detail)")
        }
    }

    /// - Returns: the review's id.
    func fileReview(_ idempotencyKey: String, in store: Store) async throws -> Int {
        try await store.file(
            ReviewDraft(
                idempotencyKey: idempotencyKey, callID: call, agent: agent, agentVersion: "v", contact: "+15550100",
                tool: "refund", arguments: #"{"reason":"\#(mark)"}"#, reason: "policy", expiresAt: Date() + 3600)
        ).id
    }

    /// Wanted again where the service's own runner has taken it first.
    private func fillScorecard(_ store: Store) async throws {
        for _ in 0..<100 {
            try await store.wantScore(ofCall: call)
            guard let claim = try await store.claimScorecard(ofCall: call, lease: .seconds(60)) else { continue }
            if try await store.note(ScorecardOutcome(state: .done, note: "as \(mark) says"), for: claim) { return }
        }
        Issue.record("the call is scored by somebody else each time")
    }

    private func fillAnalysis(_ store: Store) async throws {
        for _ in 0..<100 {
            try await store.wantAnalysis(ofCall: call)
            guard let claim = try await store.claimAnalysis(ofCall: call, lease: .seconds(60)) else { continue }
            if try await store.note(AnalysisOutcome(state: .done, note: "as \(mark) says"), for: claim) { return }
        }
        Issue.record("the call is written down by somebody else each time")
    }

    private mutating func fillCampaign(_ test: ServiceUnderTest) async throws {
        let store = test.service.store
        let rules = try CallingRules(directory: OfficeUnderTest.configurationFolder.appending(path: "campaigns").path)
        var definition = CampaignDefinition()
        definition.name = campaign
        definition.agent = "reminder"
        // As its greeting says.
        definition.seller = "Lakeside Clinic"
        definition.callerIDs = ["+12127365999"]
        _ = try await CampaignOffice(store: store, rules: rules, agents: test.service.agents.agents).create(definition)
        let record = try await store.campaign(named: campaign)
        _ = try await store.addContacts(
            [NewContact(number: "+12127365000", variables: ["name": mark])], toCampaign: record.id, at: Date())
        let contact = try await store.contact(campaign: record.id, number: "+12127365000")
        attempt = CallID.new()
        #expect(
            try await store.intend(
                AttemptRecord(
                    id: attempt, campaignID: record.id, contactID: contact.id, number: contact.number,
                    callerID: "+12127365999", agent: "reminder", decision: "{}", intendedAt: Date())))
        _ = try await store.markAsked(attempt: attempt, at: Date())
        _ = try await store.end(
            attempt: attempt, Store.AttemptEnd(outcome: "busy", detail: mark, counts: true, next: Date() + 3600),
            at: Date())
        let rows = try await test.api(
            "POST", "/api/v1/campaigns/\(campaign)/contacts", json: ["contacts": [["phone": mark]]], headers: headers)
        #expect(rows.status == 201 && rows.object["rejectedAt"] is String, "\(rows.detail)")
        rejects = rows.object["id"] as? String ?? ""
    }

    /// Somebody calls and says nothing: the call's id, and who stays on the line for as long as they are kept.
    func silentCall(_ carrierID: String, _ test: ServiceUnderTest) async throws -> (id: String, caller: TestCaller) {
        func onTheLine() async throws -> Set<String> {
            let calls = try await test.api("GET", "/api/v1/live", headers: headers).object["calls"] as? [[String: Any]]
            return Set((calls ?? []).compactMap { $0["id"] as? String })
        }
        let before = try await onTheLine()
        let caller = TestCaller(saying: ["never said"], on: test.loop, mayAnswer: { _ in false })
        caller.dial(try await test.announce(carrierID, to: number))
        var id: String?
        try await test.waitUntil("\(carrierID) is live") {
            id = try await onTheLine().subtracting(before).first
            return id != nil
        }
        return (try #require(id), caller)
    }

    /// Somebody calls and says nothing, and somebody else listens until the task is cancelled.
    private mutating func openLine(_ test: ServiceUnderTest) async throws -> Task<Void, Never> {
        let (id, caller) = try await silentCall("CAlive", test)
        live = id
        let heard = Lock(0)
        let request = HTTPClientRequest(
            method: "GET", url: "http://127.0.0.1:\(test.privatePort)/api/v1/calls/\(live)/audio", headers: headers)
        let listening = Task { [client = test.client] in
            defer { withExtendedLifetime(caller) {} }
            guard let answer = try? await client.send(request), answer.status == 200 else { return }
            do {
                for try await chunk in answer.body { heard.withLock { $0 += chunk.count } }
            } catch {}
        }
        try await test.waitUntil("somebody listens") { heard.withLock { $0 } > 1000 }
        return listening
    }
}
