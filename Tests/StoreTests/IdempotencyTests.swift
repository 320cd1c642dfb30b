import Foundation
import Testing

@testable import Store

@Suite("Keys of requests", .onBothEngines)
struct IdempotencyTests {
    private let directory: TemporaryDirectory
    private let start = Date(timeIntervalSince1970: 1_790_000_000)

    init() throws { directory = try TemporaryDirectory() }

    private func claim(
        _ store: Store, _ key: String = "k", of owner: String = "a", as request: String = "r", after seconds: Double = 0
    ) async throws -> IdempotencyClaim {
        try await store.claim(
            idempotencyKey: key, of: owner, fingerprint: Data(request.utf8), now: start + seconds,
            forgettingBefore: start + seconds - 100)
    }

    @Test("the first one works, a repeat gets its answer, another request is told so, others have keys of their own")
    func claims() async throws {
        let store = try directory.store()
        #expect(try await claim(store) == .mine)
        #expect(try await claim(store, after: 5) == .underWay(since: start))
        #expect(try await claim(store, of: "b") == .mine)
        #expect(try await claim(store, as: "other") == .another)
        let answer = StoredAnswer(status: 202, type: "text/plain", location: "/there", body: Data("done".utf8))
        try await store.settle(idempotencyKey: "k", of: "a", answer: answer)
        #expect(try await claim(store, after: 10) == .answered(answer))
        #expect(try await claim(store, as: "other", after: 10) == .another)
        #expect(try await claim(store, of: "b", after: 10) == .underWay(since: start))
        // Settled answers are not forgotten by mistake.
        try await store.release(idempotencyKey: "k", of: "a")
        #expect(try await claim(store, after: 11) == .answered(answer))
        try await store.release(idempotencyKey: "k", of: "b")
        #expect(try await claim(store, of: "b", after: 11) == .mine)
        try store.close()
    }

    @Test("a claim and its answer outlive the process, and are forgotten in time")
    func forgets() async throws {
        let first = try directory.store()
        #expect(try await claim(first) == .mine)
        try await first.settle(
            idempotencyKey: "k", of: "a", answer: StoredAnswer(status: 201, type: nil, body: Data()))
        try first.close()
        let second = try directory.store()
        #expect(
            try await claim(second, after: 100) == .answered(StoredAnswer(status: 201, type: nil, body: Data())))
        #expect(try await claim(second, after: 101) == .mine)
        try second.close()
    }

    @Test("of any number who ask at the same time one works")
    func race() async throws {
        let store = try directory.store()
        let claims = try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { try await claim(store) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(claims.count { $0 == .mine } == 1)
        #expect(claims.count { $0 == .underWay(since: start) } == 19)
        try store.close()
    }
}
