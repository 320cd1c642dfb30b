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

    @Test("pages of a filtered list leave nothing out")
    func pages() async throws {
        let filter = CallFilter(hasEnded: false)
        let first = try await store.calls(matching: filter, limit: 2)
        let second = try await store.calls(matching: filter, limit: 2, after: first.next)
        #expect((first.calls + second.calls).map(\.id) == ["a4", "a3", "a1"])
        #expect(second.next == nil)
    }
}
