import Campaigns
import Foundation
import Testing

@Suite("What an account at a carrier allows")
struct RateWindowTests {
    private let noon = Date(timeIntervalSince1970: 1_796_230_800)

    @Test(
        "no second sees more than the rate, wherever it begins, nothing is saved up, and parts of one are not lost",
        arguments: [1.0, 1.9, 7.5, 40])
    func anySecond(rate: Double) {
        var window = RateWindow(rate: rate)
        var moments: [Date] = []
        // A quiet minute, then as many as there may be, in uneven steps.
        var now = noon + 60
        for step in 0..<2000 {
            now += step.isMultiple(of: 7) ? 0.13 : 0.011
            for _ in 0..<window.available(now) {
                window.take(now)
                moments.append(now)
            }
        }
        for (index, moment) in moments.enumerated() {
            #expect(moments[index...].prefix { $0 < moment + 1 }.count <= Int(rate.rounded(.up)))
        }
        let seconds = now.timeIntervalSince(noon + 60)
        #expect(Double(moments.count) >= seconds * rate * 0.88)
        #expect(Double(moments.count) <= seconds * rate + rate.rounded(.up))
    }

    @Test("a rate below one is one in a longer time")
    func slow() {
        var window = RateWindow(rate: 0.2)
        #expect(window.available(noon) == 1)
        window.take(noon)
        #expect(window.available(noon + 4.9) == 0)
        #expect(window.available(noon + 5) == 1)
    }

    @Test("what leaves later than it was decided counts from then on")
    func moved() {
        var window = RateWindow(rate: 2)
        window.note([noon - 0.5])
        window.take(noon)
        window.move(1, to: noon + 0.75)
        #expect(window.available(noon + 1) == 1)
        #expect(window.available(noon + 1.5) == 1)
        #expect(window.available(noon + 2) == 2)
        // A look that took longer than they count.
        window.move(2, to: noon + 9)
        #expect(window.available(noon + 9.5) == 0)
        #expect(window.available(noon + 10) == 2)
    }

    @Test("what others are known to have taken counts as long as one's own, and is not counted twice")
    func known() {
        var window = RateWindow(rate: 2)
        window.take(noon)
        for _ in 0..<3 { window.know(others: [noon + 0.5]) }
        #expect(window.available(noon + 0.6) == 0)
        let next = window.next(after: noon + 0.6)
        let second = window.next(after: noon + 0.6, behind: 1)
        #expect(next > noon + 1 && next < noon + 1.01)
        #expect(second > noon + 1.5 && second < noon + 1.51)
        #expect(window.available(noon + 1) == 1)
        window.know(others: [])
        #expect(window.available(noon + 1) == 2)
    }

    @Test("what another node has taken counts, and a clock that was set back does not stop everything")
    func others() {
        var window = RateWindow(rate: 3)
        window.note([noon - 0.9, noon - 0.1])
        #expect(window.available(noon) == 1)
        #expect(window.available(noon + 0.2) == 2)
        window.take(noon + 3600)
        #expect(window.available(noon + 1) == 3)
    }
}
