import CSpeexDSP

/// Takes what a loudspeaker played out of what a microphone heard: speexdsp's adaptive filter, and its suppression of
/// what the filter leaves. 8 kHz.
///
/// The two signals must be aligned to within ``tail``; ``EchoControl`` sees to that. The only owner of a
/// `SpeexEchoState *` and of the preprocessor bound to it. One thread at a time.
@safe package final class EchoCanceller {
    /// 20 ms in samples.
    package static let frameSize = 160
    /// The longest echo that is cancelled, in samples (256 ms): the path through the room and what alignment is off by.
    package static let tail = 2048

    private let state: OpaquePointer
    private let suppression: OpaquePointer
    private var output = [Int16](repeating: 0, count: frameSize)

    package init() {
        guard let state = unsafe speex_echo_state_init(Int32(Self.frameSize), Int32(Self.tail)),
            let suppression = unsafe speex_preprocess_state_init(Int32(Self.frameSize), 8000)
        else {
            // Both fail only where memory has run out, which nobody survives.
            fatalError("speex_echo_state_init failed")
        }
        unsafe self.state = state
        unsafe self.suppression = suppression
        var rate: Int32 = 8000
        _ = unsafe speex_echo_ctl(state, SPEEX_ECHO_SET_SAMPLING_RATE, &rate)
        _ = unsafe speex_preprocess_ctl(suppression, SPEEX_PREPROCESS_SET_ECHO_STATE, UnsafeMutableRawPointer(state))
    }

    deinit {
        unsafe speex_preprocess_state_destroy(suppression)
        unsafe speex_echo_state_destroy(state)
    }

    /// Cancels in place.
    ///
    /// - Parameters:
    ///   - microphone: ``frameSize`` samples that were heard.
    ///   - loudspeaker: the ``frameSize`` samples that were played up to ``tail`` before them.
    package func process(_ microphone: inout [Int16], loudspeaker: [Int16]) {
        precondition(microphone.count == Self.frameSize && loudspeaker.count == Self.frameSize, "frames of 20 ms")
        unsafe microphone.withUnsafeMutableBufferPointer { heard in
            unsafe loudspeaker.withUnsafeBufferPointer { played in
                unsafe output.withUnsafeMutableBufferPointer { result in
                    // SAFETY: all three hold a frame, which is what the state was made for.
                    unsafe speex_echo_cancellation(
                        state, heard.baseAddress, played.baseAddress, result.baseAddress)
                    _ = unsafe speex_preprocess_run(suppression, result.baseAddress)
                    for index in 0..<Self.frameSize { unsafe heard[index] = result[index] }
                }
            }
        }
    }

    /// Forgets the room: the loudspeaker or the alignment has changed.
    package func reset() { unsafe speex_echo_state_reset(state) }
}
