/// ITU-T G.711 µ-law: one byte for a sample of 14 bits.
///
/// Samples are 16-bit, the two lowest bits being finer than the code. Negative ones are taken by their complement, as in
/// the ITU-T's own software (G.191), so that the quantizer is symmetric about -1/2.
package enum MuLaw {
    /// Code of digital silence.
    package static let silence: UInt8 = 0xFF

    /// The sample a code stands for, -32,124...32,124.
    package static func decode(_ code: UInt8) -> Int16 { table[Int(code)] }

    /// The code nearest to a sample; magnitudes over 32,635 are clipped.
    package static func encode(_ sample: Int16) -> UInt8 {
        // All ones for a negative sample: complements its magnitude, and its code below.
        let sign = sample >> 15
        let biased = min(Int32(sample ^ sign), 32_635) + 132
        // The segment is the position of the highest bit, which the bias puts at 7...14.
        let segment = 24 - Int32(truncatingIfNeeded: biased.leadingZeroBitCount)
        let interval = (biased >> (segment + 3)) & 0x0F
        let code = UInt8(truncatingIfNeeded: segment << 4 | interval)
        return ~(code | UInt8(truncatingIfNeeded: sign) & 0x80)
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
        let bits = ~code
        let biased = (Int32(bits & 0x0F) << 3 + 132) << Int32(bits >> 4 & 7)
        return Int16(bits & 0x80 == 0 ? biased - 132 : 132 - biased)
    }
}
