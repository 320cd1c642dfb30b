import Foundation
import Testing

@Suite("Take-overs, as the chaos test finds them")
struct TakeOversTests {
    private static func moment(_ second: Double) -> Date { Date(timeIntervalSince1970: 1_800_000_000 + second) }

    private static func life(_ port: Int, _ began: Double, killed: Double? = nil, gone: Double) -> NodeStory.Life {
        NodeStory.Life(port: port, began: moment(began), killed: killed.map(moment), gone: moment(gone))
    }

    private static func intents(_ seconds: [(Double, Int?)]) -> [TakeOvers.Intent] {
        seconds.map { TakeOvers.Intent(at: moment($0.0), port: $0.1) }
    }

    /// Node 1 dials and is killed at 10 s; node 2 goes on.
    private static let calls = intents([
        (12, 2), (5, 1), (9.75, 1), (10, nil), (11.5, nil), (11.75, 2), (13, 2),
    ])
    private static let killed = life(1, 0, killed: 10, gone: 10.125)

    private func find(
        _ lives: [NodeStory.Life], _ intents: [TakeOvers.Intent] = Self.calls, outages: [DateInterval] = [],
        rest: Int = 4
    ) -> [TakeOvers.TakeOver] {
        TakeOvers(of: lives, intents: intents, outages: outages, rest: rest).all
    }

    @Test("last from the kill to the next intent, by whoever has the first call after it")
    func measured() {
        let other = Self.life(2, 1, gone: 30)
        let expected = TakeOvers.TakeOver(seconds: 1.5, isByAnother: true, stoodBy: true)
        #expect(find([Self.killed, other]) == [expected])
        // Its next process was quicker.
        let again = Self.intents([(9, 1), (11, 1), (12, 1), (13, 1), (14, 2)])
        #expect(
            find([Self.killed, Self.life(1, 10.25, gone: 30), other], again)
                == [TakeOvers.TakeOver(seconds: 1, isByAnother: false, stoodBy: true)])
        let all = TakeOvers(of: [Self.killed, other], intents: Self.calls, outages: [], rest: 4)
        #expect(all.worst == 1.5)
        #expect(all.summary.contains("1 (1 by another node), median 1.50 s, worst 1.50 s"))
    }

    @Test("are told apart where nobody waited all the time")
    func notStandingBy() {
        let expected = [TakeOvers.TakeOver(seconds: 1.5, isByAnother: true, stoodBy: false)]
        #expect(find([Self.killed, Self.life(2, 9, gone: 30)]) == expected)
        let twice = [Self.killed, Self.life(2, 0, killed: 10.5, gone: 10.75), Self.life(2, 11, gone: 30)]
        #expect(find(twice) == expected)
    }

    @Test("are none where the killed node did not dial, no other lived, the server was away or nobody was left to call")
    func leftOut() {
        let other = Self.life(2, 0, gone: 30)
        #expect(find([Self.life(1, 0, gone: 10.125), other]).isEmpty)
        #expect(find([Self.life(3, 0, killed: 10, gone: 10.125), other]).isEmpty)
        // The process before it dialled.
        #expect(find([Self.life(1, 9.875, killed: 10, gone: 10.125), other]).isEmpty)
        #expect(find([Self.killed]).isEmpty)
        #expect(find([Self.killed, Self.life(2, 0, gone: 9)]).isEmpty)
        let away = DateInterval(start: Self.moment(9.8), end: Self.moment(10.8))
        #expect(find([Self.killed, other], outages: [away]).isEmpty)
        let earlier = DateInterval(start: Self.moment(6), end: Self.moment(7))
        #expect(find([Self.killed, other], outages: [earlier]).count == 1)
        #expect(find([Self.killed, other], rest: 5).isEmpty)
    }
}
