import Glibc

/// The energy of the background in each band, followed through speech.
///
/// It moves with each band's own probability of speech (Gerkmann and Hendriks, 2012) and is never below what the band's
/// quietest moments of the last seconds were, so that a rise of the noise cannot pass for endless speech.
struct NoiseFloor: Sendable {
    /// Mean energy of the background, per band.
    private(set) var level: SIMD8<Float>

    private var presence = SIMD8<Float>(repeating: 0.5)
    private var smoothed = SIMD8<Float>.zero
    private var minima = InlineArray<4, SIMD8<Float>>(repeating: .init(repeating: .greatestFiniteMagnitude))
    private var current = SIMD8<Float>(repeating: .greatestFiniteMagnitude)
    private var frames = 0

    /// No background counts as quieter than this, about -60 dBFS: a line's own hiss is not to be compared with.
    private let least: SIMD8<Float>
    /// A frame below this, about -75 dBFS, is a carrier's digital silence and tells nothing about the room.
    private let silence: Float

    /// Frames over which the first estimate is made.
    private static let firstFrames = 8
    /// Frames for which the first estimate is doubted.
    private static let youth = 50
    /// Frames in each of the four parts of the minimum's memory.
    private static let partLength = 30

    /// - Parameter frameSize: in samples.
    init(frameSize: Int) {
        least = SIMD8(repeating: Float(frameSize) * 120)
        silence = Float(frameSize) * 6
        level = least
    }

    mutating func update(_ energy: SIMD8<Float>) {
        guard energy.sum() > silence else { return }
        frames += 1
        if frames <= Self.firstFrames {
            // A call begins with line noise far more often than within a word: the quietest frames count, and as much
            // above them as the quietest of eight lies below the mean of fluctuating noise. No line is noisier than -30 dBFS.
            smoothed = frames == 1 ? energy : Self.smaller(smoothed, energy)
            level = Self.smaller(Self.larger(smoothed * 2.5, least), least * 1000)
            return
        }
        followNoise(energy)
        smoothed += 0.25 * (energy - smoothed)
        trackMinimum()
        level = Self.larger(level, least)
    }

    private mutating func followNoise(_ energy: SIMD8<Float>) {
        let ratio = energy / level
        // The first estimate may have been made within a word; then it gives way quickly.
        let isYoung = frames < Self.youth
        for band in 0..<8 {
            // Speech is assumed 12 dB over the noise: odds of 17 against it at the noise's own level.
            let probability = 1 / (1 + 17 * exp(-min(ratio[band], 40) * 0.94))
            presence[band] += 0.1 * (probability - presence[band])
            // Nothing is speech for ever; a little is learned even then.
            let capped = presence[band] > 0.98 ? min(probability, 0.98) : probability
            let rate: Float = isYoung && ratio[band] < 0.25 ? 0.25 : 0.05
            level[band] += rate * (1 - capped) * (energy[band] - level[band])
        }
    }

    /// The lowest smoothed energy of the last 2.4 seconds, in four parts.
    private mutating func trackMinimum() {
        current = Self.smaller(current, smoothed)
        if frames % Self.partLength == 0 {
            minima[frames / Self.partLength % 4] = current
            current = smoothed
        }
        var lowest = current
        for part in minima.indices { lowest = Self.smaller(lowest, minima[part]) }
        // A minimum of smoothed noise lies somewhat under its mean.
        level = Self.larger(level, lowest * 1.3)
    }

    private static func larger(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
        a.replacing(with: b, where: a .< b)
    }

    private static func smaller(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
        a.replacing(with: b, where: b .< a)
    }
}
