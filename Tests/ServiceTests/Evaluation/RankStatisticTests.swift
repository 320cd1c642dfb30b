import Testing

@testable import Service

@Suite("Rank statistics")
struct RankStatisticTests {
    @Test(
        "The area is the chance that a positive scores higher, equals counting half",
        arguments: [
            ([0.1, 0.2], [0.8, 0.9], 1.0), ([0.8, 0.9], [0.1, 0.2], 0.0), ([0.5, 0.5], [0.5, 0.5, 0.5], 0.5),
            ([0.1, 0.4, 0.35], [0.8, 0.4, 0.2], (3 + 2.5 + 1) / 9.0),
        ])
    func area(negatives: [Double], positives: [Double], expected: Double) throws {
        let scored = negatives.map { (score: $0, isPositive: false) } + positives.map { (score: $0, isPositive: true) }
        #expect(abs(try #require(RankStatistic.area(scored)) - expected) < 1e-12)
    }

    @Test("There is no area with one kind only")
    func oneKind() {
        #expect(RankStatistic.area([]) == nil)
        #expect(RankStatistic.area([(score: 1, isPositive: true)]) == nil)
    }

    @Test(
        "Quantiles are values that occur",
        arguments: [([3.0, 1, 2], 0.5, 2.0), ([1, 2, 3, 4], 0.5, 2), ([1, 2, 3, 4], 0.95, 4), ([7], 0.05, 7)])
    func quantile(values: [Double], fraction: Double, expected: Double) {
        #expect(RankStatistic.quantile(values, fraction) == expected)
        #expect(RankStatistic.quantile([], fraction) == nil)
    }
}
