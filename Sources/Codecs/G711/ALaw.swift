/// ITU-T G.711 A-law: one byte for a sample of 13 bits.
///
/// Samples are 16-bit, the three lowest bits being finer than the code. Negative ones are taken by their complement, as
/// in the ITU-T's own software (G.191), so that the quantizer is symmetric about -1/2.
package enum ALaw {
    /// Code of the smallest positive sample; A-law has no zero.
    package static let silence: UInt8 = 0xD5

    /// The sample a code stands for, -32,256...32,256.
    package static func decode(_ code: UInt8) -> Int16 { table[Int(code)] }

    /// The code nearest to a sample.
    package static func encode(_ sample: Int16) -> UInt8 {
        // All ones for a negative sample: complements its magnitude.
        let sign = sample >> 15
        let magnitude = Int32(sample ^ sign) >> 4
        // Segments 0 and 1 share a step; from then on each doubles it.
        let segment = max(28 - Int32(truncatingIfNeeded: magnitude.leadingZeroBitCount), 0)
        let interval = (magnitude >> max(segment - 1, 0)) & 0x0F
        let code = UInt8(truncatingIfNeeded: segment << 4 | interval)
        return (code | ~UInt8(truncatingIfNeeded: sign) & 0x80) ^ 0x55
    }

    /// Decodes as many codes as both spans have room for.
    ///
    /// - Returns: how many.
    @discardableResult
    package static func decode(_ codes: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
        let count = min(codes.count, samples.count)
        let table = table
        for index in 0..<count { samples[index] = table[Int(codes[index])] }
        return count
    }

    /// Encodes as many samples as both spans have room for.
    ///
    /// - Returns: how many.
    @discardableResult
    package static func encode(_ samples: Span<Int16>, into codes: inout MutableSpan<UInt8>) -> Int {
        let count = min(codes.count, samples.count)
        for index in 0..<count { codes[index] = encode(samples[index]) }
        return count
    }

    private static let table: [Int16] = (0...UInt8.max).map { code in
        let bits = code ^ 0x55
        let segment = Int32(bits >> 4 & 7)
        let step = Int32(bits & 0x0F) << 4 + 8
        let magnitude = segment == 0 ? step : (step + 256) << (segment - 1)
        return Int16(bits & 0x80 == 0 ? -magnitude : magnitude)
    }
}
