import AudioCore
import Foundation
import Testing

@testable import Speech

@Suite("Phrases on disk outlive the process")
struct PhraseArchiveTests {
    /// A folder for the length of `body`.
    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-phrases-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    private func key(_ text: String, engine: String = "vendor/1", voice: String = "v") -> PhraseCache.Key {
        PhraseCache.Key(engine: engine, voice: voice, text: text, format: .telephone)
    }

    private func collect(_ audio: SynthesizedAudio) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in audio { bytes += chunk }
        return bytes
    }

    @Test("what was kept is there after a restart, and only under its own key")
    func survives() async throws {
        try await withFolder { folder in
            let audio = [UInt8]((0..<10_000).map { UInt8(truncatingIfNeeded: $0) })
            do {
                let archive = try PhraseArchive(directory: folder, capacity: 1 << 20)
                archive.keep(audio, for: key("Hello."))
                await archive.settle()
            }
            let archive = try PhraseArchive(directory: folder, capacity: 1 << 20)
            #expect(await archive.audio(for: key("Hello.")) == audio)
            #expect(archive.byteCount > audio.count)
            #expect(!archive.contains(key("Hello!")))
            #expect(!archive.contains(key("Hello.", engine: "vendor/2")))
            #expect(!archive.contains(key("Hello.", voice: "w")))
            #expect(
                !archive.contains(
                    PhraseCache.Key(
                        engine: "vendor/1", voice: "v", text: "Hello.",
                        format: AudioFormat(encoding: .alaw, sampleRate: 8000))))
        }
    }

    @Test(
        "a damaged file is as good as absent, and removed",
        arguments: [0, 20, 60, 1000], [true, false])
    func damaged(at offset: Int, isCut: Bool) async throws {
        try await withFolder { folder in
            let archive = try PhraseArchive(directory: folder, capacity: 1 << 20)
            archive.keep([UInt8](repeating: 7, count: 4000), for: key("Hello."))
            await archive.settle()
            let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            let file = try #require(files.first)
            var bytes = try Data(contentsOf: file)
            if isCut { bytes = bytes.prefix(offset) } else { bytes[offset] ^= 0x40 }
            try bytes.write(to: file)
            #expect(await archive.audio(for: key("Hello.")) == nil)
            #expect(archive.damagedCount == 1)
            #expect(!archive.contains(key("Hello.")))
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test("what has not been wanted for longest makes room, and the bound holds")
    func bounded() async throws {
        try await withFolder { folder in
            let archive = try PhraseArchive(directory: folder, capacity: 10_500)
            for name in ["a", "b", "c"] { archive.keep([UInt8](repeating: 1, count: 3000), for: key(name)) }
            await archive.settle()
            _ = await archive.audio(for: key("a"))
            archive.keep([UInt8](repeating: 1, count: 3000), for: key("d"))
            await archive.settle()
            #expect(["a", "b", "c", "d"].map { archive.contains(key($0)) } == [true, false, true, true])
            #expect(archive.byteCount <= 10_500)
            archive.keep([UInt8](repeating: 1, count: 20_000), for: key("e"))
            await archive.settle()
            #expect(archive.droppedCount == 1)
            let onDisk = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            #expect(onDisk.count == 3)
        }
    }

    @Test("an engine is asked once in the life of a text, restarts and all")
    func once() async throws {
        try await withFolder { folder in
            let engine = ScriptedSynthesizer(chunks: [[1], [2]])
            for _ in 0..<3 {
                let archive = try PhraseArchive(directory: folder, capacity: 1 << 20)
                let session = try await PhraseCachingSynthesizer(
                    engine, cache: PhraseCache(capacity: 1000), archive: archive, name: "vendor/1"
                ).makeSession(voice: "v", format: .telephone)
                #expect(try await collect(session.synthesize("Hello.")) == [1, 2])
                await archive.settle()
                session.close()
            }
            #expect(engine.texts == ["Hello."])
        }
    }

    @Test("what may not be on disk is not")
    func refused() async throws {
        try await withFolder { folder in
            let archive = try PhraseArchive(directory: folder, capacity: 1 << 20) { !$0.contains("4111") }
            for text in ["Hello.", "I have 4111."] {
                let session = try await PhraseCachingSynthesizer(
                    ScriptedSynthesizer(chunks: [[1], [2]]), cache: PhraseCache(capacity: 1000), archive: archive
                ).makeSession(voice: "v", format: .telephone)
                _ = try await collect(session.synthesize(text))
                session.close()
            }
            await archive.settle()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
        }
    }

    @Test("a half-written file of an abrupt end is cleared away")
    func halfWritten() async throws {
        try await withFolder { folder in
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data([1, 2, 3]).write(to: folder.appending(path: "00.phrase.part"))
            let archive = try PhraseArchive(directory: folder, capacity: 1000)
            #expect(archive.byteCount == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }
}
