import Foundation
import Store
import Testing

@testable import Service

@Suite("Analytics over the API")
struct AnalyticsAPITests {
    @Test("a call that was held is in the numbers, and the numbers' filters lead to it")
    func counted() async throws {
        try await ServiceUnderTest.run { test in
            let id = try await test.finishedCall(saying: ["what is the temperature", "no thank you"])
            let found = try await test.api("GET", "/api/v1/analytics?zone=Europe/Berlin&agent=thermostat&language=en")
            #expect(found.status == 200)
            let totals = try #require(found.object["totals"] as? [String: Int])
            #expect(totals["calls"] == 1 && totals["contained"] == 1 && totals["abandoned"] == 0)
            #expect((found.object["rates"] as? [String: Double])?["contained"] == 1)
            #expect((found.object["rates"] as? [String: Double])?["response"] == 1)
            let turns = try #require(found.object["interaction"] as? [String: Any])
            #expect((turns["response"] as? [String: Int])?["count"] ?? 0 >= 2)
            #expect(turns["asked"] as? Int == 2 && turns["answered"] as? Int == 2)
            let since = try #require(found.object["since"] as? Int)
            let listed = try await test.api("GET", "/api/v1/calls?resolution=contained&language=en&since=\(since)")
            #expect((listed.object["calls"] as? [[String: Any]])?.map { $0["id"] as? String } == [id])
            let story = try await test.api("GET", "/api/v1/calls/\(id)").object["call"] as? [String: Any]
            #expect(story?["resolution"] as? String == "contained" && story?["interaction"] != nil)
            let peak = try #require(found.object["peak"] as? [String: Int])
            let together = try await test.api("GET", "/api/v1/calls?at=\(try #require(peak["at"]))")
            #expect((together.object["calls"] as? [Any])?.count == 1)
            let others = try await test.api("GET", "/api/v1/analytics?language=es").object
            #expect((others["totals"] as? [String: Int])?["calls"] == 0 && others["peak"] == nil)
        }
    }

    @Test("retained are those who were helped, of the calls that somebody was on")
    func retained() async throws {
        let writes = PastCalls.writes(before: Date())
        let resolutions = writes.compactMap { write -> CallResolution? in
            guard case .call(let call) = write else { return nil }
            return call.resolution
        }
        #expect(Set(resolutions) == [.contained, .transferred, .abandoned, .failed, .unreached])
        let helped = resolutions.filter { $0 == .contained || $0 == .transferred }.count
        let reached = resolutions.filter { $0 != .unreached }.count
        let expected = (Double(helped) / Double(reached) * 10_000).rounded() / 10_000
        try await ServiceUnderTest.run { test in
            let none = try await test.api("GET", "/api/v1/analytics").object["rates"] as? [String: Double]
            #expect(none?["retained"] == nil, "\(String(describing: none))")
            try await test.service.store.apply(
                writes.enumerated().map { RevisedWrite(revision: $0.offset + 1, write: $0.element) })
            let found = try await test.api("GET", "/api/v1/analytics").object
            let rates = try #require(found["rates"] as? [String: Double])
            #expect(rates["retained"] == expected, "\(rates)")
        }
    }

    private static func count(_ query: String, _ test: ServiceUnderTest) async throws -> Int {
        let page = try await test.api("GET", "/api/v1/calls?limit=200&\(query)")
        return try #require(page.object["calls"] as? [Any], "\(query): \(page.detail)").count
    }

