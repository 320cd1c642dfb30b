import Campaigns
import Foundation
import Testing

@Suite("When the carrier is left alone")
struct CarrierRestTests {
    private let noon = Date(timeIntervalSince1970: 1_796_230_800)

    @Test("a request without an answer, and a second one, stop nobody else; the third in a row does")
    func tolerance() {
        var rest = CarrierRest()
        for second in 0..<CarrierRest.tolerated {
            #expect(rest.failed(.unreachable, at: noon + Double(second)) == noon + Double(second) + 2)
            #expect(rest.until < noon)
        }
        #expect(rest.failed(.unreachable, at: noon + 10) == noon + 12)
        #expect(rest.until == noon + 12)
    }

    @Test("an answer in between begins the count anew")
    func answered() {
        var rest = CarrierRest()
        for second in 0..<20 {
            _ = rest.failed(.unreachable, at: noon + Double(second))
            if second % 2 == 1 { rest.answered() }
        }
        #expect(rest.until < noon)
    }

    @Test("a rest doubles with each failure after it, up to 64 s, and not with those that were under way when it began")
    func doubling() {
        var rest = CarrierRest()
        var now = noon
        for _ in 0..<CarrierRest.tolerated { _ = rest.failed(.unreachable, at: now) }
        var rests: [TimeInterval] = []
        for _ in 0..<8 {
            _ = rest.failed(.unreachable, at: now)
            rests.append(rest.until.timeIntervalSince(now))
            for _ in 0..<10 { _ = rest.failed(.unreachable, at: now + 0.5) }
            #expect(rest.until.timeIntervalSince(now) == rests.last)
            now = rest.until
        }
        #expect(rests == [2, 4, 8, 16, 32, 64, 64, 64])
    }

    @Test("a carrier that asks for a pause gets it at once, as long as it says")
    func asked() {
        var rest = CarrierRest()
        #expect(rest.failed(.busy(.seconds(30)), at: noon) == noon + 30)
        rest = CarrierRest()
        #expect(rest.failed(.busy(nil), at: noon) == noon + 2)
        // Ten that are told so at the same time are one.
        for _ in 0..<9 { _ = rest.failed(.busy(nil), at: noon) }
        #expect(rest.until == noon + 2 && rest.count == 1)
    }

    @Test("a rest that becomes longer is one rest")
    func counted() {
        var rest = CarrierRest()
        // Their answers come one after the other.
        for second in 0..<10 { _ = rest.failed(.busy(.seconds(30)), at: noon + Double(second)) }
        #expect(rest.until == noon + 39 && rest.count == 1)
        rest.answered()
        #expect(rest.count == 1)
        _ = rest.failed(.busy(nil), at: noon + 39)
        #expect(rest.count == 2)
    }
}
