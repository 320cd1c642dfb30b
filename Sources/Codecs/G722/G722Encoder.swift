import CSpandsp

/// Encodes 16 kHz audio to G.722. The only owner of a `g722_encode_state_t *`.
@safe package struct G722Encoder: ~Copyable {
    private let pointer: OpaquePointer

    /// - Throws: ``CodecError`` `.libraryFailed` when there is no memory for it.
    package init() throws(CodecError) {
        guard let pointer = unsafe g722_encode_init(nil, G722.bitrate, 0) else {
            throw CodecError(.libraryFailed, operation: "open an encoder for", subject: "G.722", reason: "no memory")
        }
        unsafe self.pointer = pointer
    }

    deinit { _ = unsafe g722_encode_free(pointer) }

    /// - Parameters:
    ///   - samples: at 16 kHz, an even number of them.
    ///   - bytes: appended to, one for every two samples.
    package mutating func encode(_ samples: Span<Int16>, appendingTo bytes: inout [UInt8]) {
        precondition(samples.count.isMultiple(of: 2), "G.722 holds samples by two")
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: samples.count / 2))
        unsafe samples.withUnsafeBufferPointer { from in
            unsafe bytes.withUnsafeMutableBufferPointer { to in
                guard let from = from.baseAddress, let to = to.baseAddress else { return }
                // SAFETY: it writes a byte for every two samples, and so many were appended.
                _ = unsafe g722_encode(pointer, to + start, from, Int32(clamping: samples.count))
            }
        }
    }
}
