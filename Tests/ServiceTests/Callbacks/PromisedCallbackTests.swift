import Agent
import Callers
import Campaigns
import Emulators
import Foundation
import Logging
import Store
import Testing

@testable import Service

@Suite("Callbacks promised on inbound calls")
struct PromisedCallbackTests {
    private static func promises(
        _ test: CampaignUnderTest, _ store: Store, now: @escaping @Sendable () -> Date = { Date() }
    ) throws -> PromisedCallbacks {
        var settings = ParleyConfiguration.Callbacks()
        settings.agent = "reminder"
        settings.seller = "Lakeside Clinic"
        settings.callerID = "+12127365999"
        let office = try test.office(store)
        return PromisedCallbacks(
            store: store, settings: settings, rules: { office.rules }, agents: { office.agents },
            webhooks: WebhookRoster(), now: now,
            logger: silent)
    }

    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let number = "+12127365001"
    private static let call = CallFacts(callID: "c1", callerNumber: number)

    @Test("are placed when they are due, through the gate, once, however often they are handed over")
    func placed() async throws {
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in .talks([SpokenClip.saying("yes")]) }
        } _: { test in
            let store = try Store(path: test.database)
            // A minute ago somebody asked to be called in a minute.
            let promises = try Self.promises(test, store) { Date() - 61 }
            _ = try await promises.promise(.after(minutes: 1), number: nil, note: "prices", call: Self.call)
            _ = try await promises.promise(.after(minutes: 1), number: nil, note: "prices", call: Self.call)
            try await promises.resume()
            #expect(try await store.callbacks().map(\.state) == [.queued])
            try store.close()
            try await test.serve { store in try await store.callbacks().first?.contact == "done" }
            #expect(test.carrier.calls.count == 1)
            try await test.afterwards { store in
                let callback = try #require(try await store.callbacks().first)
                #expect(callback.outcome == "reached" && callback.attempts == 1)
                let contact = try #require(
                    try await store.contacts(campaign: try await store.campaign(named: callback.campaign).id).first)
                #expect(contact.variables["callback_note"] == "prices")
            }
        }
    }

    @Test("what a process that died had only promised is handed over at the next start")
    func resumed() async throws {
        try await CampaignUnderTest.run { _ in
        } _: { test in
            let store = try Store(path: test.database)
            _ = try await store.promise(
                CallbackRecord(
                    id: "b1", callID: "c1", number: Self.number, note: "", dueAt: Date() + 3600,
                    timeZone: "America/New_York", promisedAt: Date() - 120))
            let promises = try Self.promises(test, store)
            try await promises.resume()
            try await promises.resume()
            let callback = try await store.callback(id: "b1")
            #expect(callback.state == .queued && callback.contact == "waiting")
            #expect(try await store.campaigns().map(\.name) == ["callback-b1"])
            try store.close()
        }
    }

    @Test(
        "a single dial that the carrier did not take at first is followed to the call, and a promise made on it is kept open"
    )
    func singleDial() async throws {
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in .talks([SpokenClip.saying("yes")]) }
            $0.fault = { $0 == 0 ? .refuse(429) : .none }
        } _: { test in
            let done = Flag()
            try await withThrowingTaskGroup { group in
                group.addTask { try await test.serve { _ in done.isSet } }
                defer { done.set() }
                let store = try Store(path: test.database)
                let request = SingleDial.Request(
                    number: Self.number, agent: "reminder", callerID: "+12127365999", seller: "Lakeside Clinic",
                    purpose: .informational, consent: .express, consentSource: "test", variables: ["name": "Bob"],
                    country: "US")
                let later = Date() + 7200
                let promised = Flag()
                group.addTask {
                    // Somebody promises another call while this one is held.
                    while !promised.isSet, !done.isSet {
                        for campaign in try await store.campaigns() {
                            for contact in try await store.contacts(campaign: campaign.id)
                            where try await store.attempts(contact: contact.id).last?.state == .placed {
                                try await store.promise(contact: contact.id, callAt: later, at: Date())
                                promised.set()
                            }
                        }
                        try await Task.sleep(for: .milliseconds(5))
                    }
                }
                let report = try await SingleDial(office: try test.office(store)).run(
                    request, patience: .seconds(60)
                ) { _ in }
                #expect(report.outcome == "reached", "\(report)")
                #expect(report.callbackAt.map { abs($0.timeIntervalSince(later)) < 1 } == true)
                #expect(try await store.campaign(named: report.campaign).state == .running)
                let contact = try #require(
                    try await store.contacts(campaign: try await store.campaign(named: report.campaign).id).first)
                #expect(try await store.attempts(contact: contact.id).map(\.outcome) == ["not_placed", "reached"])
                #expect(contact.state == .waiting && abs(contact.nextAt.timeIntervalSince(later)) < 1)
                try store.close()
            }
        }
    }

    @Test("who is on the list is promised nothing, and nobody is where nobody calls back")
    func refused() async throws {
        try await CampaignUnderTest.run { _ in
        } _: { test in
            let store = try Store(path: test.database)
            try await store.suppress([
                SuppressionRecord(
                    list: SuppressionRecord.internalList, number: Self.number, reason: "asked", addedAt: Date())
            ])
            let promises = try Self.promises(test, store)
            let error = await #expect(throws: ToolError.self) {
                try await promises.promise(.after(minutes: 1), number: nil, note: "", call: Self.call)
            }
            #expect(error?.code == .conflict && error?.detail.contains("on the list") == true)
            #expect(try await store.callbacks().map(\.state) == [.cancelled])
            let campaign = try #require(try await store.campaigns().first)
            #expect(campaign.state == .finished && campaign.reason?.contains("on the list") == true)
            let office = try test.office(store)
            let nobody = PromisedCallbacks(
                store: store, settings: ParleyConfiguration.Callbacks(), rules: { office.rules },
                agents: { office.agents }, webhooks: WebhookRoster(), logger: Self.silent)
            let missing = await #expect(throws: ToolError.self) {
                try await nobody.promise(.after(minutes: 1), number: nil, note: "", call: Self.call)
            }
            #expect(missing?.detail.contains("callbacks.agent, callbacks.seller, callbacks.caller_id") == true)
            try store.close()
        }
    }

    @Test("who waited for a line with two calls is called once; a promise for later, or one taken back, is not enough")
    func soon() async throws {
        try await CampaignUnderTest.run { _ in
        } _: { test in
            let store = try Store(path: test.database)
            let promises = try Self.promises(test, store)
            let calls = (0..<4).map { CallFacts(callID: "c\($0)", callerNumber: Self.number) }
            _ = try await promises.promise(.after(minutes: 3 * 1440), number: nil, note: "prices", call: calls[0])
            for call in calls[1...2] {
                let isPromised = try await promises.promiseSoon(to: call)
                #expect(isPromised)
            }
            let queued = try await store.callbacks(in: .queued)
            #expect(Set(queued.map(\.callID)) == ["c0", "c1"])
            let soon = try #require(queued.first { $0.callID == "c1" })
            #expect(try await store.cancel(callback: soon.id, at: Date()))
            let isPromised = try await promises.promiseSoon(to: calls[3])
            #expect(isPromised)
            let left = try await store.callbacks(in: .queued)
            #expect(Set(left.map(\.callID)) == ["c0", "c3"])
            try store.close()
        }
    }

    @Test("who presses 1 on two nodes in one instant is called once, although their clocks differ")
    func twoNodes() async throws {
        try await CampaignUnderTest.run { _ in
        } _: { test in
            let stores = [try Store(path: test.database), try Store(path: test.database)]
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for (index, store) in stores.enumerated() {
                    // The second one's clock is behind.
                    let promises = try Self.promises(test, store) { Date() - Double(index) * 2 }
                    let call = CallFacts(callID: "c\(index)", callerNumber: Self.number)
                    group.addTask { try await promises.promiseSoon(to: call) }
                }
                for try await isPromised in group { #expect(isPromised) }
            }
            let live = try await stores[0].callbacks().filter { $0.state != .cancelled }
            #expect(live.map(\.state) == [.queued])
            for store in stores { try store.close() }
        }
    }

    @Test("a number of another country is never called, and a call is promised calls to few numbers")
    func countries() async throws {
        try await CampaignUnderTest.run { _ in
        } _: { test in
            // Where hours are known, so that only the country is against it.
            let hours = test.directory.appending(path: "campaigns/calling-hours.csv")
            let rows = ["JM", "DE"].map { "\($0),mon-sun,00:00,24:00,open,,test,2020-01-01\n" }.joined()
            try (Data(contentsOf: hours) + Data(rows.utf8)).write(to: hours)
            let store = try Store(path: test.database)
            let promises = try Self.promises(test, store)
            for number in ["+18765551234", "+493012345678"] {
                await #expect(throws: ToolError.self) {
                    try await promises.promise(.after(minutes: 1), number: number, note: "", call: Self.call)
                }
            }
            #expect(try await !store.callbacks().contains { $0.state != .cancelled })
            let other = CallFacts(callID: "c2", callerNumber: Self.number)
            for last in 1...3 {
                _ = try await promises.promise(
                    .after(minutes: 5), number: "+1212736500\(last)", note: "", call: other)
            }
            // Only the last one is called.
            let live = try await store.callbacks().filter { $0.state == .queued }
            #expect(live.map(\.number) == ["+12127365003"] && live.first?.contact == "waiting")
            let error = await #expect(throws: ToolError.self) {
                try await promises.promise(.after(minutes: 5), number: "+12127365004", note: "", call: other)
            }
            #expect(error?.code == .conflict)
            try store.close()
        }
    }

    @Test("a promise that cannot be handed over stops no other one")
    func poisoned() async throws {
        try await CampaignUnderTest.run { _ in
        } _: { test in
            let store = try Store(path: test.database)
            for (id, number) in [("b1", "12"), ("b2", Self.number)] {
                _ = try await store.promise(
                    CallbackRecord(
                        id: id, callID: id, number: number, note: "", dueAt: Date() + 3600,
                        timeZone: "America/New_York", promisedAt: Date() - (id == "b1" ? 130 : 120)))
            }
            try await Self.promises(test, store).resume()
            #expect(try await store.callback(id: "b1").state == .cancelled)
            #expect(try await store.callback(id: "b2").state == .queued)
            try store.close()
        }
    }

    @Test("whoever was told no because it took too long is not called")
    func late() async throws {
        try await CampaignUnderTest.run { _ in
        } _: { test in
            let store = try Store(path: test.database)
            let promises = try Self.promises(test, store)
            let promise = Task {
                while !Task.isCancelled { await Task.yield() }
                _ = try await promises.promise(.after(minutes: 5), number: nil, note: "", call: Self.call)
            }
            promise.cancel()
            await #expect(throws: (any Error).self) { try await promise.value }
            #expect(try await !store.callbacks().contains { $0.state != .cancelled })
            #expect(try await !store.campaigns().contains { $0.state == .running })
            try store.close()
        }
    }

    @Test("who hangs up while they wait holds nobody up; who is put through keeps their place")
    func hangUp() {
        var line = WaitingLine()
        _ = line.look("a", on: "c1", at: .seconds(0))
        _ = line.look("b", on: "c2", at: .seconds(1))
        line.go("a")
        line.ended(call: "c1", at: .seconds(2))
        #expect(line.look("a", on: "c3", at: .seconds(3)).position == 1)
        line.ended(call: "c1", at: .seconds(4))
        #expect(line.look("b", on: "c2", at: .seconds(5)).position == 2)
        line.ended(call: "c3", at: .seconds(6))
        #expect(line.look("b", on: "c2", at: .seconds(7)).position == 1)
    }

    @Test("a place in line, the wait as the ones before had it, and who comes back keeps theirs")
    func line() {
        var line = WaitingLine()
        #expect(line.look("a", on: "a", at: .seconds(0)) == WaitingLine.Place(position: 1))
        #expect(line.look("b", on: "b", at: .seconds(10)).position == 2)
        line.go("a")
        // While the first one is being put through, the next one is the first.
        #expect(line.look("b", on: "b", at: .seconds(20)).position == 1)
        #expect(line.look("a", on: "a", at: .seconds(30)).position == 1)
        #expect(line.look("b", on: "b", at: .seconds(31)).position == 2)
        #expect(line.look("c", on: "c", at: .seconds(32)).position == 3)
        line.leave("b", at: .seconds(33))
        #expect(line.look("c", on: "c", at: .seconds(52)).position == 2)
        line.go("a")
        // Nobody has heard of the first one since: half a minute is what a place takes.
        _ = line.look("c", on: "c", at: .seconds(150))
        #expect(line.look("c", on: "c", at: .seconds(200)) == WaitingLine.Place(position: 1, wait: .seconds(30)))
        #expect(line.look("d", on: "d", at: .seconds(201)) == WaitingLine.Place(position: 2, wait: .seconds(60)))
        #expect(line.count == 2)
    }
}
