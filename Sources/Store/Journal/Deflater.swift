import CZlib

/// The only owner of a compressing `z_stream`. One thread at a time.
@safe final class Deflater {
    /// Beside zlib's middle (4) a call of `parley campaign bench` takes 4 % less of the processor, and 5 % more bytes.
    private static let level: CInt = 2

    private let stream: UnsafeMutablePointer<z_stream>

    init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // It fails only where there is no memory, as any allocation of ours would.
        guard unsafe parley_deflate_begin(stream, Self.level) == Z_OK else { fatalError("there is no memory") }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// - Parameter dictionary: what the text is likely to hold; the way back needs the same one.
    /// - Returns: nil where that would not be shorter.
    func compressed(_ bytes: [UInt8], dictionary: [UInt8]) -> [UInt8]? {
        guard !bytes.isEmpty else { return nil }
        var output = [UInt8](repeating: 0, count: bytes.count)
        // SAFETY: zlib reads and writes within the lengths that it is told, and keeps none of the addresses.
        let length = unsafe dictionary.withUnsafeBufferPointer { dictionary in
            unsafe bytes.withUnsafeBufferPointer { input in
                unsafe output.withUnsafeMutableBufferPointer { output in
                    unsafe parley_deflate(
                        stream, dictionary.baseAddress, CUnsignedInt(dictionary.count), input.baseAddress,
                        CUnsignedInt(input.count), output.baseAddress, CUnsignedInt(output.count))
                }
            }
        }
        guard length >= 0, length < bytes.count else { return nil }
        output.removeLast(output.count - length)
        return output
    }
}
