import Glibc

/// How much later a microphone hears what a loudspeaker was given, from the two signals alone.
///
/// Each 5 ms of either becomes one bit a band: louder than of late, or not. The lag at which the fewest bits differ, over
/// the last seconds in which the loudspeaker played, is the delay (the idea of Volcker's binary spectra). A level, a
/// filter or a voice on top changes few of the bits.
package struct DelayEstimator: Sendable {
    /// 5 ms in samples: the resolution.
    package static let hop = 40
    /// The longest delay that is found, in hops (600 ms: wireless loudspeakers).
    package static let longest = 120
    /// A loudspeaker quieter than this mean square (-50 dBFS) says nothing.
    private static let quiet: Float = 10_700
    /// A microphone quieter than this mean square (-74 dBFS) hears nothing: headphones.
    private static let deaf: Float = 40
    /// Hops to be compared before anything is believed: a second.
    private static let youth = 200
    /// Hops for which the same lag must be the best one: 200 ms.
    private static let constancy = 40

    private var farFilter = BandFilter(sampleRate: 8000)
    private var nearFilter = BandFilter(sampleRate: 8000)
    private var farBits = OnsetBits()
    private var nearBits = OnsetBits()
    /// Bits of the loudspeaker, newest at `newest`, around the ring.
    private var history = [UInt8](repeating: 0, count: longest)
    private var newest = 0
    /// Mean number of differing bits, by lag.
    private var mismatch = [Float](repeating: 4, count: longest)
    /// Hops since the loudspeaker was last loud enough.
    private var sinceLoud = Int.max / 2
    /// Hops that were compared.
    private var compared = 0
    private var candidate = -2
    /// Hops for which the candidate has been the best lag.
    private var age = 0

    /// The delay in samples; nil until the signals have shown one clearly.
    package private(set) var delay: Int?

    package init() {}

    /// Takes the same 5 ms of both signals.
    ///
    /// - Parameters:
    ///   - far: ``hop`` samples given to the loudspeaker.
    ///   - near: ``hop`` samples of the microphone.
    package mutating func add(far: Span<Int16>, near: Span<Int16>) {
        precondition(far.count == Self.hop && near.count == Self.hop, "the estimator takes 5 ms")
        let farEnergy = farFilter.energies(of: far)
        let nearEnergy = nearFilter.energies(of: near)
        newest = (newest + 1) % Self.longest
        history[newest] = farBits.next(farEnergy)
        let bits = nearBits.next(nearEnergy)
        sinceLoud = farEnergy.sum() > Self.quiet * Float(Self.hop) ? 0 : sinceLoud + 1
        // What was played long ago echoes no more.
        guard sinceLoud < Self.longest, nearEnergy.sum() > Self.deaf * Float(Self.hop) else { return }
        compared += 1
        let rate: Float = compared < 400 ? 1 / Float(max(compared, 20)) : 1.0 / 400
        var best = 0
        var sum: Float = 0
        for lag in 0..<Self.longest {
            let other = history[(newest - lag + Self.longest) % Self.longest]
            mismatch[lag] += rate * (Float((bits ^ other).nonzeroBitCount) - mismatch[lag])
            sum += mismatch[lag]
            if mismatch[lag] < mismatch[best] { best = lag }
        }
        let isClear = compared > Self.youth && isDip(best, mean: sum / Float(Self.longest))
        age = isClear && abs(best - candidate) <= 1 ? age + 1 : 0
        if !isClear || age == 0 { candidate = best }
        if age >= Self.constancy { delay = best * Self.hop }
    }

    /// Whether so few bits differ at this lag, and at none that is far from it, that chance cannot be the reason. With
    /// speech in a room of much echo the dip is 2 deep and 0.5 sharp; between voices that have nothing to do with each
    /// other it is 0.6 deep.
    private func isDip(_ best: Int, mean: Float) -> Bool {
        guard mean - mismatch[best] > 1 else { return false }
        var nearest = Float.infinity
        for lag in mismatch.indices where abs(lag - best) > 6 { nearest = min(nearest, mismatch[lag]) }
        return nearest - mismatch[best] > 0.4
    }
}

/// One bit a band: whether it is louder than it was of late.
private struct OnsetBits: Sendable {
    private var mean = SIMD8<Float>(repeating: 0)

    mutating func next(_ energy: SIMD8<Float>) -> UInt8 {
        var bits: UInt8 = 0
        for band in 0..<8 {
            let level = log2(energy[band] + 40)
            if level > mean[band] { bits |= 1 << band }
            mean[band] += 0.04 * (level - mean[band])
        }
        return bits
    }
}
