import AudioCore
import Foundation
import Glibc
import Testing

@testable import CallSession

@Suite("Sealed recordings")
struct SealedRecordingTests {
    private static let chunk = SealedHeader.chunkSize
    private static let whole = SealedHeader.chunkSize + SealedHeader.tagSize

    /// A folder that is gone when the test is over.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "parley-sealed-\(UUID().uuidString)")

        init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(at: url) }

        func path(_ name: String = "call.sealed") -> String { url.appending(path: name).path }
    }

    private static func key(_ byte: UInt8) throws -> RecordingKey {
        try #require(RecordingKey(Data(repeating: byte, count: 32)))
    }

    /// The samples of so many frames, none like its neighbours.
    private static func samples(_ frames: Int) -> [Int16] {
        (0..<frames * 2).map { Int16(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    }

    private static func bytes(_ samples: [Int16]) -> [UInt8] {
        samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    @discardableResult
    private static func write(_ frames: Int, to path: String, key: RecordingKey) throws -> [UInt8] {
        let samples = samples(frames)
        var writer = try SealedWriter(path: path, key: key, sampleRate: 8000)
        for start in stride(from: 0, to: samples.count, by: 6000) {
            let part = Array(samples[start..<min(start + 6000, samples.count)])
            try writer.write(part.span)
        }
        try writer.close()
        #expect(writer.frameCount == frames)
        return bytes(samples)
    }

    private static func read(_ path: String, _ keys: RecordingKeys) throws -> [UInt8] {
        let reader = try SealedReader(path: path, keys: keys)
        var bytes: [UInt8] = []
        try reader.read(0..<reader.size, appendingTo: &bytes)
        return bytes
    }

    @Test("hold what was written, of any length, and give any part of it", arguments: [0, 1, 8191, 8192, 8193, 20_000])
    func roundTrip(frames: Int) throws {
        let (folder, key) = (try Folder(), try Self.key(1))
        let written = try Self.write(frames, to: folder.path(), key: key)
        let keys = RecordingKeys(current: key)
        #expect(try Self.read(folder.path(), keys) == written)
        let reader = try SealedReader(path: folder.path(), keys: keys)
        #expect(reader.size == written.count && reader.sampleRate == 8000 && reader.note == nil)
        for range in [0..<1, 100..<4000, Self.chunk - 3..<Self.chunk + 5, written.count - 7..<written.count + 90]
        where range.lowerBound >= 0 && range.lowerBound <= written.count {
            var part: [UInt8] = []
            try reader.read(range, appendingTo: &part)
            #expect(part == Array(written[range.clamped(to: written.indices)]))
        }
        #expect(SealedReader.canRead(folder.path()) && !SealedReader.canRead("/proc/none"))
        // None of the sound is on the disk as it was said, and a WAV file has all of it.
        let disk = try Data(contentsOf: URL(fileURLWithPath: folder.path()))
        if frames > 100 { #expect(disk.range(of: Data(written[40..<80])) == nil) }
        try reader.copy(to: folder.path("call.wav"))
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: folder.path("call.wav"))).dropFirst(44)) == written)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path("call.wav"))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test("one changed bit anywhere is noticed by whoever reads that part")
    func flips() throws {
        let (folder, key) = (try Folder(), try Self.key(1))
        try Self.write(20_000, to: folder.path(), key: key)
        let sound = try Data(contentsOf: URL(fileURLWithPath: folder.path()))
        let places =
            Array(0..<SealedHeader.size)
            + stride(from: SealedHeader.size, to: sound.count, by: 997) + [sound.count - 1]
        for place in places {
            var changed = sound
            changed[place] ^= 1 << (place % 8)
            try changed.write(to: URL(fileURLWithPath: folder.path("changed")))
            #expect(throws: SealedError.self, "byte \(place)") {
                try Self.read(folder.path("changed"), RecordingKeys(current: key))
            }
        }
    }

    @Test("chunks cannot be exchanged, left out, repeated or taken from another recording")
    func chunks() throws {
        let (folder, key) = (try Folder(), try Self.key(1))
        try Self.write(30_000, to: folder.path(), key: key)
        try Self.write(30_000, to: folder.path("other"), key: key)
        let data = try Data(contentsOf: URL(fileURLWithPath: folder.path()))
        let other = try Data(contentsOf: URL(fileURLWithPath: folder.path("other")))
        func chunk(_ number: Int, of data: Data) -> Data {
            let start = SealedHeader.offset(ofChunk: number)
            return data[start..<min(start + Self.whole, data.count)]
        }
        let (header, last) = (data[..<SealedHeader.size], chunk(3, of: data))
        let (a, b, c) = (chunk(0, of: data), chunk(1, of: data), chunk(2, of: data))
        let other2 = chunk(2, of: other)
        let forgeries: [[Data]] = [
            [header, b, a, c, last], [header, a, c, last], [header, a, a, c, last], [header, a, b, other2, last],
            [other[..<SealedHeader.size], a, b, c, last], [header, a, b, c, chunk(3, of: other)],
            [header, a, b, c, last, last],
        ]
        for parts in forgeries {
            let forged = parts.reduce(Data(), +)
            try forged.write(to: URL(fileURLWithPath: folder.path("forged")))
            #expect(throws: SealedError.self) { try Self.read(folder.path("forged"), RecordingKeys(current: key)) }
        }
    }

    @Test("one that was cut short says so, and gives its whole chunks only when asked to")
    func truncated() throws {
        let (folder, key) = (try Folder(), try Self.key(1))
        let written = try Self.write(20_000, to: folder.path(), key: key)
        let data = try Data(contentsOf: URL(fileURLWithPath: folder.path()))
        for (size, left) in [
            (SealedHeader.size, 0), (SealedHeader.size + 7, 0), (SealedHeader.offset(ofChunk: 1), 1),
            (SealedHeader.offset(ofChunk: 2), 2), (SealedHeader.offset(ofChunk: 2) + 500, 2), (data.count - 1, 2),
        ] {
            try data[..<size].write(to: URL(fileURLWithPath: folder.path("cut")))
            let keys = RecordingKeys(current: key)
            #expect(throws: SealedError.self, "\(size)") { try SealedReader(path: folder.path("cut"), keys: keys) }
            let reader = try SealedReader(path: folder.path("cut"), keys: keys, salvages: true)
            var bytes: [UInt8] = []
            try reader.read(0..<reader.size, appendingTo: &bytes)
            #expect(bytes == Array(written[..<(left * Self.chunk)]) && reader.note != nil)
        }
        try Data("RIFF".utf8).write(to: URL(fileURLWithPath: folder.path("wave")))
        do {
            _ = try SealedReader(path: folder.path("wave"), keys: RecordingKeys(current: key))
            Issue.record("a WAV file was opened")
        } catch let error as SealedError { #expect(error.code == .foreign) }
    }

    @Test("are opened by their key, also when a newer one seals; no other key does")
    func keys() throws {
        let folder = try Folder()
        let (old, new) = (try Self.key(1), try Self.key(2))
        let written = try Self.write(100, to: folder.path(), key: old)
        #expect(try Self.read(folder.path(), RecordingKeys(current: new, earlier: [old])) == written)
        for keys in [RecordingKeys(current: new), RecordingKeys()] {
            do {
                _ = try Self.read(folder.path(), keys)
                Issue.record("it was opened without its key")
            } catch let error as SealedError {
                #expect(error.code == .unknownKey && error.description.contains(old.id))
            }
        }
        #expect(old.id != new.id && old.id.count == 32)
        #expect(RecordingKey(base64: Data(repeating: 1, count: 32).base64EncodedString())?.id == old.id)
        #expect(RecordingKey(base64: "c2hvcnQ=") == nil && RecordingKey(base64: "not base64") == nil)
    }

    @Test("no two ends of a file are sealed with the same nonce: one that was cut after its end was tried has another")
    func cutEnd() async throws {
        let folder = try Folder()
        await #expect(processExitsWith: .success) { [path = folder.path() as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
            try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let key = try #require(RecordingKey(Data(repeating: 1, count: 32)))
            var writer = try SealedWriter(path: path, key: key, sampleRate: 8000)
            // Three whole chunks fit, and of the last one only a part.
            let samples = [Int16](repeating: 7, count: (3 * 8192 + 1000) * 2)
            try writer.write(samples.span)
            var isFull = false
            do { try writer.close() } catch { isFull = true }
            #expect(isFull)
            try writer.closeCut()
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
            let seal = ChunkSeal(try SealedHeader(bytes, path: path), key: key)
            let end = Array(bytes[SealedHeader.offset(ofChunk: 3)...])
            #expect(seal.open(end, number: 3, as: .last) == nil && seal.open(end, number: 3, as: .cut) == [])
            let reader = try SealedReader(path: path, keys: RecordingKeys(current: key))
            var sound: [UInt8] = []
            try reader.read(0..<reader.size, appendingTo: &sound)
            #expect(reader.size == 3 * SealedHeader.chunkSize && sound.count == reader.size)
        }
    }

    @Test("a disk that takes no more leaves one that has its end")
    func full() async throws {
        let folder = try Folder()
        await #expect(processExitsWith: .success) { [path = folder.path() as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
            try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let key = try #require(RecordingKey(Data(repeating: 1, count: 32)))
            let writer = RecordingWriter(key: key)
            let file = writer.open(path: path)
            for index in 0..<8 {
                let block = StereoBlock(
                    position: index * 8000, caller: [UInt8](repeating: 0x20, count: 8000),
                    agent: [UInt8](repeating: 0xA0, count: 8000))
                writer.append(block, to: file)
            }
            let cut = await writer.finish(file, samples: 64_000)
            #expect(cut.fault?.contains("File too large") == true && cut.format == .sealed)
            let reader = try SealedReader(path: path, keys: RecordingKeys(current: key))
            #expect(reader.size / 4 == cut.samples && cut.samples == 3 * 8192, "\(cut)")
        }
    }
}
