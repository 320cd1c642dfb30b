import Glibc

/// µ-law made louder or quieter without leaving it: one look into a table for a sample.
package struct MuLawGain: Sendable {
    private let table: [UInt8]

    /// - Parameter decibels: what would be louder than the code's loudest is clipped.
    package init(decibels: Double) {
        let factor = pow(10, decibels / 20)
        table = (0...UInt8.max).map { code in
            let sample = (Double(MuLaw.decode(code)) * factor).rounded()
            return MuLaw.encode(Int16(min(max(sample, Double(Int16.min)), Double(Int16.max))))
        }
    }

    package func apply(to codes: inout [UInt8]) {
        for index in codes.indices { codes[index] = table[Int(codes[index])] }
    }
}
