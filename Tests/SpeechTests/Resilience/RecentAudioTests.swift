import AudioCore
import Speech
import Testing

@Suite("A leg's latest audio")
struct RecentAudioTests {
    private let inlet = SampleRing<UInt8>(minimumCapacity: 64, silence: 0xFF)

    /// Every byte tells its position.
    private func feed(_ audio: inout RecentAudio, _ count: Int, keeping needed: Int?) {
        let bytes = (audio.end..<audio.end + count).map { UInt8($0 % 251) }
        _ = inlet.write(bytes.span)
        audio.drain(inlet, keeping: needed)
    }

    private func isIntact(_ audio: borrowing RecentAudio) -> Bool {
        audio.bytes(from: audio.start, to: audio.end) == (audio.start..<audio.end).map { UInt8($0 % 251) }
    }

    @Test("keeps little while nobody needs it, and what is needed up to its capacity")
    func growth() {
        var audio = RecentAudio(capacity: 1000, initial: 100, largestFrame: 20)
        for _ in 0..<50 { feed(&audio, 20, keeping: audio.end - 30) }
        let resting = audio.end - audio.start
        #expect(resting == 100)
        // Somebody began to speak.
        let begin = audio.end - 30
        for _ in 0..<10 { feed(&audio, 20, keeping: begin) }
        let first = audio.start
        #expect(first <= begin)
        let isWholeAtFirst = isIntact(audio)
        #expect(isWholeAtFirst)
        for _ in 0..<100 { feed(&audio, 20, keeping: begin) }
        let most = audio.end - audio.start
        #expect(most == 1000)
        let isWhole = isIntact(audio)
        #expect(isWhole)
    }

    @Test("holds the same bytes wherever in the ring it grows", arguments: 0..<40)
    func anyPlace(offset: Int) {
        var audio = RecentAudio(capacity: 160, initial: 40, largestFrame: 10)
        for _ in 0..<offset { feed(&audio, 7, keeping: nil) }
        let begin = audio.start
        for count in 1...30 {
            feed(&audio, count % 9 + 1, keeping: begin)
            let isWhole = isIntact(audio)
            #expect(isWhole)
            let isLongEnough = audio.start <= max(begin, audio.end - 160)
            #expect(isLongEnough)
        }
    }
}
