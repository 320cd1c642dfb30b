import Foundation
import Testing

@testable import Store

@Suite("Figures of open attempts", .onBothEngines, .serialized)
struct OpenAttemptFigures {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    /// Calls that are placed and on the line; ten times as many have ended.
    private static let open = 5000

    private func fill(_ store: Store) async throws {
        let decision = "{\"checks\":[\(String(repeating: "{\"detail\":\"0 of 7\",\"rule\":\"x\"},", count: 40))]}"
        try await store.createCampaign(CampaignRecord(id: "c", name: "n", definition: "{}", createdAt: Self.now))
        try await store.write("fill", "") { db in
            for index in 0..<Self.open * 11 {
                let number = "+1\(2_000_000_000 + index)"
                let moment = Self.now.storedMilliseconds - index % 90_000
                try db.execute(
                    sql: """
                        INSERT INTO contacts (id, campaign_id, number, line, region, variables, state, next_at, changed_at)
                        VALUES (?, 'c', ?, 1, '', '{}', 'calling', 1, 1)
                        """, arguments: [index + 1, number])
                try db.execute(
                    sql: """
                        INSERT INTO attempts (id, campaign_id, contact_id, number, caller_id, agent, state, decision,
                            carrier_call_id, intended_at, asked_at, placed_at)
                        VALUES (?, 'c', ?, ?, '+12127365999', 'a', ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        "a\(index)", index + 1, number, index % 11 == 0 ? "placed" : "ended", decision, "CA\(index)",
                        moment, moment, moment,
                    ])
            }
        }
    }

    @Test("a look at 5,000 calls that have news coming reads none of them; what that saves is printed")
    func look() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        try await fill(store)
        let clock = ContinuousClock()
        func milliseconds(_ body: () async throws -> Void) async throws -> Double {
            var times: [Double] = []
            for _ in 0..<9 { times.append(try await clock.measure(body) / .milliseconds(1)) }
            return times.sorted()[4]
        }
        let whole = try await milliseconds {
            let open = try await store.openAttempts()
            #expect(open.count == Self.open)
        }
        let needed = try await milliseconds {
            let due = try await store.attemptsUnderWay(askedBy: Self.now - 10, placedBy: Self.now - 120)
            #expect(due.isEmpty)
        }
        let counts = try await milliseconds {
            let numbers = try await store.openAttemptCounts()
            #expect(numbers == ["c": Self.open])
        }
        print(
            "\(Engine.current): all \(Self.open) open attempts \(whole) ms; those that are due \(needed) ms,",
            "their numbers \(counts) ms")
        // Not a matter of a machine's speed: one reads 5,000 rows, the other none.
        #expect(needed < whole)
        try store.close()
    }
}
