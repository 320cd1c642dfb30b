import Foundation

/// The mean variance of every feature dimension of an acoustic model, from its `variances` file (Sphinx-3 binary).
struct GaussianVariances: Sendable {
    /// One list of dimensions for each feature stream.
    let means: [[Double]]

    init(contentsOf file: URL) throws(SpeechError) {
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw Self.damaged("\(file.path): \(error.localizedDescription)")
        }
        try self.init(bytes: [UInt8](data))
    }

    init(bytes: [UInt8]) throws(SpeechError) {
        let ending = Array("endhdr\n".utf8)
        guard let header = bytes.prefix(4096).indices.first(where: { bytes[$0...].starts(with: ending) }) else {
            throw Self.damaged("no endhdr in the first 4096 bytes")
        }
        var offset = header + ending.count
        func word() throws(SpeechError) -> UInt32 {
            guard offset + 4 <= bytes.count else { throw Self.damaged("ends at byte \(bytes.count)") }
            defer { offset += 4 }
            return (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
        }
        guard try word() == 0x1122_3344 else { throw Self.damaged("not little endian") }
        let codebooks = Int(try word())
        let streams = Int(try word())
        let densities = Int(try word())
        guard (1...65536).contains(codebooks), (1...8).contains(streams), (1...65536).contains(densities) else {
            throw Self.damaged("\(codebooks) codebooks of \(streams) streams of \(densities) densities")
        }
        var lengths: [Int] = []
        for _ in 0..<streams { lengths.append(Int(try word())) }
        let count = Int(try word())
        guard lengths.allSatisfy({ $0 == 13 }), count == codebooks * densities * lengths.reduce(0, +),
            bytes.count >= offset + 4 * count
        else { throw Self.damaged("\(count) values in streams of \(lengths)") }

        var sums = lengths.map { [Double](repeating: 0, count: $0) }
        for _ in 0..<codebooks {
            for stream in 0..<streams {
                for _ in 0..<densities {
                    for dimension in 0..<lengths[stream] {
                        sums[stream][dimension] += Double(Float(bitPattern: try word()))
                    }
                }
            }
        }
        means = sums.map { $0.map { $0 / Double(codebooks * densities) } }
        guard means.allSatisfy({ $0.allSatisfy { $0.isFinite && $0 > 0 } }) else {
            throw Self.damaged("a variance is not positive")
        }
    }

    private static func damaged(_ detail: String) -> SpeechError {
        SpeechError(.invalidModel, operation: "read variances", provider: "pocketsphinx", detail: detail)
    }
}
