import AudioCore
import Codecs
import Crypto
import Foundation
import Glibc
import Testing

@testable import CallSession

@Suite("Recordings")
struct RecordingWriterTests {
    private static let second = 8000

    private static func block(at position: Int, _ count: Int) -> StereoBlock {
        StereoBlock(
            position: position, caller: [UInt8](repeating: 0x20, count: count),
            agent: [UInt8](repeating: 0xA0, count: count))
    }

    @Test("a file that takes no more in mid-call keeps what it has, with a header that says so; others go on")
    func full() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-recordings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        await #expect(processExitsWith: .success) { [folder = folder.path as String] in
            // Three seconds and a bit of a recording; the signal that comes with it would end the process.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
            try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let writer = RecordingWriter()
            let (long, short) = (writer.open(path: folder + "/long.wav"), writer.open(path: folder + "/short.wav"))
            for index in 0..<8 {
                writer.append(RecordingWriterTests.block(at: index * 8000, 8000), to: long)
                if index % 4 == 3 { writer.append(RecordingWriterTests.block(at: index / 4 * 8000, 8000), to: short) }
            }
            let cut = await writer.finish(long, samples: 64_000)
            #expect(cut.path == folder + "/long.wav")
            #expect(cut.fault?.contains("File too large") == true, "\(cut)")
            #expect((1...25_000).contains(cut.samples), "\(cut)")
            let reader = try WAVReader(path: folder + "/long.wav")
            #expect(reader.frameCount == cut.samples)
            let whole = await writer.finish(short, samples: 16_000)
            #expect(whole.path == folder + "/short.wav" && whole.samples == 16_000 && whole.fault == nil)
            #expect(try WAVReader(path: folder + "/short.wav").frameCount == 16_000)
        }
    }

    @Test("what is missing between blocks is silence in its place, and the checksum is that of the closed file")
    func gaps() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-recordings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "call.wav").path
        let writer = RecordingWriter()
        let file = writer.open(path: path)
        for position in [800, 20_000] { writer.append(Self.block(at: position, 400), to: file) }
        let summary = await writer.finish(file, samples: 24_001)
        #expect(summary.samples == 24_001 && summary.fault == nil)
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(summary.sha256 == SHA256.hash(data: data).map { String(format: "%02x", $0) }.joined())
        var reader = try WAVReader(path: path)
        var bytes: [UInt8] = []
        #expect(try reader.read(24_001, appendingTo: &bytes) == 24_001)
        let loud = [MuLaw.decode(0x20), MuLaw.decode(0xA0)]
        var wrong = 0
        for frame in 0..<24_001 {
            let isSaid = (800..<1200).contains(frame) || (20_000..<20_400).contains(frame)
            for side in 0..<2 {
                let place = frame * 4 + side * 2
                let sample = Int16(bitPattern: UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8)
                if sample != (isSaid ? loud[side] : 0) { wrong += 1 }
            }
        }
        #expect(wrong == 0)
    }

    @Test("one that is discarded is gone and has no path, also after a fault and where somebody was quicker")
    func discarded() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-recordings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        await #expect(processExitsWith: .success) { [folder = folder.path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
            try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let writer = RecordingWriter()
            let (long, short) = (writer.open(path: folder + "/long.wav"), writer.open(path: folder + "/short.wav"))
            for index in 0..<8 { writer.append(RecordingWriterTests.block(at: index * 8000, 8000), to: long) }
            writer.discard(long)
            let cut = await writer.finish(long, samples: 64_000)
            #expect(cut.path == nil && cut.fault != nil && cut.samples == 0, "\(cut)")
            writer.append(RecordingWriterTests.block(at: 0, 8000), to: short)
            // What was queued before is written by then.
            _ = await writer.finish(writer.open(path: folder + "/other.wav"), samples: 800)
            try FileManager.default.removeItem(atPath: folder + "/short.wav")
            writer.discard(short)
            let gone = await writer.finish(short, samples: 8000)
            #expect(gone.path == nil && gone.fault == nil, "\(gone)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["other.wav"])
        }
    }

    @Test("a file that cannot be made is none")
    func none() async throws {
        let writer = RecordingWriter()
        let file = writer.open(path: "/proc/none/call.wav")
        writer.append(Self.block(at: 0, 800), to: file)
        let summary = await writer.finish(file, samples: 800)
        #expect(summary.path == nil && summary.fault != nil)
    }
}
