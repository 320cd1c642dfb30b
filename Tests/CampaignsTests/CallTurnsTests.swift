import Campaigns
import Foundation
import Testing

@Suite("Whose call begins next")
struct CallTurnsTests {
    private let noon = Date(timeIntervalSince1970: 1_796_230_800)

    /// Of an account that begins one call in a second.
    private var turns: CallTurns { CallTurns(RateWindow(rate: 1)) }

    @Test("a call that somebody waits for begins at once where the rate allows, and counts for campaigns")
    func free() throws {
        var turns = turns
        let ticketPlace = turns.enter(noon, until: noon + 20)
        let ticket = try #require(ticketPlace)
        let turn = turns.turn(of: ticket, noon)
        #expect(turn == .now)
        #expect(turns.available(noon + 0.9) == 0)
        #expect(turns.available(noon + 1.1) == 1)
    }

    @Test("it waits for what campaigns have begun, and comes before what they would begin next")
    func before() throws {
        var turns = turns
        turns.take(noon)
        turns.begin(noon + 0.2)
        let ticketPlace = turns.enter(noon + 0.5, until: noon + 20)
        let ticket = try #require(ticketPlace)
        guard case .later(let next) = turns.turn(of: ticket, noon + 0.5) else {
            Issue.record("its turn has come too soon")
            return
        }
        #expect(next > noon + 1.2 && next < noon + 1.21)
        // The rate would allow one, which is spoken for.
        #expect(turns.available(next) == 0)
        let turn = turns.turn(of: ticket, next)
        #expect(turn == .now)
        #expect(turns.waiting == 0)
        #expect(turns.available(next + 0.9) == 0)
    }

    @Test("those who wait are served in their order, and no second sees more than the rate")
    func order() throws {
        var turns = CallTurns(RateWindow(rate: 2))
        var tickets: [CallTurns.Ticket] = []
        for _ in 0..<6 {
            let place = turns.enter(noon, until: noon + 20)
            tickets.append(try #require(place))
        }
        var moments: [Date] = []
        for ticket in tickets {
            var now = moments.last ?? noon
            while true {
                let turn = turns.turn(of: ticket, now)
                guard case .later(let next) = turn else {
                    #expect(turn == .now)
                    break
                }
                now = next
            }
            moments.append(now)
        }
        #expect(moments == moments.sorted() && moments.count == 6)
        for (index, moment) in moments.enumerated() {
            #expect(moments[index...].prefix { $0 < moment + 1 }.count <= 2)
        }
        #expect(try #require(moments.last) < noon + 2.1)
    }

    @Test("who would come too late hears so at once, and takes nobody's place")
    func tooLate() throws {
        var turns = turns
        turns.take(noon)
        let firstPlace = turns.enter(noon, until: noon + 1.5)
        let first = try #require(firstPlace)
        let second = turns.enter(noon, until: noon + 1.5)
        #expect(second == nil && turns.waiting == 1)
        // Somebody else has used the account meanwhile.
        turns.note([noon + 0.9])
        let turn = turns.turn(of: first, noon + 1.1)
        #expect(turn == .tooLate)
        #expect(turns.waiting == 0)
    }

    @Test("one that is not wanted any more lets the next one in")
    func left() throws {
        var turns = turns
        let firstPlace = turns.enter(noon, until: noon + 20)
        let first = try #require(firstPlace)
        let secondPlace = turns.enter(noon, until: noon + 20)
        let second = try #require(secondPlace)
        guard case .later = turns.turn(of: second, noon) else {
            Issue.record("the second is before the first")
            return
        }
        turns.leave(first)
        let turn = turns.turn(of: second, noon)
        #expect(turn == .now)
        let again = turns.turn(of: second, noon + 5)
        #expect(again == .tooLate)
    }

    @Test("whether campaigns' calls are placed here is known as long as the last of them counts")
    func campaigning() {
        var turns = turns
        let before = turns.isCampaigning(noon)
        turns.take(noon)
        let (during, after) = (turns.isCampaigning(noon + 1), turns.isCampaigning(noon + 3))
        #expect(!before && during && !after)
        turns.know(others: [noon + 3])
        #expect(turns.available(noon + 3.5) == 0)
    }

    @Test("a call that begins between a decision and its leaving is not counted too early")
    func between() throws {
        var turns = CallTurns(RateWindow(rate: 2))
        turns.take(noon)
        let ticketPlace = turns.enter(noon + 0.1, until: noon + 20)
        let ticket = try #require(ticketPlace)
        let turn = turns.turn(of: ticket, noon + 0.1)
        #expect(turn == .now)
        turns.begin(noon + 0.5)
        #expect(turns.available(noon + 1.4) == 0)
        #expect(turns.available(noon + 1.6) == 2)
    }
}
