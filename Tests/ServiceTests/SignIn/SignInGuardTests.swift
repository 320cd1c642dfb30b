import Foundation
import Testing

@testable import Service

@Suite("How often passwords may be tried")
struct SignInGuardTests {
    private let moment = Date(timeIntervalSince1970: 1_790_000_000)

    private func fail(_ name: String, times: Int, in guardian: inout SignInGuard, at now: Date) {
        for _ in 0..<times {
            guard guardian.begin(name, at: now) == nil else { continue }
            guardian.finish(name, wasRight: false, at: now)
        }
    }

    @Test("five wrong ones cost nothing; after that the wait doubles, up to a quarter of an hour")
    func waits() {
        var guardian = SignInGuard()
        fail("mia", times: 5, in: &guardian, at: moment)
        #expect(guardian.begin("mia", at: moment) == 2)
        var now = moment
        var waits: [Int] = []
        for _ in 0..<12 {
            let wait = guardian.begin("mia", at: now) ?? 0
            waits.append(wait)
            now += Double(wait)
            #expect(guardian.begin("mia", at: now) == nil)
            guardian.finish("mia", wasRight: false, at: now)
        }
        #expect(waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
        // Nobody else waits for it, and a clock that was set back locks nobody out for longer.
        #expect(guardian.begin("bo", at: now) == nil)
        #expect(guardian.begin("mia", at: now - 86_400) == 900)
    }

    @Test("the right one ends it")
    func right() {
        var guardian = SignInGuard()
        fail("mia", times: 4, in: &guardian, at: moment)
        #expect(guardian.begin("mia", at: moment) == nil)
        guardian.finish("mia", wasRight: true, at: moment)
        fail("mia", times: 4, in: &guardian, at: moment)
        #expect(guardian.begin("mia", at: moment) == nil)
    }

    @Test("a password that could not be checked, for the database is away, is not held against the name")
    func unchecked() {
        var guardian = SignInGuard()
        for _ in 0..<20 {
            #expect(guardian.begin("mia", at: moment) == nil)
            guardian.finish("mia", wasRight: nil, at: moment)
        }
        fail("mia", times: 4, in: &guardian, at: moment)
        #expect(guardian.begin("mia", at: moment) == nil)
    }

    @Test("only so many are checked at a time, and only so many names are remembered")
    func bounds() {
        var guardian = SignInGuard()
        for index in 0..<SignInGuard.atOnce { #expect(guardian.begin("n\(index)", at: moment) == nil) }
        #expect(guardian.begin("mia", at: moment) == 1)
        for index in 0..<SignInGuard.atOnce { guardian.finish("n\(index)", wasRight: true, at: moment) }
        fail("first", times: 5, in: &guardian, at: moment)
        for index in 0..<SignInGuard.names { fail("n\(index)", times: 1, in: &guardian, at: moment + 1) }
        #expect(guardian.begin("first", at: moment) == nil)
    }
}
