import CSpeexDSP

/// Streaming conversion of mono 16-bit audio from one sample rate to another.
///
/// The filter's delay is removed: output sample 0 belongs to input sample 0, the last samples come with ``flush(into:)``.
/// The only owner of a `SpeexResamplerState *`.
@safe package struct Resampler: ~Copyable {
    /// How carefully to filter, as speexdsp counts it.
    package enum Quality: Int32, Sendable {
        /// Short filter for live speech.
        case voice = 3
        /// Long filter for recordings and for audio that a recognizer reads.
        case high = 8
    }

    /// Hz.
    package let inputRate: Int
    /// Hz.
    package let outputRate: Int
    /// How many input samples must have arrived before the output sample of the same moment leaves.
    package let latency: Int

    private let state: OpaquePointer
    private var samplesIn = 0
    private var samplesOut = 0

    /// - Parameters:
    ///   - inputRate: in Hz, 1...768,000.
    ///   - outputRate: in Hz, 1...768,000.
    package init(from inputRate: Int, to outputRate: Int, quality: Quality = .voice) throws(AudioError) {
        let subject = "\(inputRate) Hz to \(outputRate) Hz"
        guard (1...768_000).contains(inputRate), (1...768_000).contains(outputRate) else {
            throw AudioError(
                .resamplerFailed, operation: "resample", subject: subject, reason: "rates are 1 to 768000 Hz")
        }
        var status: Int32 = 0
        let made = unsafe speex_resampler_init(1, UInt32(inputRate), UInt32(outputRate), quality.rawValue, &status)
        guard let state = unsafe made else {
            let text = unsafe speex_resampler_strerror(status).map { unsafe String(cString: $0) }
            throw AudioError(
                .resamplerFailed, operation: "resample", subject: subject, reason: text ?? "status \(status)")
        }
        unsafe speex_resampler_skip_zeros(state)
        self.inputRate = inputRate
        self.outputRate = outputRate
        latency = Int(unsafe speex_resampler_get_input_latency(state))
        unsafe self.state = state
    }

    deinit { unsafe speex_resampler_destroy(state) }

    /// The most samples that `inputCount` further samples can produce.
    package func outputBound(forInput inputCount: Int) -> Int {
        expectedOutput(after: samplesIn + inputCount + latency) - samplesOut + 1
    }

    /// Converts `input` and appends the result to `output`; allocates only when `output` lacks capacity.
    package mutating func process(_ input: Span<Int16>, appendingTo output: inout [Int16]) {
        var consumed = 0
        while consumed < input.count {
            let rest = input.extracting(consumed..<input.count)
            consumed += step(rest, outputBound(forInput: rest.count), &output)
        }
    }

    /// Converts as much of `input` as `output` has room for.
    ///
    /// - Returns: input samples used and output samples written.
    package mutating func process(
        _ input: Span<Int16>, into output: inout MutableSpan<Int16>
    ) -> (consumed: Int, produced: Int) {
        var result = (0, 0)
        unsafe input.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                result = unsafe convert(source, target)
            }
        }
        return result
    }

    /// Appends what the filter still holds, so that the whole output is as long as the input was, and begins anew.
    package mutating func flush(appendingTo output: inout [Int16]) {
        let total = expectedOutput(after: samplesIn)
        let silence = [Int16](repeating: 0, count: 256)
        while samplesOut < total {
            _ = step(silence.span, total - samplesOut, &output)
        }
        unsafe speex_resampler_reset_mem(state)
        unsafe speex_resampler_skip_zeros(state)
        samplesIn = 0
        samplesOut = 0
    }

    /// One call of the converter with at most `limit` samples out; returns the input samples used.
    private mutating func step(_ input: Span<Int16>, _ limit: Int, _ output: inout [Int16]) -> Int {
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: limit))
        var result = (consumed: 0, produced: 0)
        unsafe input.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                result = unsafe convert(source, UnsafeMutableBufferPointer(rebasing: target[start...]))
            }
        }
        output.removeLast(limit - result.produced)
        return result.consumed
    }

    private mutating func convert(
        _ source: UnsafeBufferPointer<Int16>, _ target: UnsafeMutableBufferPointer<Int16>
    ) -> (consumed: Int, produced: Int) {
        // An empty span has no address, and speexdsp takes "no input" to mean silence.
        guard let from = source.baseAddress, let to = target.baseAddress else { return (0, 0) }
        var inputCount = UInt32(clamping: source.count)
        var outputCount = UInt32(clamping: target.count)
        // SAFETY: both counts are those of the buffers; speexdsp writes back what it used of each.
        unsafe speex_resampler_process_int(state, 0, from, &inputCount, to, &outputCount)
        samplesIn += Int(inputCount)
        samplesOut += Int(outputCount)
        return (Int(inputCount), Int(outputCount))
    }

    private func expectedOutput(after inputCount: Int) -> Int {
        (inputCount * outputRate + inputRate - 1) / inputRate
    }
}
