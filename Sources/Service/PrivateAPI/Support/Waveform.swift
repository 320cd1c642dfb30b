import AudioCore
import Dispatch
import Foundation

/// The outline of a stereo recording, for drawing.
struct Waveform: Encodable, Sendable, Equatable {
    let sampleRate: Int
    /// Of each side.
    let samples: Int
    /// The largest magnitude of each stretch of time, 0...255; all stretches are equally long.
    let caller: [Int]
    let agent: [Int]

    /// Reads the whole file, a piece at a time, on a thread that may wait for the disk.
    static func reading(path: String, buckets: Int) async throws -> Waveform {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(with: Result { try Waveform(path: path, buckets: buckets) })
            }
        }
    }

    init(path: String, buckets: Int) throws {
        var reader = try WAVReader(path: path)
        guard reader.format.encoding == .linear16, reader.format.channels == 2 else {
            throw Problem.conflict("The recording is \(reader.format), not 16-bit stereo; it cannot be drawn.")
        }
        let total = reader.frameCount
        var peaks = [[Int](repeating: 0, count: buckets), [Int](repeating: 0, count: buckets)]
        var bytes: [UInt8] = []
        var frame = 0
        while true {
            bytes.removeAll(keepingCapacity: true)
            let count = try reader.read(16_384, appendingTo: &bytes)
            guard count > 0 else { break }
            for index in 0..<count {
                let bucket = (frame + index) * buckets / total
                for side in 0..<2 {
                    let place = index * 4 + side * 2
                    let sample = Int16(bitPattern: UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8)
                    peaks[side][bucket] = max(peaks[side][bucket], Int(sample.magnitude))
                }
            }
            frame += count
        }
        sampleRate = reader.format.sampleRate
        samples = total
        caller = peaks[0].map { min($0 >> 7, 255) }
        agent = peaks[1].map { min($0 >> 7, 255) }
    }
}
