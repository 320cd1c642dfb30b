import Testing

@testable import Service

@Suite("Callers who wait for a line, in virtual time")
struct InboundQueueTests {
    private static func caller(_ id: String, mayBeCalled: Bool = true) -> InboundQueue.Caller {
        InboundQueue.Caller(
            id: id, callID: "call-\(id)", from: "+15550100", to: "+15550199", agent: "clerk", language: "en-US",
            mayBeCalled: mayBeCalled)
    }

    private static func queue(length: Int = 3) -> InboundQueue {
        var options = InboundQueue.Options()
        options.length = length
        options.longest = .seconds(100)
        options.silence = .seconds(30)
        return InboundQueue(options)
    }

    @Test("stand in the order in which they came, and move up when one leaves")
    func order() {
        var queue = Self.queue()
        let places = ["a", "b", "c"].map { queue.join(Self.caller($0), at: .zero)?.position }
        #expect(places == [1, 2, 3])
        #expect(queue.longestWait(at: .seconds(5)) == .seconds(5))
        let middle = queue.answer("b", round: 1, key: nil, at: .seconds(5))
        #expect(middle == .turn(Self.caller("b"), ahead: 1))
        let left = queue.leave("a", .gaveUp, at: .seconds(6))
        #expect(left == Self.caller("a") && queue.count == 2)
        let first = queue.answer("b", round: 2, key: nil, at: .seconds(10))
        #expect(first == .turn(Self.caller("b"), ahead: 0))
        let last = queue.stay("c", at: .seconds(10))
        #expect(last?.position == 2)
        #expect(queue.left[.gaveUp] == 1)
    }

    @Test(
        "the longest wait is that of the first one; a clock that was put back makes none negative, and an empty line has none"
    )
    func longestWait() {
        var queue = Self.queue()
        #expect(queue.longestWait(at: .seconds(1)) == nil)
        for (id, second) in [("a", 10), ("b", 25)] { _ = queue.join(Self.caller(id), at: .seconds(second)) }
        #expect(queue.longestWait(at: .seconds(30)) == .seconds(20))
        #expect(queue.longestWait(at: .seconds(3)) == .zero)
        _ = queue.leave("a", .answered, at: .seconds(30))
        #expect(queue.longestWait(at: .seconds(30)) == .seconds(5))
    }

    @Test("are as many as may be; the next one is counted as turned away, and who comes twice stands once")
    func bound() {
        var queue = Self.queue(length: 2)
        for id in ["a", "b", "a"] {
            let place = queue.join(Self.caller(id), at: .zero)
            #expect(place?.position == (id == "a" ? 1 : 2))
        }
        for _ in 1...2 {
            let next = queue.join(Self.caller("c"), at: .zero)
            #expect(next == nil && queue.count == 2 && queue.left[.turnedAway] == 1)
        }
        #expect(queue.standing(of: "c") == .unknown)
    }

    @Test("an answer that is sent again changes nothing, whatever key is in it")
    func replay() {
        var queue = Self.queue()
        let joined = queue.join(Self.caller("a"), at: .zero)
        #expect(joined?.round == 1)
        let answered = queue.answer("a", round: 1, key: nil, at: .seconds(10))
        #expect(answered == .turn(Self.caller("a"), ahead: 0))
        for key in [nil, "1", "2"] as [String?] {
            let again = queue.answer("a", round: 1, key: key, at: .seconds(39))
            guard case .repeated(let place) = again else {
                Issue.record("\(again)")
                continue
            }
            #expect(place.round == 2 && place.position == 1)
        }
        // Nor do they count as heard of by it.
        let silent = queue.forget(at: .seconds(40))
        #expect(silent == [Self.caller("a")])
    }

    @Test("who presses 1 wants to be called back, once; other keys, and who may not be, go on waiting")
    func keys() {
        var queue = Self.queue()
        for (id, mayBeCalled) in [("a", true), ("b", false)] {
            _ = queue.join(Self.caller(id, mayBeCalled: mayBeCalled), at: .zero)
        }
        let other = queue.answer("a", round: 1, key: "5", at: .seconds(1))
        #expect(other == .turn(Self.caller("a"), ahead: 0))
        let hidden = queue.answer("b", round: 1, key: "1", at: .seconds(1))
        #expect(hidden == .turn(Self.caller("b", mayBeCalled: false), ahead: 1))
        let wanted = queue.answer("a", round: 2, key: "1", at: .seconds(2))
        #expect(wanted == .callBack(Self.caller("a")))
        // They have their place until they are promised the call.
        #expect(queue.count == 2)
        let refused = queue.refuseCallback("a", at: .seconds(3))
        #expect(refused?.position == 1 && refused?.round == 3 && refused?.caller.mayBeCalled == false)
        let again = queue.answer("a", round: 3, key: "1", at: .seconds(4))
        #expect(again == .turn(Self.caller("a", mayBeCalled: false), ahead: 0))
        let left = queue.leave("a", .callback, at: .seconds(5))
        #expect(left?.id == "a" && queue.left[.callback] == 1)
        for key in [nil, "1"] as [String?] {
            let late = queue.answer("a", round: 4, key: key, at: .seconds(6))
            #expect(late == .gone(.callback))
        }
        #expect(queue.left[.callback] == 1 && queue.count == 1)
        let twice = queue.leave("a", .gaveUp, at: .seconds(7))
        #expect(twice == nil && queue.left[.gaveUp] == 0)
    }

