import Foundation

/// What an acoustic model's `feat.params` says of its front end.
struct FeatureParameters: Sendable {
    let text: String
    let values: [String: String]
    let filterCount: Int
    /// Hz.
    let lowerEdge: Double
    /// Hz.
    let upperEdge: Double
    let lifter: Int
    let initialMean: [Float]

    var cepstrumSize: Int { initialMean.count }

    init(contentsOf file: URL) throws(SpeechError) {
        do {
            try self.init(text: String(contentsOf: file, encoding: .utf8))
        } catch let error as SpeechError {
            throw error
        } catch {
            throw SpeechError(
                .invalidModel, operation: "read \(file.path)", provider: "pocketsphinx",
                detail: "\(error.localizedDescription); install the package pocketsphinx-en-us")
        }
    }

    init(text: String) throws(SpeechError) {
        let fields = text.split(whereSeparator: \.isWhitespace).map(String.init)
        var values: [String: String] = [:]
        for index in stride(from: 0, to: fields.count - 1, by: 2) { values[fields[index]] = fields[index + 1] }
        guard values["-transform"] == "dct", values["-feat"] == "1s_c_d_dd",
            let filterCount = values["-nfilt"].flatMap({ Int($0) }), (1...1000).contains(filterCount),
            let lowerEdge = values["-lowerf"].flatMap({ Double($0) }),
            let upperEdge = values["-upperf"].flatMap({ Double($0) }), lowerEdge < upperEdge,
            let mean = values["-cmninit"]?.split(separator: ",").compactMap({ Float($0) }), mean.count == 13
        else {
            throw SpeechError(
                .invalidModel, operation: "read feat.params", provider: "pocketsphinx",
                detail: "needs -transform dct, -feat 1s_c_d_dd, -nfilt, -lowerf, -upperf and 13 values of -cmninit")
        }
        self.text = text
        self.values = values
        self.filterCount = filterCount
        self.lowerEdge = lowerEdge
        self.upperEdge = upperEdge
        lifter = values["-lifter"].flatMap { Int($0) } ?? 0
        initialMean = mean
    }
}
