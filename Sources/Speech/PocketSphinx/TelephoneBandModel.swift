package import Foundation

/// An 8 kHz acoustic model derived from the installed 16 kHz one.
///
/// The stock model looks at 25 mel filters from 130 to 6800 Hz; a telephone passes only the lowest 18 of them. Cepstra
/// are an orthonormal cosine transform of the filters' log energies, so those of the lowest filters alone are, up to
/// what 13 coefficients cannot show, a linear map of the full ones:
///
///     A = diag(l) · D(13×18) · D(13×25)ᵀ[first 18 rows] · diag(1/l)
///
/// with `D` the transform and `l` the lifter weights. The decoder takes that map as a speaker adaptation (MLLR) of its
/// means, with the variances scaled to match. Nothing is trained and nothing of the model is copied.
package struct TelephoneBandModel: Sendable, Equatable {
    /// The directory of the installed acoustic model.
    package let acousticModel: URL
    /// The front end's settings for 8 kHz, in the format of `feat.params`.
    package let featureParameters: URL
    /// The transform, in the format `ps_mllr_read` takes.
    package let transform: URL
    /// The cepstral mean a call starts with.
    package let initialMean: [Float]

    /// Derives the model, or finds it derived in `cache`.
    ///
    /// - Parameters:
    ///   - acousticModel: the directory with `feat.params` and `variances`.
    ///   - cache: made if absent; holds a few kilobytes for each acoustic model.
    package init(acousticModel: URL, cache: URL) throws(SpeechError) {
        let parameters = try FeatureParameters(contentsOf: acousticModel.appending(path: "feat.params"))
        let variances = try GaussianVariances(contentsOf: acousticModel.appending(path: "variances"))
        let band = try TelephoneBand(parameters: parameters)

        var hash = StableHash()
        hash.combine("telephone-band 2")
        hash.combine(parameters.text)
        for stream in variances.means { hash.combine(stream.map { "\($0)" }.joined(separator: " ")) }
        let name = "telephone-\(hash.hexadecimal)"

        self.acousticModel = acousticModel
        initialMean = band.apply(parameters.initialMean.map(Double.init)).map(Float.init)
        featureParameters = cache.appending(path: "\(name).params")
        transform = cache.appending(path: "\(name).mllr")
        try CacheFile.write(featureParameters) { band.featureParameters(from: parameters, initialMean: initialMean) }
        try CacheFile.write(transform) { band.transformFile(variances: variances.means) }
    }
}
