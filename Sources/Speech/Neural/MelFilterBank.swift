import Glibc

/// Triangular filters of equal area, equally spaced on Slaney's mel scale, which is linear up to 1 kHz.
struct MelFilterBank: Sendable {
    private struct Filter {
        /// The first bin with a weight.
        let start: Int
        let weights: [Double]
    }

    private let filters: [Filter]

    /// - Parameters:
    ///   - bandCount: filters from 0 Hz to half the sample rate.
    ///   - binCount: bins of the spectrum, from 0 Hz to half the sample rate.
    ///   - sampleRate: Hz.
    init(bandCount: Int, binCount: Int, sampleRate: Int) {
        let highest = Double(sampleRate) / 2
        let edges = (0..<bandCount + 2).map {
            Self.hertz(Self.mel(highest) * Double($0) / Double(bandCount + 1))
        }
        filters = (0..<bandCount).map { band in
            let (low, middle, high) = (edges[band], edges[band + 1], edges[band + 2])
            let weights = (0..<binCount).map { bin in
                let frequency = highest * Double(bin) / Double(binCount - 1)
                let slope = min((frequency - low) / (middle - low), (high - frequency) / (high - middle))
                return max(slope, 0) * 2 / (high - low)
            }
            let start = weights.firstIndex { $0 > 0 } ?? 0
            let end = weights.lastIndex { $0 > 0 }.map { $0 + 1 } ?? start
            return Filter(start: start, weights: Array(weights[start..<end]))
        }
    }

    /// The energy of a power spectrum in one band.
    func energy(_ spectrum: Span<Double>, band: Int) -> Double {
        let filter = filters[band]
        var sum = 0.0
        for index in filter.weights.indices { sum += filter.weights[index] * spectrum[filter.start + index] }
        return sum
    }

    private static func mel(_ hertz: Double) -> Double {
        hertz < 1000 ? 3 * hertz / 200 : 15 + log(hertz / 1000) * 27 / log(6.4)
    }

    private static func hertz(_ mel: Double) -> Double {
        mel < 15 ? 200 * mel / 3 : 1000 * exp((mel - 15) * log(6.4) / 27)
    }
}
