import Glibc

/// Splits 8 kHz audio into eight bands between 200 and 3,500 Hz and measures their energies.
///
/// A bank of second-order band-pass filters, one lane a band: for a few wide bands this costs less than a Fourier
/// transform, and it has no window that smears an onset over several frames.
struct BandFilter: Sendable {
    /// Lower and upper edges in Hz, narrower where voices have their power.
    static let edges: [(low: Double, high: Double)] = [
        (200, 350), (350, 550), (550, 800), (800, 1150), (1150, 1600), (1600, 2150), (2150, 2800), (2800, 3500),
    ]

    private let gain: SIMD8<Float>
    private let feedback1: SIMD8<Float>
    private let feedback2: SIMD8<Float>
    private var delay1 = SIMD8<Float>.zero
    private var delay2 = SIMD8<Float>.zero

    init(sampleRate: Int) {
        var gain = SIMD8<Float>.zero
        var feedback1 = SIMD8<Float>.zero
        var feedback2 = SIMD8<Float>.zero
        for (lane, edge) in Self.edges.enumerated() {
            // Band-pass with a peak of 0 dB by the bilinear transform.
            let center = (edge.low * edge.high).squareRoot()
            let omega = 2 * Double.pi * center / Double(sampleRate)
            let alpha = sin(omega) * (edge.high - edge.low) / (2 * center)
            gain[lane] = Float(alpha / (1 + alpha))
            feedback1[lane] = Float(2 * cos(omega) / (1 + alpha))
            feedback2[lane] = Float(-(1 - alpha) / (1 + alpha))
        }
        self.gain = gain
        self.feedback1 = feedback1
        self.feedback2 = feedback2
    }

    /// The sum of squares in each band, for samples on the scale of 16 bits.
    mutating func energies(of samples: Span<Int16>) -> SIMD8<Float> {
        var energy = SIMD8<Float>.zero
        var state1 = delay1
        var state2 = delay2
        for index in samples.indices {
            // Transposed direct form II; the middle numerator coefficient is 0, the last is minus the first.
            let input = SIMD8<Float>(repeating: Float(samples[index])) * gain
            let output = input + state1
            state1 = state2 + output * feedback1
            state2 = output * feedback2 - input
            energy += output * output
        }
        delay1 = state1
        delay2 = state2
        return energy
    }
}
