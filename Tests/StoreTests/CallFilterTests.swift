import Foundation
import Testing

@testable import Store

@Suite("Filters of the list of calls", .onBothEngines)
struct CallFilterTests {
    let directory: TemporaryDirectory
    let store: Store

    init() async throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
        var calls = (1...4).map { CallRecord.sample("a\($0)", second: $0) }
        calls[0].agent = "thermostat"
        calls[1].direction = .outbound
        calls[1].endedAt = calls[1].startedAt.addingTimeInterval(9)
        calls[2].outcome = "booked"
        calls[3].from = "+4930123"
        let turn = TurnRecord(callID: "a3", number: 1, speaker: .caller, started: 0, text: "Next Tuesday, 100 %")
        try await store.apply(calls.map(StoreWrite.call) + [.turn(turn)])
    }

    private static let start = Date(timeIntervalSince1970: 1_790_000_000)
    private static let filters: [(CallFilter, [String])] = [
        (CallFilter(), ["a4", "a3", "a2", "a1"]), (CallFilter(agent: "thermostat"), ["a1"]),
        (CallFilter(direction: .outbound), ["a2"]), (CallFilter(outcome: "booked"), ["a3"]),
        (CallFilter(since: start.addingTimeInterval(3)), ["a4", "a3"]),
        (CallFilter(before: start.addingTimeInterval(3)), ["a2", "a1"]), (CallFilter(hasEnded: true), ["a2"]),
        (CallFilter(hasEnded: false), ["a4", "a3", "a1"]), (CallFilter(text: "tuesday"), ["a3"]),
        (CallFilter(text: "100 %"), ["a3"]), (CallFilter(text: "%"), []), (CallFilter(text: "4930"), ["a4"]),
        (CallFilter(text: "TÜESDAY next"), ["a3"]), (CallFilter(text: "next tue"), ["a3"]),
        (CallFilter(text: "nex tuesday"), []), (CallFilter(text: "esday"), []), (CallFilter(text: "+4930"), ["a4"]),
        (CallFilter(text: "a2"), ["a2"]), (CallFilter(agent: "' OR 1 --"), []),
        (CallFilter(agent: "receptionist", direction: .inbound, text: "tuesday"), ["a3"]),
    ]

    @Test("each picks its calls, newest first", arguments: filters)
    func picks(filter: CallFilter, expected: [String]) async throws {
        #expect(try await store.calls(matching: filter).calls.map(\.id) == expected)
    }

    @Test("what went wrong picks calls by how often it did, and a person's no by its review")
    func faults() async throws {
        let found: [[String: Int]?] = [["dead_air": 1], ["reasks": 2, "dead_air": 0], ["reasks": 3], nil]
        var calls = found.indices.map { CallRecord.sample("f\($0)", second: 100 + $0) }
        for (index, faults) in found.enumerated() {
            calls[index].agent = "faulty"
            calls[index].faults = faults
            calls[index].endedAt = calls[index].startedAt.addingTimeInterval(10)
        }
        try await store.apply(calls.map(StoreWrite.call), firstRevision: 500)
        let verdicts: [(String, ReviewRecord.State, String)] = [
            ("f3", .rejected, "1"), ("f1", .approved, "1"), ("f1", .rejected, "0"),
        ]
        for (id, verdict, version) in verdicts {
            let review = try await store.file(
                ReviewDraft(
                    idempotencyKey: "\(id)\(verdict)", callID: id, agent: "faulty", agentVersion: version, contact: "",
                    tool: "t", arguments: "{}", reason: "r", expiresAt: Date() + 3600))
            _ = try await store.decide(review: review.id, verdict, by: "ann")
        }
        let wanted: [([String: Int], [String])] = [
            (["dead_air": 1], ["f0"]), (["reasks": 2], ["f2", "f1"]), (["reasks": 3], ["f2"]),
            (["dead_air": 1, "reasks": 3], ["f2", "f0"]), (["review_rejections": 1], ["f3"]),
            (["review_rejections": 2], []), (["escalations": 1], []), ([:], []),
            (["dead_air": 1, "reasks": 3, "review_rejections": 1], ["f3", "f2", "f0"]),
        ]
        for (faults, ids) in wanted {
            var filter = CallFilter(agent: "faulty")
            filter.faults = faults
            #expect(try await store.calls(matching: filter).calls.map(\.id) == ids, "\(faults)")
        }
        var late = CallFilter(agent: "faulty")
        late.endedSince = Self.start.addingTimeInterval(112)
        #expect(try await store.calls(matching: late).calls.map(\.id) == ["f3", "f2"])
    }

    @Test("pages of a filtered list leave nothing out")
    func pages() async throws {
        let filter = CallFilter(hasEnded: false)
        let first = try await store.calls(matching: filter, limit: 2)
        let second = try await store.calls(matching: filter, limit: 2, after: first.next)
        #expect((first.calls + second.calls).map(\.id) == ["a4", "a3", "a1"])
        #expect(second.next == nil)
    }
}