    @Test("each number leads to as many calls as it says")
    func drillDown() async throws {
        let writes = PastCalls.writes(before: Date())
        let calls = writes.compactMap { write -> CallRecord? in
            guard case .call(let call) = write else { return nil }
            return call
        }
        try await ServiceUnderTest.run { test in
            try await test.service.store.apply(
                writes.enumerated().map { RevisedWrite(revision: $0.offset + 1, write: $0.element) })
            try await PastCalls.score(in: test.service.store)
            try await PastCalls.analyze(in: test.service.store)
            let found = try await test.api("GET", "/api/v1/analytics").object
            let since = try #require(found["since"] as? Int)
            let before = try #require(found["before"] as? Int)
            let span = "own=true&since=\(since)&before=\(before)"
            var expected: [(query: String, calls: Int)] = []
            let totals = try #require(found["totals"] as? [String: Int])
            expected.append((span, try #require(totals["calls"])))
            for (feature, number) in try #require(found["features"] as? [String: Int]) {
                expected.append(("\(span)&feature=\(feature)", number))
            }
            for reason in try #require(found["endReasons"] as? [[String: Any]]) {
                let word = (reason["word"] as? String)?.replacing(" ", with: "%20")
                let query = word.map { "ended=true&endReason=\($0)" } ?? "feature=noEndReason"
                expected.append(("\(span)&\(query)", try #require(reason["calls"] as? Int)))
            }
            let dispositions = try #require(found["dispositions"] as? [[String: Any]])
            #expect(dispositions.map { $0["word"] as? String } == ["booked"])
            for disposition in dispositions {
                expected.append(("\(span)&disposition=booked", try #require(disposition["calls"] as? Int)))
            }
            let interaction = try #require(found["interaction"] as? [String: Any])
            let yields = try #require(interaction["yield"] as? [String: Int])
            for name in ["p50", "p95", "p99"] {
                let least = try #require(yields[name]) - 10
                let slow = calls.filter { call in (call.interaction?.yields ?? []).contains { $0 >= least } }
                expected.append(("\(span)&yieldSlower=\(least)", slow.count))
            }
            let handling = try #require(found["handling"] as? [String: Int])
            for name in ["p50", "p95"] {
                let least = try #require(handling[name]) - 1
                let long = calls.filter { $0.resolution != nil && $0.duration / 8000 >= least }
                expected.append(("\(span)&longer=\(least)", long.count))
            }
            for cost in try #require(found["costs"] as? [[String: Any]]) {
                let currency = try #require(cost["currency"] as? String)
                expected.append(
                    ("since=\(since)&before=\(before)&currency=\(currency)", try #require(cost["calls"] as? Int)))
            }
            for card in try #require(found["scorecards"] as? [[String: Any]]) {
                var names: [String] = []
                for key in ["agent", "version", "card"] {
                    let value = try #require(card[key] as? String)
                    names.append("\(key)=\(value)")
                }
                for criterion in try #require(card["criteria"] as? [[String: Any]]) {
                    let name = try #require(criterion["name"] as? String)
                    let query = "\(span)&\(names.joined(separator: "&"))&criterion=\(name)"
                    let pass = try #require(criterion["pass"] as? Int)
                    let fail = try #require(criterion["fail"] as? Int)
                    let open = try #require(criterion["open"] as? Int)
                    expected.append(("\(query)&judged=true", pass + fail))
                    expected.append(("\(query)&judged=false", open))
                }
            }
            for bucket in try #require(found["buckets"] as? [[String: Any]]) {
                guard let moment = bucket["peakAt"] as? Int else { continue }
                expected.append(("at=\(moment)", try #require(bucket["peak"] as? Int)))
            }
            let filled = expected.filter { $0.calls > 0 }.count
            #expect(expected.count > 40 && filled > 30, "\(expected)")
            for (query, number) in expected {
                let listed = try await Self.count(query, test)
                #expect(listed == number, "\(query)")
            }
            // The leg is in the list, and no call of its own.
            let (all, legs) = (try await Self.count("", test), try await Self.count("own=false", test))
            #expect(all == PastCalls.count + 1 && legs == 1 && totals["calls"] == PastCalls.count)
        }
    }

    @Test("what cannot be counted is said")
    func refused() async throws {
        let refused = [
            (422, "zone=Nowhere/Land", "Europe/Berlin"), (400, "bucket=week", "\"day\", \"hour\""),
            (422, "since=5&before=5", "\"since\" must be before"), (422, "since=0&bucket=hour", "800 hours"),
            (400, "feature=luck", "\"goal\""), (400, "resolution=won", "\"contained\""),
            (400, "slower=-1", "whole number"), (400, "yieldSlower=-1", "whole number"),
            (400, "longer=soon", "whole number"), (400, "own=1", "true or false"), (400, "judged=no", "true or false"),
        ]
        try await ServiceUnderTest.run { test in
            for (status, query, says) in refused {
                let answer = try await test.api("GET", "/api/v1/analytics?\(query)")
                #expect(answer.status == status && answer.detail.contains(says), "\(answer.detail)")
            }
        }
    }
}
