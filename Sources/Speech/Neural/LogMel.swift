import Glibc

/// The features that Whisper, and with it Smart Turn, hears: the logarithm of the energy in 80 mel bands, every 10 ms of
/// the last 8 seconds.
///
/// As `WhisperFeatureExtractor` of Hugging Face Transformers computes them with `do_normalize`: the audio brought to mean 0
/// and variance 1, windows of 25 ms mirrored at the ends, at most 80 dB under the loudest. Pure; a value with its scratch
/// memory, so that features cost no allocation.
struct LogMel {
    /// Hz.
    static let sampleRate = 16_000
    /// Eight seconds, in samples.
    static let sampleCount = 8 * sampleRate
    static let bandCount = 80
    static let frameCount = sampleCount / hop

    private static let window = 400
    private static let hop = 160

    private let hann: [Double]
    private let filters: MelFilterBank
    private var fourier: FourierTransform
    private var real = [Double](repeating: 0, count: window)
    private var imaginary = [Double](repeating: 0, count: window)
    private var spectrum = [Double](repeating: 0, count: window / 2 + 1)
    private var second = [Double](repeating: 0, count: window / 2 + 1)

    init() {
        let step = 2 * Double.pi / Double(Self.window)
        hann = (0..<Self.window).map { 0.5 - 0.5 * cos(step * Double($0)) }
        filters = MelFilterBank(
            bandCount: Self.bandCount, binCount: Self.window / 2 + 1, sampleRate: Self.sampleRate)
        fourier = FourierTransform(factors: [5, 5, 4, 4])
    }

    /// Computes the features of eight seconds.
    ///
    /// - Parameters:
    ///   - samples: ``sampleCount`` at ``sampleRate``, on any scale.
    ///   - features: ``bandCount`` rows of ``frameCount`` numbers, about -1...1.
    mutating func features(of samples: [Float], into features: inout [Float]) {
        precondition(samples.count == Self.sampleCount, "eight seconds of audio")
        precondition(features.count == Self.bandCount * Self.frameCount, "room for all features")
        var sum = 0.0
        for sample in samples { sum += Double(sample) }
        let mean = sum / Double(samples.count)
        var squares = 0.0
        for sample in samples { squares += (Double(sample) - mean) * (Double(sample) - mean) }
        let scale = 1 / (squares / Double(samples.count) + 1e-7).squareRoot()

        var loudest = -Double.infinity
        // Two frames are one complex signal; their spectra are parted by symmetry.
        for frame in stride(from: 0, to: Self.frameCount, by: 2) {
            load(samples, frame, mean, scale)
            fourier.transform(real: &real, imaginary: &imaginary)
            partSpectra()
            for band in 0..<Self.bandCount {
                let first = log10(max(filters.energy(spectrum.span, band: band), 1e-10))
                let next = log10(max(filters.energy(second.span, band: band), 1e-10))
                loudest = max(loudest, first, next)
                features[band * Self.frameCount + frame] = Float(first)
                features[band * Self.frameCount + frame + 1] = Float(next)
            }
        }
        let floor = Float(loudest - 8)
        for index in features.indices { features[index] = (max(features[index], floor) + 4) / 4 }
    }

    /// Windows a frame into the real part and the next one into the imaginary part.
    private mutating func load(_ samples: [Float], _ frame: Int, _ mean: Double, _ scale: Double) {
        // Frames are centred on their time, so that the first one begins before the audio.
        let start = frame * Self.hop - Self.window / 2
        for index in 0..<Self.window {
            let weight = hann[index] * scale
            real[index] = (Double(samples[Self.mirrored(start + index)]) - mean) * weight
            imaginary[index] = (Double(samples[Self.mirrored(start + index + Self.hop)]) - mean) * weight
        }
    }

    /// The place within the audio of one that may lie up to a window outside.
    private static func mirrored(_ index: Int) -> Int {
        if index < 0 { return -index }
        return index < sampleCount ? index : 2 * (sampleCount - 1) - index
    }

    private mutating func partSpectra() {
        for bin in 0...Self.window / 2 {
            let opposite = (Self.window - bin) % Self.window
            let (a, b) = (real[bin], imaginary[bin])
            let (c, d) = (real[opposite], imaginary[opposite])
            spectrum[bin] = ((a + c) * (a + c) + (b - d) * (b - d)) / 4
            second[bin] = ((a - c) * (a - c) + (b + d) * (b + d)) / 4
        }
    }
}
