import CZlib

/// The only owner of a `z_stream` that goes the way back of ``Deflater``. One thread at a time.
@safe final class Inflater {
    private let stream: UnsafeMutablePointer<z_stream>

    init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // As of a deflater.
        guard unsafe parley_inflate_begin(stream) == Z_OK else { fatalError("there is no memory") }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// - Parameters:
    ///   - length: of the text.
    ///   - dictionary: with which it was compressed.
    /// - Returns: nil where the bytes are no such text.
    func text(of bytes: [UInt8], length: Int, dictionary: [UInt8]) -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: length)
        // SAFETY: zlib reads and writes within the lengths that it is told, and keeps none of the addresses.
        let count = unsafe dictionary.withUnsafeBufferPointer { dictionary in
            unsafe bytes.withUnsafeBufferPointer { input in
                unsafe output.withUnsafeMutableBufferPointer { output in
                    unsafe parley_inflate(
                        stream, dictionary.baseAddress, CUnsignedInt(dictionary.count), input.baseAddress,
                        CUnsignedInt(input.count), output.baseAddress, CUnsignedInt(output.count))
                }
            }
        }
        return count == length ? output : nil
    }
}
