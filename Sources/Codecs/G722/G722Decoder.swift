import CSpandsp

/// Decodes G.722 to 16 kHz audio. The only owner of a `g722_decode_state_t *`.
///
/// Every byte is a code, so nothing that a network brings is malformed.
@safe package struct G722Decoder: ~Copyable {
    private let pointer: OpaquePointer

    /// - Throws: ``CodecError`` `.libraryFailed` when there is no memory for it.
    package init() throws(CodecError) {
        guard let pointer = unsafe g722_decode_init(nil, G722.bitrate, 0) else {
            throw CodecError(.libraryFailed, operation: "open a decoder for", subject: "G.722", reason: "no memory")
        }
        unsafe self.pointer = pointer
    }

    deinit { _ = unsafe g722_decode_free(pointer) }

    /// - Parameter samples: at 16 kHz; appended to, two for every byte.
    package mutating func decode(_ bytes: Span<UInt8>, appendingTo samples: inout [Int16]) {
        let start = samples.count
        samples.append(contentsOf: repeatElement(0, count: bytes.count * 2))
        unsafe bytes.withUnsafeBufferPointer { from in
            unsafe samples.withUnsafeMutableBufferPointer { to in
                guard let from = from.baseAddress, let to = to.baseAddress else { return }
                // SAFETY: it writes two samples a byte, and so many were appended.
                _ = unsafe g722_decode(pointer, to + start, from, Int32(clamping: bytes.count))
            }
        }
    }
}
