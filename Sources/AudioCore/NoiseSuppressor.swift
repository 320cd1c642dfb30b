import CSpeexDSP

/// Takes steady noise out of speech: speexdsp's preprocessor (a log-spectral estimator after Ephraim and Malah), 8 kHz.
///
/// It learns the noise from what it hears, so it needs some hundred milliseconds of the line before the speech, and gets
/// better during a call. The sound comes out one frame (10 ms) later than it went in.
@safe package final class NoiseSuppressor {
    /// Samples of a frame: 10 ms. At 20 ms recognition of noisy speech is a third worse.
    package static let frameSize = 80

    private let state: OpaquePointer

    /// - Parameter attenuation: the most that noise is lowered, 1...60 dB.
    package init(attenuation: Int = 15) {
        guard let state = unsafe speex_preprocess_state_init(Int32(Self.frameSize), 8000) else {
            // Only where memory has run out, which nobody survives.
            fatalError("speex_preprocess_state_init failed")
        }
        unsafe self.state = state
        var decibel = Int32(-min(max(attenuation, 1), 60))
        _ = unsafe speex_preprocess_ctl(state, SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, &decibel)
    }

    deinit { unsafe speex_preprocess_state_destroy(state) }

    /// Suppresses the noise of the whole frames in `samples`, in place; what is left of a frame at the end stays as it is.
    package func process(_ samples: inout [Int16]) {
        let whole = samples.count / Self.frameSize * Self.frameSize
        unsafe samples.withUnsafeMutableBufferPointer { buffer in
            for start in stride(from: 0, to: whole, by: Self.frameSize) {
                _ = unsafe speex_preprocess_run(state, buffer.baseAddress.map { unsafe $0 + start })
            }
        }
    }
}
