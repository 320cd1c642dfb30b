import Callers
import Testing

@Suite("What a carrier plays")
struct CarrierPlaybackTests {
    @Test("audio in order, marks when what was before them has been played, and the agent's silence once")
    func order() {
        var playback = CarrierPlayback()
        playback.keepsAudio = true
        var frame = [UInt8](repeating: 0, count: 160)
        #expect(playback.receive([UInt8](repeating: 1, count: 240).span, at: 0))
        playback.mark("a")
        #expect(!playback.receive([UInt8](repeating: 2, count: 80).span, at: 0))
        playback.mark("b")
        #expect(playback.play(into: &frame, at: 160) == nil)
        #expect(frame == [UInt8](repeating: 1, count: 160))
        #expect(playback.takeDueMark() == nil)
        #expect(playback.play(into: &frame, at: 320) == nil)
        #expect(frame == [UInt8](repeating: 1, count: 80) + [UInt8](repeating: 2, count: 80))
        #expect(playback.takeDueMark() == "a")
        #expect(playback.takeDueMark() == "b")
        var silences: [Int] = []
        for beat in 3...40 { if let silence = playback.play(into: &frame, at: beat * 160) { silences.append(silence) } }
        #expect(silences == [2400])
        #expect(frame == [UInt8](repeating: 0xFF, count: 160))
    }

    @Test("what is cleared is not played, its marks come back, and late audio is a gap")
    func clear() {
        var playback = CarrierPlayback()
        playback.keepsAudio = true
        var frame = [UInt8](repeating: 0, count: 160)
        #expect(playback.receive([UInt8](repeating: 1, count: 1600).span, at: 0))
        playback.mark("a")
        playback.clear(at: 160)
        #expect(playback.takeDueMark() == "a")
        #expect(playback.play(into: &frame, at: 160) == nil)
        #expect(frame == [UInt8](repeating: 0xFF, count: 160))
        #expect(!playback.receive([UInt8](repeating: 2, count: 160).span, at: 800))
        #expect(playback.gaps == 1)
        #expect(playback.received == 1760)
        for _ in 0..<5 { _ = playback.receive([UInt8](repeating: 3, count: 100_000).span, at: 900) }
        #expect(playback.isOverfull)
    }
}
