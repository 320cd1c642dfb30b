import Testing

@testable import Telephony

/// Messages that come as a stream of bytes.
@Suite("Stream frames")
struct StreamFramesTests {
    private static func framing() throws -> StreamFraming {
        try #require(MediaDialects.named("audiosocket")?.capabilities.framing)
    }

    private static let id: [UInt8] = [1, 0, 16] + Array(repeating: 7, count: 16)
    private static let stream: [[UInt8]] = [
        id, [0x10, 1, 64] + [UInt8](repeating: 1, count: 320), [3, 0, 1, 0x35], [0xFF, 0, 0],
        [0x10, 0x7D, 0x00] + [UInt8](repeating: 2, count: 32_000), [0x10, 0, 2, 5, 6],
    ]

    @Test("are the same, however their bytes arrive", arguments: [1, 2, 3, 19, 20, 323, 1000, 100_000])
    func pieces(size: Int) throws {
        var frames = StreamFrames(try Self.framing())
        let bytes = Self.stream.flatMap(\.self)
        var found: [[UInt8]] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = bytes[start..<min(start + size, bytes.count)]
            let isOurs = frames.push(piece.span) { message in found.append(message.indices.map { message[$0] }) }
            #expect(isOurs)
            #expect(frames.heldCount <= 3 + 65_535)
        }
        #expect(found == Self.stream)
        #expect(frames.heldCount == 0)
    }

    @Test(
        "of somebody else are noticed at the first byte that is wrong, and nothing is kept of them",
        arguments: [Array("GET / HTTP/1.1\r\n".utf8), [1, 1, 16], [1, 0, 17], [0x10, 1, 64, 0, 0], [0]])
    func strangers(bytes: [UInt8]) throws {
        for size in [1, bytes.count] {
            var frames = StreamFrames(try Self.framing())
            var count = 0
            for start in stride(from: 0, to: bytes.count, by: size) {
                _ = frames.push(bytes[start..<min(start + size, bytes.count)].span) { _ in count += 1 }
            }
            #expect(frames.isStrange && count == 0 && frames.heldCount <= 3)
            #expect(!frames.push(Self.id.span) { _ in count += 1 })
            #expect(count == 0)
        }
    }
}
