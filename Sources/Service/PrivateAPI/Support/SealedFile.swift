import AudioCore
import CallSession
import Dispatch
import HTTPTypes
import Hummingbird
import NIOCore

/// A sealed recording as the WAV file that it would be, in parts: of what is asked for only the chunks are opened in which it
/// lies.
struct SealedFile: Sendable {
    private static let piece = 1 << 16
    private let reader: SealedReader
    private let header: [UInt8]

    init(path: String, keys: RecordingKeys) throws {
        do {
            reader = try SealedReader(path: path, keys: keys)
        } catch let error as SealedError {
            throw Problem.conflict("\(error)")
        }
        header = reader.format.header(dataSize: reader.size)
    }

    var size: Int { header.count + reader.size }

    /// The body of an answer: these bytes of the file.
    func body(_ range: Range<Int>) -> ResponseBody {
        ResponseBody(contentLength: range.count) { [self] writer in
            for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.piece) {
                let bytes = try await read(start..<min(start + Self.piece, range.upperBound))
                try await writer.write(ByteBuffer(bytes: bytes))
            }
            try await writer.finish(nil)
        }
    }

    /// Reads on a thread that may wait for the disk.
    private func read(_ range: Range<Int>) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(
                    with: Result {
                        var bytes = Array(header[range.clamped(to: header.indices)])
                        let sound = max(range.lowerBound - header.count, 0)..<max(range.upperBound - header.count, 0)
                        try reader.read(sound, appendingTo: &bytes)
                        return bytes
                    })
            }
        }
    }
}
