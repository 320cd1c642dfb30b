import COpus

/// Encodes 16-bit audio to Opus packets. The only owner of an `OpusEncoder *`.
@safe package struct OpusEncoder: ~Copyable {
    package enum Purpose: Sendable, Equatable {
        /// Speech made clear: rumble is filtered out, formants are emphasized.
        case conversation
        /// The input as it is.
        case recording
    }

    package struct Configuration: Sendable, Equatable {
        package var purpose = Purpose.conversation
        /// Bits a second for all channels, 6000...510,000.
        package var bitrate = 24_000
        /// How hard to try, 0...10.
        package var complexity = 5
        /// The loss in percent to prepare for; above 0 each packet repeats the one before in brief (in-band FEC).
        package var expectedLoss = 0

        package init() {}
    }

    /// A packet never needs more bytes than this.
    package static let packetLimit = 1276

    package let format: OpusFormat
    /// Samples per channel by which the decoded audio is later than the input: what an Ogg file calls pre-skip.
    package let lookahead: Int

    private let pointer: OpaquePointer

    /// - Throws: ``CodecError`` `.unsupported` when Opus does not have the rate or channels.
    package init(_ format: OpusFormat, _ configuration: Configuration = Configuration()) throws(CodecError) {
        var status: Int32 = OPUS_OK
        let made = unsafe opus_encoder_create(
            Int32(clamping: format.sampleRate), Int32(clamping: format.channels),
            configuration.purpose == .conversation ? OPUS_APPLICATION_VOIP : OPUS_APPLICATION_AUDIO, &status)
        guard let pointer = unsafe made else { throw CodecError(opus: status, "open an encoder for", format) }

        let settings = [
            (OPUS_SET_BITRATE_REQUEST, configuration.bitrate), (OPUS_SET_COMPLEXITY_REQUEST, configuration.complexity),
            (OPUS_SET_PACKET_LOSS_PERC_REQUEST, configuration.expectedLoss),
            (OPUS_SET_INBAND_FEC_REQUEST, configuration.expectedLoss > 0 ? 1 : 0),
        ]
        for (request, value) in settings where status == OPUS_OK {
            status = unsafe parley_opus_encoder_set(pointer, request, Int32(clamping: value))
        }
        var lookahead: Int32 = 0
        if status == OPUS_OK { status = unsafe parley_opus_encoder_lookahead(pointer, &lookahead) }
        guard status == OPUS_OK else {
            unsafe opus_encoder_destroy(pointer)
            throw CodecError(opus: status, "configure an encoder for", format)
        }
        self.format = format
        self.lookahead = Int(lookahead)
        unsafe self.pointer = pointer
    }

    deinit { unsafe opus_encoder_destroy(pointer) }

    /// Encodes one frame.
    ///
    /// - Parameters:
    ///   - frame: 2.5, 5, 10, 20, 40 or 60 ms of every channel, interleaved.
    ///   - packet: at least ``packetLimit`` bytes to be sure that any packet fits.
    /// - Returns: bytes of the packet.
    package mutating func encode(
        _ frame: Span<Int16>, into packet: inout MutableSpan<UInt8>
    ) throws(CodecError) -> Int {
        let count = Int32(clamping: frame.count / max(format.channels, 1))
        var status: Int32 = OPUS_BAD_ARG
        unsafe frame.withUnsafeBufferPointer { samples in
            unsafe packet.withUnsafeMutableBufferPointer { bytes in
                guard let from = samples.baseAddress, let to = bytes.baseAddress else { return }
                // SAFETY: `count` times channels samples are in the frame; libopus writes at most `bytes.count` bytes.
                status = unsafe opus_encode(pointer, from, count, to, Int32(clamping: bytes.count))
            }
        }
        guard status >= 0 else { throw CodecError(opus: status, "encode \(count) samples as", format) }
        return Int(status)
    }

    /// Forgets what was encoded so far.
    package mutating func reset() { _ = unsafe parley_opus_encoder_reset(pointer) }
}
