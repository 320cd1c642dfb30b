import AudioCore
import Foundation
import Telephony
import Testing

@testable import Service

@Suite("Configured ambience")
struct ConfiguredAmbienceTests {
    @Test("nothing is heard where nothing is configured")
    func none() throws {
        #expect(try Ambience.Sounds(ParleyConfiguration.Media()).isSilent)
    }

    @Test("the sounds that come with the program have the configured level")
    func builtIn() throws {
        var media = ParleyConfiguration.Media()
        media.ambience = "noise"
        media.thinkingSound = "taps"
        media.thinkingAfter = .seconds(2)
        let quiet = try Ambience.Sounds(media)
        media.ambienceLevel = 40
        let loud = try Ambience.Sounds(media)
        #expect(quiet.patience == 16_000)
        #expect(!quiet.thinking.isEmpty)
        #expect((loud.bed.max() ?? 0) > 3 * (quiet.bed.max() ?? 0))
    }

    @Test("a file is played as it is, and one that cannot be read stops the start by its name")
    func files() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "bed-\(UUID().uuidString).wav").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var writer = try WAVWriter(path: path, format: WAVFormat(encoding: .linear16, sampleRate: 8000, channels: 1))
        try writer.write([Int16](repeating: 77, count: 800).span)
        try writer.close()
        var media = ParleyConfiguration.Media()
        media.ambience = path
        #expect(try Ambience.Sounds(media).bed == [Int16](repeating: 77, count: 800))
        media.thinkingSound = "/nowhere/taps.wav"
        let error = #expect(throws: AudioError.self) { try Ambience.Sounds(media) }
        #expect(error?.description.contains("/nowhere/taps.wav") == true)
    }
}
