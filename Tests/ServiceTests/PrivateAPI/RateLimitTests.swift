import Foundation
import Store
import Testing

@testable import Service

@Suite("How often one may ask")
struct RateLimitTests {
    private let start = Date(timeIntervalSince1970: 1_790_000_000)

    @Test("a bucket gives its burst at once, then so many a second, and says what is left")
    func bucket() {
        var bucket = RequestBucket(rate: 2, burst: 4, now: start)
        let first = (0..<5).map { _ in bucket.take(start) }
        #expect(first.map(\.isAdmitted) == [true, true, true, true, false])
        #expect(first.map(\.remaining) == [3, 2, 1, 0, 0])
        #expect(first.map(\.full) == [1, 1, 2, 2, 2])
        #expect(first.map(\.wait) == [0, 0, 0, 1, 1])
        #expect(bucket.take(start + 0.5).isAdmitted)
        #expect(!bucket.take(start + 0.5).isAdmitted)
        // A clock that goes back gives nothing and takes nothing.
        #expect(!bucket.take(start - 100).isAdmitted)
        #expect(!bucket.isFull(start - 99))
        #expect(bucket.isFull(start + 100))
        #expect(bucket.take(start + 100).remaining == 3)
    }

    @Test("a slow bucket says when to come again")
    func slow() {
        var bucket = RequestBucket(rate: 0.1, burst: 1, now: start)
        #expect(bucket.take(start).isAdmitted)
        let refused = bucket.take(start + 2)
        #expect(!refused.isAdmitted && refused.wait == 8 && refused.full == 8)
    }

    @Test("who shows no key is counted by the address, as far as one cannot pick another at will")
    func owners() {
        let owner = RateLimitMiddleware.owner
        #expect(owner("k1", "203.0.113.7") == "k1")
        #expect(owner(nil, "203.0.113.7") != owner(nil, "203.0.113.8"))
        #expect(owner(nil, "2001:db8:0:1::2") == owner(nil, "2001:db8:0:1:ffff::3"))
        #expect(owner(nil, "2001:db8:0:1::2") != owner(nil, "2001:db8:0:2::2"))
        #expect(owner(nil, "127.0.0.1") == owner(nil, "::1"))
        #expect(owner(nil, nil) != owner(nil, "203.0.113.7"))
    }

    @Test(
        "each key has its own share, every answer says what is left, and beyond it is 429 with a moment to come again")
    func served() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.private.requestsPerSecond = 0.1
            configuration.private.burst = 5
        }) { test in
            let (one, first) = KeyRing.make(name: "one", scope: .viewer, at: Date())
            let (two, second) = KeyRing.make(name: "two", scope: .viewer, at: Date())
            for record in [first, second] { try await test.service.store.add(record) }
            func ask(_ key: String?, _ path: String = "/api/v1/agents") async throws -> ServiceUnderTest.Answer {
                try await test.api(
                    "GET", path, headers: key.map { [("Authorization", "Bearer \($0)")] } ?? [])
            }
            for left in (0..<5).reversed() {
                let answer = try await ask(one, left == 2 ? "/api/v1/calls/nobody" : "/api/v1/agents")
                #expect(answer.status == (left == 2 ? 404 : 200))
                #expect(answer.header("ratelimit-policy") == "\"key\";q=5;w=50")
                #expect(answer.header("ratelimit")?.hasPrefix("\"key\";r=\(left);t=") == true, "\(answer.headers)")
            }
            let refused = try await ask(one)
            #expect(refused.status == 429 && refused.header("content-type") == "application/problem+json")
            #expect(refused.header("retry-after").flatMap(Int.init).map { (1...10).contains($0) } == true)
            #expect(refused.header("ratelimit")?.hasPrefix("\"key\";r=0;") == true)
            #expect(refused.detail.contains("private.burst"))
            #expect(try await ask(two).status == 200)
            // Whoever shows no key has another bucket, and health is not limited.
            #expect(try await ask(nil).status == 401)
            for _ in 0..<10 { #expect(try await test.ask("/healthz").status == 200) }
        }
    }
}
