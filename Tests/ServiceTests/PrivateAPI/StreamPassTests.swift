import Networking
import Store
import Testing

@testable import Service

@Suite("Who may go on reading a stream")
struct StreamPassTests {
    private let start = ContinuousClock.now

    @Test("whoever could begin it, until a look every ten seconds finds that they may not any more")
    func ends() async {
        let (looks, mayRead) = (Lock(0), Lock(true))
        var pass = StreamPass(since: start) {
            looks.withLock { $0 += 1 }
            return mayRead.withLock { $0 }
        }
        var found: [Bool] = []
        for second in 0..<25 { found.append(await pass.isGood(at: start + .seconds(second))) }
        #expect(looks.withLock { $0 } == 2)
        mayRead.withLock { $0 = false }
        found.append(await pass.isGood(at: start + .milliseconds(29_900)))
        #expect(found == Array(repeating: true, count: found.count))
        let isGood = await pass.isGood(at: start + .seconds(30))
        #expect(!isGood)
    }

    @Test("a database that is away takes it from nobody, a refusal does")
    func faults() async {
        var cut = StreamPass(since: start) {
            throw StoreError(.failed, operation: "look for a key", subject: "k", detail: "away")
        }
        var refused = StreamPass(since: start) { throw Problem.notFound("a revoked key") }
        let (withoutDatabase, withoutKey) = (
            await cut.isGood(at: start + .seconds(10)), await refused.isGood(at: start + .seconds(10))
        )
        #expect(withoutDatabase && !withoutKey)
    }
}
