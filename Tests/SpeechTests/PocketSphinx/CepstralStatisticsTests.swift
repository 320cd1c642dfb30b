import Testing

@testable import Speech

@Suite("Cepstral statistics")
struct CepstralStatisticsTests {
    /// The statistics of `rows`, each of 13 numbers; with `isNormalized`, of what normalizing by them leaves.
    private func measure(_ rows: [[Float]], isNormalized: Bool = false) -> CepstralStatistics? {
        let cepstra = UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>?>.allocate(capacity: rows.count)
        for (index, row) in rows.enumerated() {
            let copy = UnsafeMutablePointer<Float>.allocate(capacity: row.count)
            unsafe copy.initialize(from: row, count: row.count)
            unsafe cepstra.initializeElement(at: index, to: copy)
        }
        defer {
            unsafe cepstra.forEach { unsafe $0?.deallocate() }
            unsafe cepstra.deallocate()
        }
        let statistics = unsafe CepstralStatistics(cepstra)
        guard isNormalized else { return statistics }
        unsafe statistics?.normalize(cepstra)
        return unsafe CepstralStatistics(cepstra)
    }

    /// Frames about `mean`, half of them `deviation` above and half below.
    private func frames(mean: Float, deviation: Float) -> [[Float]] {
        (0..<40).map { frame in
            (0..<13).map { mean + Float($0) + ($0 % 2 == frame % 2 ? deviation : -deviation) }
        }
    }

    @Test("are the mean and the deviation of each coefficient")
    func measured() throws {
        let statistics = try #require(measure(frames(mean: 40, deviation: 5)))
        for index in 0..<13 {
            #expect(abs(statistics.mean[index] - 40 - Float(index)) < 1e-3)
            #expect(abs(statistics.deviation[index] - 5) < 1e-3)
        }
    }

    @Test("of no frames there are none")
    func nothing() {
        #expect(measure([]) == nil)
    }

    @Test(
        "normalizing moves the mean to zero and the deviation most of the way to that of clean speech",
        arguments: [(3, 3.01, 20), (40, 5, 39.99), (0, 0, 1e-6)] as [(Float, Float, Float)])
    func normalized(deviation: Float, least: Float, most: Float) throws {
        let frames = frames(mean: -12, deviation: deviation)
        let after = try #require(measure(frames, isNormalized: true))
        #expect(after.mean.allSatisfy { abs($0) < 1e-3 })
        #expect(after.deviation.allSatisfy { (least...most).contains($0) }, "\(after.deviation)")
    }

    @Test("what is far from clean speech is not blown up beyond bounds")
    func bounded() throws {
        let frames = frames(mean: 0, deviation: 0.01)
        let after = try #require(measure(frames, isNormalized: true))
        #expect(after.deviation.allSatisfy { (0.01...0.025).contains($0) }, "\(after.deviation)")
    }
}
