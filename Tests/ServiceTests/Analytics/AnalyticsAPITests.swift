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
