import Foundation
import Networking
import Testing

@testable import Service

@Suite("The rate of an account")
struct CallRateTests {
    private func account(_ carrier: ParleyConfiguration.CallingCarrier) throws -> CallingAccount {
        var configuration = ParleyConfiguration()
        CampaignUnderTest.open(
            carrier, URL(filePath: "/nowhere"), at: "http://127.0.0.1:1", in: &configuration.carriers)
        return try #require(try CallingAccount(configuration, of: carrier))
    }

    @Test("all that places calls with an account has the same, and other accounts have others")
    func shared() throws {
        let rates = CallRates()
        let (twilio, again, plivo) = (try account(.twilio), try account(.twilio), try account(.plivo))
        let rate = rates.rate(of: twilio)
        #expect(rates.rate(of: again) === rate)
        #expect(rates.rate(of: plivo) !== rate)
    }

    @Test("a person who is called takes their turn of what campaigns begin")
    func taken() async {
        let rate = CallRate(callsPerSecond: 0.2)
        #expect(rate.available(Date()) == 1)
        let turn = await rate.turn(within: .seconds(1), isWanted: { true })
        #expect(turn == .now)
        #expect(rate.available(Date()) == 0)
        let next = await rate.turn(within: .seconds(1), isWanted: { true })
        #expect(next == .tooLate)
    }

    @Test("what other nodes have begun counts, and of campaigns' calls those that are not our own")
    func others() async throws {
        let asked = Lock<[String]>([])
        let rates = CallRates { carrier, since, withCampaigns in
            asked.withLock { $0.append("\(carrier) \(withCampaigns) \(Date().timeIntervalSince(since) > 9)") }
            return [Date()]
        }
        var twilio = try account(.twilio)
        twilio.callsPerSecond = 0.1
        let rate = rates.rate(of: twilio)
        let late = await rate.turn(within: .seconds(1), isWanted: { true })
        #expect(late == .tooLate)
        await rate.look(Date(), isDialling: true)
        #expect(rate.available(Date()) == 0)
        rate.take(Date())
        await rate.look(Date())
        #expect(asked.withLock { $0 } == ["twilio true true", "twilio false true", "twilio false true"])
    }

    @Test("what campaigns have begun is waited for, and a caller who leaves meanwhile takes no turn")
    func waits() async {
        let rate = CallRate(callsPerSecond: 2)
        let begun = Date()
        for _ in 0..<2 { rate.take(begun) }
        rate.begin(begun)
        let wanted = Lock(true)
        async let leaver = rate.turn(within: .seconds(20), isWanted: { wanted.withLock { $0 } })
        wanted.withLock { $0 = false }
        let left = await leaver
        #expect(left == .unwanted)
        let turn = await rate.turn(within: .seconds(20), isWanted: { true })
        #expect(turn == .now)
        #expect(Date().timeIntervalSince(begun) >= 1)
    }
}
