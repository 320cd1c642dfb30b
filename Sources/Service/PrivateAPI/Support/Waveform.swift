import AudioCore
import CallSession
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
    static func reading(
        path: String, isSealed: Bool = false, keys: RecordingKeys = RecordingKeys(), buckets: Int
    ) async throws -> Waveform {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(
                    with: Result { try Waveform(path: path, isSealed: isSealed, keys: keys, buckets: buckets) })
            }
        }
    }

    /// - Parameter isSealed: whether it was written as a sealed recording: then nothing else is drawn in its place.
    init(path: String, isSealed: Bool = false, keys: RecordingKeys = RecordingKeys(), buckets: Int) throws {
        guard isSealed || SealedReader.canRead(path) else {
            var reader = try WAVReader(path: path)
            guard reader.format.encoding == .linear16, reader.format.channels == 2 else {
                throw Problem.conflict("The recording is \(reader.format), not 16-bit stereo; it cannot be drawn.")
            }
            var peaks = Peaks(total: reader.frameCount, buckets: buckets)
            var bytes: [UInt8] = []
            while true {
                bytes.removeAll(keepingCapacity: true)
                guard try reader.read(Self.piece, appendingTo: &bytes) > 0 else { break }
                peaks.take(bytes)
            }
            self.init(peaks, sampleRate: reader.format.sampleRate)
            return
        }
        let reader: SealedReader
        do { reader = try SealedReader(path: path, keys: keys) } catch let error as SealedError {
            throw Problem.conflict("\(error)")
        }
        var peaks = Peaks(total: reader.size / 4, buckets: buckets)
        for start in stride(from: 0, to: reader.size, by: Self.piece * 4) {
            var bytes: [UInt8] = []
            try reader.read(start..<min(start + Self.piece * 4, reader.size), appendingTo: &bytes)
            peaks.take(bytes)
        }
        self.init(peaks, sampleRate: reader.sampleRate)
    }

    /// Samples of each side that are read at a time.
    private static let piece = 16_384

    private init(_ peaks: Peaks, sampleRate: Int) {
        self.sampleRate = sampleRate
        samples = peaks.total
        caller = peaks.sides[0].map { min($0 >> 7, 255) }
        agent = peaks.sides[1].map { min($0 >> 7, 255) }
    }

    private struct Peaks {
        let total: Int
        private(set) var sides: [[Int]]
        private let buckets: Int
        private var frame = 0

        init(total: Int, buckets: Int) {
            self.total = total
            self.buckets = buckets
            sides = [[Int](repeating: 0, count: buckets), [Int](repeating: 0, count: buckets)]
        }

        /// - Parameter bytes: whole frames of two 16-bit samples.
        mutating func take(_ bytes: [UInt8]) {
            for index in 0..<bytes.count / 4 {
                let bucket = (frame + index) * buckets / total
                for side in 0..<2 {
                    let place = index * 4 + side * 2
                    let sample = Int16(bitPattern: UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8)
                    sides[side][bucket] = max(sides[side][bucket], Int(sample.magnitude))
                }
            }
            frame += bytes.count / 4
        }
    }
}
