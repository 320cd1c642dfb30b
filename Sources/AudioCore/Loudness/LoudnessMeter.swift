import CEBUR128

/// How loud a signal is as a whole: EBU R 128 (ITU-R BS.1770-4) of one channel, by libebur128. Gated, so that pauses between
/// words do not count. Its memory does not grow.
@safe package final class LoudnessMeter {
    private var state: UnsafeMutablePointer<ebur128_state>?

    /// - Parameter sampleRate: Hz, 1000 or more.
    package init(sampleRate: Int) {
        let modes = EBUR128_MODE_I.rawValue | EBUR128_MODE_SAMPLE_PEAK.rawValue | EBUR128_MODE_HISTOGRAM.rawValue
        guard let state = unsafe ebur128_init(1, UInt(sampleRate), Int32(modes)) else {
            // Only where memory has run out, which nobody survives.
            fatalError("ebur128_init failed")
        }
        unsafe self.state = state
    }

    deinit { unsafe ebur128_destroy(&state) }

    package func add(_ samples: [Int16]) {
        // Safe: reads as many samples as there are, and keeps none of the pointer.
        unsafe samples.withUnsafeBufferPointer { _ = unsafe ebur128_add_frames_short(state, $0.baseAddress, $0.count) }
    }

    /// LUFS; nil as long as nothing was louder than -70.
    package var loudness: Double? {
        var value = 0.0
        guard unsafe ebur128_loudness_global(state, &value) == Int32(EBUR128_SUCCESS.rawValue), value.isFinite else {
            return nil
        }
        return value
    }

    /// The loudest sample, 0...1.
    package var peak: Double {
        var value = 0.0
        _ = unsafe ebur128_sample_peak(state, 0, &value)
        return value
    }
}
