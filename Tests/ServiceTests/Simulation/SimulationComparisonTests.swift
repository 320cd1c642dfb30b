import Testing

@testable import Service

@Suite("Comparing two runs of the same scenarios")
struct SimulationComparisonTests {
    @Test(
        "intervals are those of the books",
        arguments: [
            // Wilson's for 81 of 263 and 15 of 148 (Newcombe 1998, Statistics in Medicine 17, 857–872, table I).
            (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718),
        ])
    func wilson(count: Int, total: Int, low: Double, high: Double) throws {
        let interval = try #require(Interval.share(count, of: total))
        #expect(abs(interval.low - low) < 0.0001 && abs(interval.high - high) < 0.0001, "\(interval)")
    }

    @Test(
        "and of a difference, Newcombe's",
        arguments: [
            // His method 10, table II of the second paper (873–890): 56/70 - 48/80, 9/10 - 3/10, 10/10 - 0/10.
            (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (10, 10, 0, 10, 0.6075, 1.0),
        ])
    func newcombe(a: Int, m: Int, b: Int, n: Int, low: Double, high: Double) throws {
        let interval = try #require(Interval.difference(.init(count: b, of: n), .init(count: a, of: m)))
        #expect(abs(interval.low - low) < 0.0001 && abs(interval.high - high) < 0.0001, "\(interval)")
    }

    @Test("a bootstrap draws the same from the same seed, and its interval holds the difference")
    func bootstrap() throws {
        let groups: [(before: [Double], after: [Double])] = (0..<30).map { index in
            let (before, after) = (500 + Double(index % 7) * 10, 400 + Double(index % 5) * 10)
            return (before: [before], after: [after])
        }
        let interval = try #require(Bootstrap.medianDifference(groups))
        #expect(interval == Bootstrap.medianDifference(groups))
        #expect(interval.low <= interval.value && interval.value <= interval.high)
        #expect(interval.high < 0)
        #expect(Bootstrap.medianDifference([(before: [1], after: [])]) == nil)
    }

    @Test("what got slower is worse, what is alike is open, and what fails now is named")
    func comparison() {
        let before = SimulationResult(cases: (0..<20).map { one("s\($0)", answeredAfter: 4000 + $0 * 8) })
        var slower = SimulationResult(cases: (0..<20).map { one("s\($0)", answeredAfter: 8000 + $0 * 8) })
        slower.cases[3].verdict = .failed
        slower.cases[3].faults = ["the agent did not say \"hello\""]
        slower.cases.append(one("new", answeredAfter: 4000))
        let comparison = SimulationComparison(before: before, after: slower)
        #expect(comparison.scenarios == 20)
        #expect(comparison.unmatched == ["new"])
        let latency = comparison.figures.first { $0.name == "response latency" }
        #expect(latency?.finding == .worse)
        #expect(latency?.difference.value == 500)
        #expect(comparison.figures.first { $0.name == "response rate" }?.finding == .open)
        #expect(comparison.changes.map(\.scenario) == ["s3"])
        #expect(comparison.isRegression)
        #expect(comparison.text.contains("s3: passed → failed"))
        let same = SimulationComparison(before: before, after: before)
        #expect(!same.isRegression && same.changes.isEmpty)
        #expect(same.figures.allSatisfy { $0.finding == .open })
    }

    /// A call with one turn, answered so many samples later.
    private func one(_ name: String, answeredAfter wait: Int) -> SimulationResult.Case {
        SimulationResult.Case(
            name: name, verdict: .passed, faults: [],
            timeline: CallTimeline(
                caller: [.init(start: 8000, end: 16_000, meaning: .turn)],
                agent: [.init(start: 16_000 + wait, end: 40_000)], length: 80_000))
    }
}
