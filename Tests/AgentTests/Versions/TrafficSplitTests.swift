import Agent
import Testing

@Suite("A split of calls")
struct TrafficSplitTests {
    /// Ids as calls have them, drawn from a fixed seed.
    private let calls: [String] = {
        var state: UInt64 = 42
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        return (0..<1000).map { _ in
            "c"
                + String(
                    (0..<16).map { _ in
                        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                        return alphabet[Int(state >> 59)]
                    })
        }
    }()

    // Four standard deviations of a binomial share.
    @Test(
        "gives the trial its share of a thousand calls", arguments: [(10, 62...138), (50, 437...563), (90, 862...938)])
    func share(percent: Int, range: ClosedRange<Int>) {
        let split = TrafficSplit(percent: percent)
        let taken = calls.filter { split.takes(callID: $0) }
        #expect(range.contains(taken.count), "\(taken.count)")
        #expect(taken == calls.filter { split.takes(callID: $0) })
    }

    @Test("gives it its share also of ids that differ in their last figures only")
    func counted() {
        let taken = (0..<1000).count { TrafficSplit(percent: 10).takes(callID: "CA\($0)") }
        #expect((62...138).contains(taken), "\(taken)")
    }

    @Test("takes none at 0 and all at 100, and a larger share takes the calls of a smaller one too")
    func edges() {
        #expect(calls.allSatisfy { !TrafficSplit(percent: 0).takes(callID: $0) })
        #expect(calls.allSatisfy { TrafficSplit(percent: 100).takes(callID: $0) })
        #expect(
            calls.allSatisfy {
                !TrafficSplit(percent: 10).takes(callID: $0) || TrafficSplit(percent: 30).takes(callID: $0)
            })
    }
}
