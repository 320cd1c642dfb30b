import Foundation
import Testing

@testable import Service

@Suite("How often passwords may be tried")
struct SignInGuardTests {
    private let moment = Date(timeIntervalSince1970: 1_790_000_000)

    private func fail(
        _ name: String, from origin: String? = nil, times: Int, in guardian: inout SignInGuard, at now: Date
    ) {
        for _ in 0..<times {
            guard guardian.begin(name, from: origin, at: now) == nil else { continue }
            guardian.finish(name, from: origin, wasRight: false, at: now)
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

    @Test("a stranger who guesses keeps out nobody but themselves")
    func stranger() {
        var guardian = SignInGuard()
        fail("mia", from: "203.0.113.9", times: 6, in: &guardian, at: moment)
        #expect(guardian.begin("mia", from: "203.0.113.9", at: moment) == 2)
        #expect(guardian.begin("mia", from: "198.51.100.4", at: moment) == nil)
        // Her own success does not let the stranger go on.
        guardian.finish("mia", from: "198.51.100.4", wasRight: true, at: moment)
        #expect(guardian.begin("mia", from: "203.0.113.9", at: moment) == 2)
    }

    @Test("from many addresses together a name may be tried a hundred times, and is held up for half a minute at most")
    func manyAddresses() {
        var guardian = SignInGuard()
        for index in 0..<SignInGuard.byName.free {
            #expect(guardian.begin("mia", from: "address \(index)", at: moment) == nil)
            guardian.finish("mia", from: "address \(index)", wasRight: false, at: moment)
        }
        #expect(guardian.begin("mia", from: "one more", at: moment) == 2)
        #expect(guardian.begin("bo", from: "one more", at: moment) == nil)
        guardian.finish("bo", from: "one more", wasRight: nil, at: moment)
        var now = moment
        for index in 0..<20 {
            now += Double(guardian.begin("mia", from: "other \(index)", at: now) ?? 0)
            #expect(guardian.begin("mia", from: "other \(index)", at: now) == nil)
            guardian.finish("mia", from: "other \(index)", wasRight: false, at: now)
        }
        #expect(guardian.begin("mia", from: "one more", at: now) == Int(SignInGuard.byName.longestWait))
        now += SignInGuard.byName.longestWait
        #expect(guardian.begin("mia", from: "one more", at: now) == nil)
        guardian.finish("mia", from: "one more", wasRight: true, at: now)
        #expect(guardian.begin("mia", from: "and another", at: now) == nil)
    }

    @Test("an address may try fifty names once each, then it waits whatever the name, also when one of them was right")
    func manyNames() {
        var guardian = SignInGuard()
        let here = "203.0.113.9"
        for index in 0..<SignInGuard.byAddress.free {
            fail("n\(index)", from: here, times: 1, in: &guardian, at: moment)
        }
        #expect(guardian.begin("mia", from: here, at: moment) == 2)
        #expect(guardian.begin("mia", from: "198.51.100.4", at: moment) == nil)
        guardian.finish("mia", from: "198.51.100.4", wasRight: true, at: moment)
        let later = moment + 2
        #expect(guardian.begin("own", from: here, at: later) == nil)
        guardian.finish("own", from: here, wasRight: true, at: later)
        fail("mia", from: here, times: 1, in: &guardian, at: later)
        #expect(guardian.begin("mia", from: here, at: later) == 4)
    }

    @Test("what people at one address mistype over months holds nobody up")
    func overMonths() {
        var guardian = SignInGuard()
        let office = "198.51.100.4"
        var now = moment
        for index in 0..<(3 * SignInGuard.byAddress.free) {
            now += 3600
            #expect(guardian.begin("n\(index % 20)", from: office, at: now) == nil)
            guardian.finish("n\(index % 20)", from: office, wasRight: false, at: now)
        }
        #expect(guardian.begin("mia", from: office, at: now) == nil)
    }

    @Test("one address does not take all the places where passwords are checked")
    func places() {
        var guardian = SignInGuard()
        for index in 0..<SignInGuard.atOnceByAddress {
            #expect(guardian.begin("n\(index)", from: "203.0.113.9", at: moment) == nil)
        }
        #expect(guardian.begin("mia", from: "203.0.113.9", at: moment) == 1)
        #expect(guardian.begin("mia", from: "198.51.100.4", at: moment) == nil)
        guardian.finish("n0", from: "203.0.113.9", wasRight: nil, at: moment)
        #expect(guardian.begin("mia", from: "203.0.113.9", at: moment) == nil)
    }

    @Test(
        "a network of IPv6 counts as one address, and this machine as none, for a proxy may be on it",
        arguments: [
            ("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"), ("127.0.0.1", nil), ("::1", nil),
            ("::ffff:127.0.0.1", nil), (nil, nil), ("2001:db8:1:2:3:4:5:6", "20:1:d:b8:0:1:0:2"),
            ("2001:db8:1:2:ffff::", "20:1:d:b8:0:1:0:2"), ("2001:db8:1:3::1", "20:1:d:b8:0:1:0:3"),
        ] as [(String?, String?)])
    func origin(address: String?, origin: String?) {
        #expect(SignInGuard.origin(address) == origin)
    }
}
