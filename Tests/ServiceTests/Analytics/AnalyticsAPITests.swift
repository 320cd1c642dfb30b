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

    @Test("what cannot be counted is said")
    func refused() async throws {
        let refused = [
            (422, "zone=Nowhere/Land", "Europe/Berlin"), (400, "bucket=week", "\"day\", \"hour\""),
            (422, "since=5&before=5", "\"since\" must be before"), (422, "since=0&bucket=hour", "800 hours"),
            (400, "feature=luck", "\"goal\""), (400, "resolution=won", "\"contained\""),
            (400, "slower=-1", "whole number"),
        ]
        try await ServiceUnderTest.run { test in
            for (status, query, says) in refused {
                let answer = try await test.api("GET", "/api/v1/analytics?\(query)")
                #expect(answer.status == status && answer.detail.contains(says), "\(answer.detail)")
            }
        }
    }
}
