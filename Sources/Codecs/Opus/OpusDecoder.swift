import COpus

/// Decodes Opus packets to 16-bit audio and conceals lost ones. The only owner of an `OpusDecoder *`.
@safe package struct OpusDecoder: ~Copyable {
    package let format: OpusFormat

    private let pointer: OpaquePointer

    /// - Throws: ``CodecError`` `.unsupported` when Opus does not have the rate or channels.
    package init(_ format: OpusFormat) throws(CodecError) {
        var status: Int32 = OPUS_OK
        let made = unsafe opus_decoder_create(
            Int32(clamping: format.sampleRate), Int32(clamping: format.channels), &status)
        guard let pointer = unsafe made else { throw CodecError(opus: status, "open a decoder for", format) }
        self.format = format
        unsafe self.pointer = pointer
    }

    deinit { unsafe opus_decoder_destroy(pointer) }

    /// Decodes one packet.
    ///
    /// - Parameters:
    ///   - packet: as the network brought it; damaged ones are an error, never worse.
    ///   - samples: interleaved; ``OpusFormat/largestFrameSize`` per channel to be sure that any packet fits.
    /// - Returns: samples per channel.
    package mutating func decode(
        _ packet: Span<UInt8>, into samples: inout MutableSpan<Int16>
    ) throws(CodecError) -> Int {
        // libopus takes an empty packet for a lost one; conceal() says that better.
        guard packet.count > 0 else { throw CodecError(opus: OPUS_INVALID_PACKET, "decode", format) }
        return try decode(packet, frameSize: samples.count / format.channels, recovers: false, into: &samples)
    }

    /// Makes up audio for a lost packet from what came before.
    ///
    /// - Parameter samples: interleaved; its length is that of the loss, a multiple of 2.5 ms.
    /// - Returns: samples per channel.
    package mutating func conceal(into samples: inout MutableSpan<Int16>) throws(CodecError) -> Int {
        let nothing: [UInt8] = []
        return try decode(nothing.span, frameSize: samples.count / format.channels, recovers: false, into: &samples)
    }

    /// Restores a lost packet from the one after it, if that repeats it (in-band FEC); conceals otherwise. Decode the packet
    /// itself afterwards.
    ///
    /// - Parameters:
    ///   - packet: the one after the loss.
    ///   - samples: interleaved; its length is that of the loss.
    /// - Returns: samples per channel.
    package mutating func recover(
        from packet: Span<UInt8>, into samples: inout MutableSpan<Int16>
    ) throws(CodecError) -> Int {
        try decode(packet, frameSize: samples.count / format.channels, recovers: true, into: &samples)
    }

    /// Forgets what was decoded so far.
    package mutating func reset() { _ = unsafe parley_opus_decoder_reset(pointer) }

    private func decode(
        _ packet: Span<UInt8>, frameSize: Int, recovers: Bool, into samples: inout MutableSpan<Int16>
    ) throws(CodecError) -> Int {
        var status: Int32 = OPUS_BAD_ARG
        unsafe packet.withUnsafeBufferPointer { bytes in
            unsafe samples.withUnsafeMutableBufferPointer { target in
                guard let to = target.baseAddress else { return }
                // SAFETY: the counts are those of the buffers; no address means a lost packet.
                status = unsafe opus_decode(
                    pointer, bytes.isEmpty ? nil : bytes.baseAddress, Int32(clamping: bytes.count), to,
                    Int32(clamping: frameSize), recovers ? 1 : 0)
            }
        }
        guard status >= 0 else { throw CodecError(opus: status, "decode", format) }
        return Int(status)
    }
}
