import Foundation

/// The mathematics of keeping a model's lowest mel filters.
struct TelephoneBand: Sendable {
    /// The highest frequency a telephone line passes with certainty, Hz. Filters that reach beyond it are dropped.
    static let limit = 3500.0

    let sampleRate = 8000
    let transformSize = 256
    /// How many of the model's filters are kept.
    let filterCount: Int
    /// Hz.
    let lowerEdge: Double
    /// Hz.
    let upperEdge: Double
    /// Maps full-band cepstra to telephone-band cepstra; row by row.
    let matrix: [[Double]]

    /// What the cepstra that the model does not have (those beyond the 13th) add to each row, for each unit of their
    /// variance.
    private let remainder: [Double]
    private let lifter: [Double]

    /// Variances are widened beyond the derivation by this factor: the model met neither telephone lines nor the voices
    /// that call. Chosen on the tuning fixtures, where 1 doubles the word errors of the voices it knows least.
    private static let widening = 1.6

    init(parameters: FeatureParameters) throws(SpeechError) {
        let full = parameters.filterCount
        let size = parameters.cepstrumSize
        let low = Self.mel(parameters.lowerEdge)
        let spacing = (Self.mel(parameters.upperEdge) - low) / Double(full + 1)
        let kept = (1...full).last { Self.hertz(low + Double($0 + 1) * spacing) <= Self.limit } ?? 0
        guard kept >= size else {
            throw SpeechError(
                .invalidModel, operation: "derive telephone band", provider: "pocketsphinx",
                detail: "only \(kept) of \(full) mel filters lie below \(Self.limit) Hz, \(size) are needed")
        }
        filterCount = kept
        lowerEdge = parameters.lowerEdge
        upperEdge = Self.hertz(low + Double(kept + 1) * spacing)

        let lifter = (0..<size).map { index in
            parameters.lifter == 0
                ? 1 : 1 + Double(parameters.lifter) / 2 * sin(Double(index) * .pi / Double(parameters.lifter))
        }
        matrix = (0..<size).map { row in
            (0..<size).map { column in
                let product = (0..<kept).reduce(0) { sum, filter in
                    sum + Self.cosine(row, filter, of: kept) * Self.cosine(column, filter, of: full)
                }
                return lifter[row] * product / lifter[column]
            }
        }
        remainder = (0..<size).map { row in
            (size..<full).reduce(0) { sum, column in
                let product = (0..<kept).reduce(0) { sum, filter in
                    sum + Self.cosine(row, filter, of: kept) * Self.cosine(column, filter, of: full)
                }
                return sum + product * product
            }
        }
        self.lifter = lifter
    }

    func apply(_ cepstrum: [Double]) -> [Double] {
        matrix.map { row in zip(row, cepstrum).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    /// What the variances of each dimension must be multiplied with so that they are the transformed features'.
    ///
    /// A row is a mixture of the 13 cepstra the model has and of the 12 it has not. Left out, the latter would make the
    /// last rows look a hundred times more certain than they are; their variance is taken to be that of the last
    /// three known ones.
    func varianceScale(_ variances: [Double]) -> [Double] {
        let plain = zip(variances, lifter).map { $0 / ($1 * $1) }
        let unknown = plain.suffix(3).reduce(0, +) / 3
        return matrix.indices.map { row in
            let known = zip(matrix[row], variances).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
            let missing = remainder[row] * lifter[row] * lifter[row] * unknown
            return Self.widening * (known + missing) / variances[row]
        }
    }

    /// The model's `feat.params` for this band.
    func featureParameters(from parameters: FeatureParameters, initialMean: [Float]) -> String {
        let replaced = [
            "-samprate": "\(sampleRate)", "-nfft": "\(transformSize)", "-nfilt": "\(filterCount)",
            "-lowerf": Self.text(lowerEdge), "-upperf": Self.text(upperEdge), "-cmn": "live",
            "-cmninit": initialMean.map { Self.text(Double($0)) }.joined(separator: ","),
        ]
        let values = parameters.values.merging(replaced) { $1 }
        return values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
    }

    /// One class, one square transform for each feature stream, no bias.
    func transformFile(variances: [[Double]]) -> String {
        let size = matrix.count
        var lines = ["1", "\(variances.count)"]
        for stream in variances {
            lines.append("\(size)")
            lines += matrix.map { row in row.map(Self.text).joined(separator: " ") }
            lines.append(Array(repeating: "0", count: size).joined(separator: " "))
            lines.append(varianceScale(stream).map(Self.text).joined(separator: " "))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Element of the orthonormal discrete cosine transform (type 2).
    static func cosine(_ row: Int, _ column: Int, of size: Int) -> Double {
        let scale = row == 0 ? (1 / Double(size)).squareRoot() : (2 / Double(size)).squareRoot()
        return scale * cos(.pi * Double(row) * (Double(column) + 0.5) / Double(size))
    }

    private static func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
    private static func hertz(_ mel: Double) -> Double { 700 * (pow(10, mel / 2595) - 1) }
    private static func text(_ value: Double) -> String { String(format: "%.6f", value) }
}
