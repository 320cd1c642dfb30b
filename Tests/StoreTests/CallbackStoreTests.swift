import Foundation
import Testing

@testable import Store

@Suite("Promised callbacks and messages in the store", .onBothEngines)
struct CallbackStoreTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func promise(_ id: String, dueIn seconds: Double, number: String = "+12127365000") -> CallbackRecord {
        CallbackRecord(
            id: id, callID: "c1", number: number, note: "prices", dueAt: Self.now + seconds,
            timeZone: "America/New_York", promisedAt: Self.now)
    }

    @Test("a number is promised one call by a call: a later promise takes the place of the first, under its id")
    func once() async throws {
        let store = try directory.store()
        #expect(try await store.promise(promise("b1", dueIn: 60)).id == "b1")
        let again = try await store.promise(promise("b2", dueIn: 3600))
        #expect(again.id == "b1" && again.dueAt == Self.now + 3600 && again.state == .promised)
        #expect(try await store.promise(promise("b3", dueIn: 60, number: "+12127365001")).id == "b3")
        #expect(try await store.callbacks().count == 2)
        #expect(try await store.handOver(callback: "b1", at: Self.now))
        #expect(try await store.callback(id: "b1").state == .queued)
        // Of one call one is called.
        #expect(try await store.callback(id: "b3").state == .cancelled)
    }

    @Test("a caller whose call goes on as another one is promised one call to a number by both")
    func resumed() async throws {
        let store = try directory.store()
        for (id, before) in [("c1", nil), ("c2", "c1"), ("c3", "c2")] as [(String, String?)] {
            try await store.apply(
                [
                    .call(
                        CallRecord(
                            id: id, carrier: "twilio", direction: .inbound, from: "+12127365000", to: "+1",
                            agent: "desk",
                            agentVersion: "v", startedAt: Self.now, resumes: before))
                ], firstRevision: 1)
        }
        _ = try await store.promise(promise("b1", dueIn: 60))
        var later = promise("b2", dueIn: 3600)
        later.callID = "c3"
        let again = try await store.promise(later)
        #expect(again.id == "b1" && again.callID == "c1" && again.dueAt == Self.now + 3600)
        #expect(try await store.callbacks().map(\.id) == ["b1"])
        // They are as many together as one call may be promised, whichever of them is asked.
        for (index, id) in ["b3", "b4"].enumerated() {
            var next = promise(id, dueIn: 60, number: "+1212736501\(index)")
            next.callID = "c\(index + 2)"
            #expect(try await store.promise(next).callID == "c1")
        }
        var more = promise("b5", dueIn: 60, number: "+12127365019")
        more.callID = "c2"
        do throws(StoreError) {
            _ = try await store.promise(more)
            Issue.record("a fourth number is promised a call")
        } catch {
            #expect(error.code == .rejected)
        }
        // Another caller's is their own.
        var other = promise("b6", dueIn: 60)
        other.callID = "c9"
        #expect(try await store.promise(other).id == "b6")
        // Of all numbers one is called.
        #expect(try await store.handOver(callback: "b4", at: Self.now))
        for (id, state) in [("b1", CallbackRecord.State.cancelled), ("b3", .cancelled), ("b6", .promised)] {
            #expect(try await store.callback(id: id).state == state, "\(id)")
        }
    }

    @Test("is cancelled with its contact while that waits, and not any more when it is called")
    func cancelled() async throws {
        let store = try directory.store()
        for (id, number) in [("b1", "+12127365000"), ("b2", "+12127365001")] {
            _ = try await store.promise(promise(id, dueIn: 60, number: number))
            try await store.createCampaign(
                CampaignRecord(
                    id: id, name: CallbackRecord.campaign(of: id), definition: "{}", createdAt: Self.now))
            _ = try await store.addContacts([NewContact(number: number)], toCampaign: id, at: Self.now)
        }
        #expect(try await store.cancel(callback: "b1", at: Self.now))
        #expect(try await store.cancel(callback: "b1", at: Self.now))
        #expect(try await store.callback(id: "b1").state == .cancelled)
        #expect(try await store.callback(id: "b1").contact == "done")
        let contact = try await store.contact(campaign: "b2", number: "+12127365001")
        #expect(
            try await store.intend(
                AttemptRecord(
                    id: "a", campaignID: "b2", contactID: contact.id, number: contact.number,
                    callerID: "+12127365999", agent: "reminder", decision: "{}", intendedAt: Self.now)))
        #expect(try await !store.cancel(callback: "b2", at: Self.now))
        #expect(try await store.callback(id: "b2").contact == "calling")
        await #expect(throws: StoreError.self) { try await store.cancel(callback: "b9", at: Self.now) }
    }

    private func consent(_ callback: CallbackRecord) -> ConsentRecord {
        ConsentRecord(
            number: callback.number, seller: "Clinic", kind: .express, source: callback.consentSource,
            givenAt: Self.now, expiresAt: callback.dueAt + 86_400)
    }

    private func campaign(_ id: String, in store: Store) async throws {
        try await store.createCampaign(
            CampaignRecord(id: id, name: CallbackRecord.campaign(of: id), definition: "{}", createdAt: Self.now))
    }

    private func enlist(_ callback: CallbackRecord, in store: Store) async throws -> Bool {
        try await store.enlist(
            callback: callback.id, campaign: callback.id, variables: [:], consent: consent(callback), at: Self.now)
    }

    @Test("what is cancelled while it is handed over stays so; promised again it waits again; its consent ends with it")
    func again() async throws {
        let store = try directory.store()
        let first = try await store.promise(promise("b1", dueIn: 60))
        try await campaign("b1", in: store)
        #expect(try await enlist(first, in: store))
        #expect(try await store.cancel(callback: "b1", at: Self.now))
        #expect(try await !store.handOver(callback: "b1", at: Self.now))
        #expect(try await !enlist(first, in: store))
        #expect(try await store.campaign(named: "callback-b1").state == .created)
        // With a reason, also once it is cancelled, its campaign is over; promised again it runs.
        #expect(try await store.cancel(callback: "b1", because: "refused", at: Self.now))
        let ended = try await store.campaign(named: "callback-b1")
        #expect(ended.state == .finished && ended.reason == "refused")
        let standing = try await store.standing(of: first.number, conversations: ["reached"], now: Self.now)
        #expect(standing.consents.map(\.expiresAt) == [Self.now] && standing.consents.first?.revokedAt == nil)
        let later = try await store.promise(promise("b2", dueIn: 3600))
        #expect(try await enlist(later, in: store))
        #expect(try await store.handOver(callback: "b1", at: Self.now))
        #expect(try await !store.handOver(callback: "b1", at: Self.now))
        let callback = try await store.callback(id: "b1")
        #expect(callback.contact == "waiting" && callback.outcome == nil && callback.campaignState == "running")
        let contact = try await store.contact(campaign: "b1", number: first.number)
        #expect(contact.nextAt == Self.now + 3600 && contact.callbackAt == Self.now + 3600)
    }

    private func isOpen(
        _ number: String = "+12127365000", in store: Store, dueIn seconds: Double = 60
    ) async throws -> Bool {
        try await store.hasOpenCallback(to: number, dueBy: Self.now + seconds)
    }

    @Test("a number has an open promise while one waits to be kept, if it is not due later")
    func open() async throws {
        let store = try directory.store()
        #expect(try await !isOpen(in: store))
        let callback = try await store.promise(promise("b1", dueIn: 60))
        #expect(try await isOpen(in: store))
        #expect(try await !isOpen(in: store, dueIn: 59))
        #expect(try await !isOpen("+12127365001", in: store))
        try await campaign("b1", in: store)
        #expect(try await enlist(callback, in: store))
        #expect(try await store.handOver(callback: "b1", at: Self.now))
        #expect(try await isOpen(in: store))
        let contact = try await store.contact(campaign: "b1", number: callback.number)
        #expect(
            try await store.intend(
                AttemptRecord(
                    id: "a", campaignID: "b1", contactID: contact.id, number: contact.number,
                    callerID: "+12127365999", agent: "reminder", decision: "{}", intendedAt: Self.now)))
        // It may be the last one.
        #expect(try await !isOpen(in: store))
        var other = promise("b2", dueIn: 60, number: "+12127365001")
        other.callID = "c2"
        _ = try await store.promise(other)
        #expect(try await isOpen("+12127365001", in: store))
        #expect(try await store.cancel(callback: "b2", at: Self.now))
        #expect(try await !isOpen("+12127365001", in: store))
    }

    @Test("of two nodes that promise one number a call in the same instant one does")
    func oneOfTwoNodes() async throws {
        let nodes = [try directory.store(), try directory.store()]
        for round in 0..<12 {
            let number = "+121273651\(round + 10)"
            let made = try await withThrowingTaskGroup(of: CallbackRecord?.self) { group in
                for (index, node) in nodes.enumerated() {
                    var callback = promise("b\(round)-\(index)", dueIn: 60 + Double(index), number: number)
                    callback.callID = "c\(round)-\(index)"
                    let asked = callback
                    group.addTask { try await node.promise(asked, unlessDueBy: Self.now + 120) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(made.compactMap(\.self).count == 1)
        }
        let kept = try await nodes[0].callbacks()
        #expect(kept.count == 12 && Set(kept.map(\.number)).count == 12)
        // One that is due too late is not enough, nor one that was cancelled.
        var soon = promise("soon", dueIn: 10, number: kept[0].number)
        soon.callID = "c-soon"
        #expect(try await nodes[1].promise(soon, unlessDueBy: Self.now + 59) != nil)
        #expect(try await nodes[1].cancel(callback: "soon", at: Self.now))
        #expect(try await nodes[1].cancel(callback: kept[0].id, at: Self.now))
        #expect(try await nodes[0].promise(soon, unlessDueBy: Self.now + 120)?.state == .promised)
        for node in nodes { try node.close() }
    }

    @Test("what was kept is forgotten with its campaign and consent; what is still due stays")
    func forgotten() async throws {
        let store = try directory.store()
        for (id, number) in [("b1", "+12127365000"), ("b2", "+12127365001")] {
            var callback = promise(id, dueIn: 60, number: number)
            callback.callID = id
            callback = try await store.promise(callback)
            try await campaign(id, in: store)
            #expect(try await enlist(callback, in: store))
            #expect(try await store.handOver(callback: id, at: Self.now))
        }
        #expect(try await store.cancel(callback: "b1", at: Self.now))
        _ = try await store.deleteCalls(before: Self.now + 86_400)
        #expect(try await store.callbacks().map(\.id) == ["b2"])
        #expect(try await store.campaigns().map(\.id) == ["b2"])
        let (gone, kept) = (
            try await store.standing(of: "+12127365000", conversations: ["reached"], now: Self.now),
            try await store.standing(of: "+12127365001", conversations: ["reached"], now: Self.now)
        )
        #expect(gone.consents.isEmpty && kept.consents.count == 1)
    }

    private func message(_ words: String, _ state: VoicemailRecord.State, until seconds: Double) -> VoicemailRecord {
        VoicemailRecord(
            callID: "c1", number: "+12127365000", words: words, reason: "busy", state: state,
            begunAt: Self.now + 10, endedAt: Self.now + seconds)
    }

    @Test("a message grows, is whole once, is told once, and is where it is in the recording")
    func message() async throws {
        let store = try directory.store()
        try await store.apply(
            [
                .call(
                    CallRecord(
                        id: "c1", carrier: "twilio", direction: .inbound, from: "+12127365000", to: "+1", agent: "desk",
                        agentVersion: "v", startedAt: Self.now, endedAt: Self.now + 40, recordingPath: "/r/c1.wav"))
            ], firstRevision: 1)
        try await store.keep(message("the pump", .taking, until: 14))
        #expect(try await store.abandonedVoicemails(before: Self.now) == ["c1"])
        try await store.keep(message("the pump is leaking", .new, until: 20))
        #expect(try await store.abandonedVoicemails(before: Self.now) == [])
        let whole = try await store.voicemail(call: "c1")
        #expect(whole.words == "the pump is leaking" && whole.state == .new)
        #expect(whole.recordedFrom == 10 && whole.recordedTo == 20)
        let draft = WebhookDraft(
            id: "m", endpoint: "crm", event: "voicemail.taken", stream: "c1", subject: "c1", happenedAt: Self.now)
        // It was whole before: nobody is told again.
        try await store.finishVoicemail(call: "c1") { _ in [draft] }
        #expect(try await store.unwrittenWebhooks(limit: 10).isEmpty)
        let heard = try await store.markHeard(voicemail: "c1", by: "ann", at: Self.now + 90)
        #expect(heard.state == .heard && heard.heardBy == "ann")
        #expect(try await store.markHeard(voicemail: "c1", by: "bob", at: Self.now + 99).heardBy == "ann")
        #expect(try await store.voicemails(in: .new).isEmpty)
        _ = try await store.promise(promise("b1", dueIn: 60))
        _ = try await store.deleteCalls(before: Self.now + 86_400)
        #expect(try await store.voicemails().isEmpty)
        #expect(try await store.callbacks().isEmpty)
    }
}
