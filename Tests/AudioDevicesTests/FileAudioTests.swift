import AudioCore
import AudioDevices
import Foundation
import Testing

@Suite("A caller made of files")
struct FileAudioTests {
    @Test("says one recording each time the agent waits, and keeps what it hears")
    func script() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "parley-file-audio-\(UUID().uuidString).wav")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let audio = try FileAudio(
            clips: [[Int16](repeating: 100, count: 320), [Int16](repeating: 200, count: 200)], output: path)
        let frames = Collector()
        try audio.start { frame in
            frames.add(frame)
            audio.play([Int16](repeating: 7, count: 160))
            // By the beat, so that a busy machine hears the same.
            switch frames.samples.count / 160 {
            case 3: audio.agentWaits()
            // While it speaks: it speaks on.
            case 4: audio.agentWaits()
            case 12: audio.agentWaits()
            default: break
            }
        }
        try await frames.wait(for: 20)
        #expect(audio.isOver)
        audio.stop()

        let said = frames.samples.split(separator: 0)
        #expect(said.map(\.count) == [320, 200])
        #expect(said.map { $0.first } == [100, 200])
        #expect(try WAVReader(path: path).frameCount == frames.samples.count)
    }
}
