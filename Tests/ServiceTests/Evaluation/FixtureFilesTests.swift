import Crypto
import Foundation
import Testing

@testable import Service

/// What the recordings' manifest promises of its files. Of the last third only that they are what they were is looked at.
@Suite("The recorded callers")
struct FixtureFilesTests {
    private struct Entry: Decodable {
        let id: String
        let split: String
        let files: [String: String]
        let sha256: [String: String]
    }

    private static let folder = ConfigurationReferenceTests.file.deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "audio-fixtures")

    private static func entries() throws -> [Entry] {
        try JSONDecoder().decode([Entry].self, from: Data(contentsOf: folder.appending(path: "manifest.json")))
    }

    @Test("are the files of the manifest, bit for bit, in all three conditions, and no others")
    func files() throws {
        let entries = try Self.entries()
        #expect(entries.count >= 120)
        #expect(Set(entries.map(\.id)).count == entries.count)
        var size = 0
        var known: Set<String> = []
        for entry in entries {
            #expect(Set(entry.files.keys) == ["clean", "snr20", "snr10"], "\(entry.id)")
            for (condition, path) in entry.files {
                let data = try Data(contentsOf: Self.folder.appending(path: path))
                let sum = SHA256.hash(data: data).map { byte in
                    let hex = String(byte, radix: 16)
                    return byte < 16 ? "0" + hex : hex
                }.joined()
                #expect(entry.sha256[condition] == sum, "\(path) is not what it was")
                known.insert(path)
                size += data.count
            }
        }
        #expect(size < 15_000_000)
        let found = try ["clean", "snr20", "snr10"].flatMap { condition in
            try FileManager.default.contentsOfDirectory(atPath: Self.folder.appending(path: condition).path)
                .map { "\(condition)/\($0)" }
        }
        #expect(Set(found).subtracting(known).isEmpty && found.count == known.count)
    }

    @Test("are held back in the last third, and nowhere else")
    func split() throws {
        let entries = try Self.entries()
        let first = try #require(entries.firstIndex { $0.split == "held" })
        #expect(entries[..<first].allSatisfy { $0.split == "tune" })
        #expect(entries[first...].allSatisfy { $0.split == "held" })
        #expect(entries.count - first == entries.count / 3)
    }
}
