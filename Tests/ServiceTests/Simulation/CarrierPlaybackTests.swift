import Callers
import Testing

@Suite("What a carrier plays")
struct CarrierPlaybackTests {
    @Test("audio in order, marks when what was before them has been played, and the agent's silence once")
    func order() {
        var playback = CarrierPlayback()
        playback.keepsAudio = true
        var frame = [UInt8](repeating: 0, count: 160)
        let arrival1 = playback.receive([UInt8](repeating: 1, count: 240).span, at: 0)
        #expect(arrival1)
        playback.mark("a")
        let arrival2 = playback.receive([UInt8](repeating: 2, count: 80).span, at: 0)
        #expect(!arrival2)
        playback.mark("b")
        let silence160 = playback.play(into: &frame, at: 160)
        #expect(silence160 == nil)
        #expect(frame == [UInt8](repeating: 1, count: 160))
        let mark1 = playback.takeDueMark()
        #expect(mark1 == nil)
        let silence320 = playback.play(into: &frame, at: 320)
        #expect(silence320 == nil)
        #expect(frame == [UInt8](repeating: 1, count: 80) + [UInt8](repeating: 2, count: 80))
        let mark2 = playback.takeDueMark()
        #expect(mark2 == "a")
        let mark3 = playback.takeDueMark()
        #expect(mark3 == "b")
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
        let arrival3 = playback.receive([UInt8](repeating: 1, count: 1600).span, at: 0)
        #expect(arrival3)
        playback.mark("a")
        playback.clear(at: 160)
        let mark4 = playback.takeDueMark()
        #expect(mark4 == "a")
        let silence160 = playback.play(into: &frame, at: 160)
        #expect(silence160 == nil)
        #expect(frame == [UInt8](repeating: 0xFF, count: 160))
        let arrival4 = playback.receive([UInt8](repeating: 2, count: 160).span, at: 800)
        #expect(!arrival4)
        #expect(playback.gaps == 1)
        #expect(playback.received == 1760)
        for _ in 0..<5 { _ = playback.receive([UInt8](repeating: 3, count: 100_000).span, at: 900) }
        #expect(playback.isOverfull)
    }
}
