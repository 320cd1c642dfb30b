package import AudioCore
import Foundation

/// Reads a sealed recording, any part of it by itself.
package final class SealedReader: Sendable {
    /// Hz.
    package let sampleRate: Int
    /// Bytes of sound: 16-bit samples of two sides.
    package let size: Int
    /// What is odd about a file that is read all the same.
    package let note: String?

    /// What a WAV file with this sound would be called: its samples' format.
    package var format: WAVFormat { WAVFormat(encoding: .linear16, sampleRate: sampleRate, channels: 2) }

    /// Whether the file begins as a sealed recording.
    package static func canRead(_ path: String) -> Bool {
        guard let file = try? SampleFile(path: path, mode: .reading) else { return false }
        var start: [UInt8] = []
        _ = try? file.read(SealedHeader.magic.count, at: 0, appendingTo: &start)
        return start == SealedHeader.magic
    }

    /// Writes what is in it as a WAV file that nobody else on this machine can read.
    package func copy(to path: String) throws {
        // Made before there is anything in it; a path at which none can be made is the writer's to tell of.
        _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        var writer = try WAVWriter(path: path, format: format)
        for start in stride(from: 0, to: size, by: SealedHeader.chunkSize) {
            var sound: [UInt8] = []
            try read(start..<min(start + SealedHeader.chunkSize, size), appendingTo: &sound)
            try writer.write(bytes: sound.span)
        }
        try writer.close()
    }

    private let file: SampleFile
    private let seal: ChunkSeal
    private let chunks: Int
    /// What its last chunk is sealed as; nil where it has no end.
    private let end: ChunkPlace?

    /// Opens the file and looks whether it has its end.
    ///
    /// - Parameter salvages: whether of a file that ends before its end everything that is there is read.
    /// - Throws: ``SealedError``, or `AudioError` where the file cannot be read at all.
    package init(path: String, keys: RecordingKeys, salvages: Bool = false) throws {
        let file = try SampleFile(path: path, mode: .reading)
        var start: [UInt8] = []
        try file.read(SealedHeader.size, at: 0, appendingTo: &start)
        let header = try SealedHeader(start, path: path)
        guard let key = keys[header.keyID] else {
            throw SealedError(
                .unknownKey, path,
                "it was sealed with the key \(header.keyID), which is neither `recordings.key` nor one of "
                    + "`recordings.earlier_keys`")
        }
        let seal = ChunkSeal(header, key: key)
        self.seal = seal
        sampleRate = header.sampleRate
        let whole = SealedHeader.chunkSize + SealedHeader.tagSize
        let body = try file.size() - SealedHeader.size
        let rest = body % whole
        var last: [UInt8] = []
        let count = body / whole + (rest > 0 ? 1 : 0)
        if count > 0 {
            try file.read(whole, at: SealedHeader.offset(ofChunk: count - 1), appendingTo: &last)
        }
        let end = [ChunkPlace.last, .cut].first { count > 0 && seal.open(last, number: count - 1, as: $0) != nil }
        self.end = end
        if end != nil {
            chunks = count
            size = body - count * SealedHeader.tagSize
            note = nil
        } else {
            guard salvages else {
                // A first chunk that does not open either tells a changed file, or header, from one that was cut short.
                var first: [UInt8] = []
                try file.read(whole, at: SealedHeader.size, appendingTo: &first)
                let isOurs = count > 1 && seal.open(first, number: 0, as: .inner) != nil
                throw SealedError(
                    isOurs || rest < SealedHeader.tagSize && count <= 1 ? .truncated : .damaged, path,
                    "its last chunk is not there, or is not what was written: it was cut short or changed")
            }
            chunks = body / whole
            size = chunks * SealedHeader.chunkSize
            note = "it has no end: its writer died, or it was cut short; read up to there"
        }
        self.file = file
    }

    /// Appends the sound of `range`, in bytes; only the chunks that it lies in are read.
    ///
    /// - Throws: ``SealedError`` where one of them is not what was written.
    package func read(_ range: Range<Int>, appendingTo bytes: inout [UInt8]) throws {
        let range = range.clamped(to: 0..<size)
        guard !range.isEmpty else { return }
        for number in range.lowerBound / SealedHeader.chunkSize...(range.upperBound - 1) / SealedHeader.chunkSize {
            var chunk: [UInt8] = []
            let length = SealedHeader.chunkSize + SealedHeader.tagSize
            try file.read(length, at: SealedHeader.offset(ofChunk: number), appendingTo: &chunk)
            let kind = number == chunks - 1 ? end ?? .inner : .inner
            guard let sound = seal.open(chunk, number: number, as: kind) else {
                throw SealedError(.damaged, file.path, "chunk \(number) is not what was written")
            }
            let start = number * SealedHeader.chunkSize
            let wanted = range.clamped(to: start..<start + sound.count)
            bytes += sound[(wanted.lowerBound - start)..<(wanted.upperBound - start)]
        }
    }
}