    @Test("while it is seen to whether somebody is called back, they get neither a second promise nor a line")
    func promise() {
        var queue = Self.queue()
        _ = queue.join(Self.caller("a"), at: .zero)
        let wanted = queue.answer("a", round: 1, key: "1", at: .seconds(1))
        #expect(wanted == .callBack(Self.caller("a")))
        // The carrier had no answer in time, and asked again.
        for (second, key) in [(20, nil), (25, "1")] as [(Int, String?)] {
            let again = queue.answer("a", round: 2, key: key, at: .seconds(second))
            guard case .repeated(let place) = again else {
                Issue.record("\(again)")
                continue
            }
            #expect(place.round == 2 && place.position == 1)
        }
        // They are on the line, though.
        let silent = queue.forget(at: .seconds(54))
        #expect(silent.isEmpty)
        let refused = queue.refuseCallback("a", at: .seconds(54))
        #expect(refused?.round == 2)
        let turn = queue.answer("a", round: 2, key: nil, at: .seconds(55))
        #expect(turn == .turn(Self.caller("a", mayBeCalled: false), ahead: 0))
    }

    @Test("of two calls of one number the second is not called back before it is known what became of the first")
    func twice() {
        var queue = Self.queue()
        for id in ["a", "b"] { _ = queue.join(Self.caller(id), at: .zero) }
        var other = Self.caller("c")
        other.from = "+15550101"
        _ = queue.join(other, at: .zero)
        let first = queue.answer("a", round: 1, key: "1", at: .seconds(1))
        #expect(first == .callBack(Self.caller("a")))
        guard case .repeated(let place) = queue.answer("b", round: 1, key: "1", at: .seconds(1)) else {
            Issue.record("two promises at once")
            return
        }
        #expect(place.round == 2 && place.position == 2)
        // Others have nothing to do with it.
        let stranger = queue.answer("c", round: 1, key: "1", at: .seconds(1))
        #expect(stranger == .callBack(other))
        let left = queue.leave("a", .callback, at: .seconds(2))
        #expect(left?.id == "a")
        // They have pressed the key.
        let second = queue.answer("b", round: 2, key: nil, at: .seconds(9))
        #expect(second == .callBack(Self.caller("b")))
        let refused = queue.refuseCallback("b", at: .seconds(10))
        #expect(refused?.position == 1)
        let turn = queue.answer("b", round: 3, key: "1", at: .seconds(18))
        #expect(turn == .turn(Self.caller("b", mayBeCalled: false), ahead: 0))
    }

    @Test("who is not heard of has hung up after a while, and is new should they come again")
    func silence() {
        var queue = Self.queue()
        _ = queue.join(Self.caller("a"), at: .zero)
        _ = queue.join(Self.caller("b"), at: .zero)
        _ = queue.answer("b", round: 1, key: nil, at: .seconds(20))
        let early = queue.forget(at: .seconds(29))
        #expect(early.isEmpty)
        let silent = queue.forget(at: .seconds(30))
        #expect(silent == [Self.caller("a")] && queue.count == 1 && queue.left[.gaveUp] == 1)
        let first = queue.answer("b", round: 2, key: nil, at: .seconds(31))
        #expect(first == .turn(Self.caller("b"), ahead: 0))
        let back = queue.answer("a", round: 1, key: nil, at: .seconds(32))
        #expect(back == .unknown)
        let place = queue.join(Self.caller("a"), at: .seconds(32))
        #expect(place?.position == 2)
    }

    @Test("nobody waits for longer than the longest time, unless a line is free just then")
    func longest() {
        var queue = Self.queue()
        _ = queue.join(Self.caller("a"), at: .zero)
        for round in 1...4 { _ = queue.answer("a", round: round, key: nil, at: .seconds(24 * round)) }
        let last = queue.stay("a", at: .seconds(99))
        #expect(last?.position == 1)
        let turn = queue.answer("a", round: 5, key: nil, at: .seconds(100))
        #expect(turn == .turn(Self.caller("a"), ahead: 0))
        let none = queue.stay("a", at: .seconds(100))
        #expect(none == nil && queue.left[.tooLong] == 1 && queue.count == 0)
        #expect(queue.standing(of: "a") == .gone(.tooLong))
    }

    @Test("what others have waited tells how long it takes, by the place")
    func estimate() {
        var queue = Self.queue()
        let unknown = queue.join(Self.caller("a"), at: .zero)
        #expect(unknown?.wait == nil)
        _ = queue.join(Self.caller("b"), at: .zero)
        _ = queue.leave("a", .answered, at: .seconds(20))
        let next = queue.stay("b", at: .seconds(21))
        #expect(next?.wait == .seconds(20))
        // The second of two, after 80 seconds: 40 for each place.
        _ = queue.leave("b", .answered, at: .seconds(80))
        let places = ["c", "d"].map { queue.join(Self.caller($0), at: .seconds(80))?.wait }
        let expected: [Duration?] = [.seconds(30), .seconds(60)]
        #expect(places == expected)
        // Who gave up tells nothing.
        _ = queue.leave("c", .gaveUp, at: .seconds(81))
        let still = queue.stay("d", at: .seconds(82))
        #expect(still?.wait == .seconds(30) && queue.left[.answered] == 2)
    }
}
