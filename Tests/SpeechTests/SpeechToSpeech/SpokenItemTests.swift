import Codecs
import Testing

@testable import Speech

@Suite("How a response's audio is divided among its sentences")
struct SpokenItemTests {
    /// `letters` letters at the usual speed.
    private static func tone(_ letters: Int) -> [UInt8] {
        (0..<letters * 640).map { MuLaw.encode($0 % 16 < 8 ? 9000 : -9000) }
    }

    @Test("a sentence ends in the pause near its share of the words, whatever the speed of the vendor")
    func pause() {
        // The voice needs a fifth longer than it usually does, then pauses for 100 ms.
        let first = Self.tone(12)
        let pause = [UInt8](repeating: 0xFF, count: 800)
        let item = ItemUnderTest()
        item.add(text: "Yes you may. ")
        #expect(item.claim("Yes you may."))
        item.add(audio: Array(first[..<3000]))
        // Nothing is known behind it: all of it belongs to it.
        #expect(item.take() == (3000, false))
        item.add(text: "Come at nine tomorrow.")
        item.add(audio: Array(first[3000...]) + pause + Self.tone(19))
        let (rest, isOver) = item.take()
        let end = 3000 + rest
        #expect(isOver && (first.count...first.count + 800).contains(end), "\(end) of \(first.count)")
        #expect(!item.claim("Yes you may."))
        #expect(item.claim("Come at nine tomorrow."))
        #expect(!item.take().isOver)
        item.end()
        #expect(item.take().isOver)
        #expect(item.value.given == item.value.audio.count)
    }

    @Test("a sentence ends after the audio that had come when the next one's words did, but for a pause")
    func arrival() {
        let item = ItemUnderTest()
        item.add(text: "Well.")
        item.add(audio: Self.tone(30))
        item.add(text: " Good.")
        item.add(audio: Self.tone(30))
        item.end()
        #expect(item.claim("Well."))
        let (bytes, isOver) = item.take()
        #expect(isOver && bytes >= 30 * 640 - 800, "\(bytes)")
    }

    @Test("what follows a sentence that may not be said stays unsaid")
    func heldBack() {
        let item = ItemUnderTest()
        item.add(text: "One moment. It is booked.")
        item.add(audio: Self.tone(9) + [UInt8](repeating: 0xFF, count: 800) + Self.tone(11))
        item.end()
        #expect(item.claim("One moment."))
        let (bytes, isOver) = item.take()
        #expect(isOver && (9 * 640...9 * 640 + 800).contains(bytes), "\(bytes)")
        // The dialogue says something else in its place, which is another voice's.
        #expect(!item.claim("I am sorry, that is not done yet."))
        #expect(item.value.audio.count - item.value.given >= 11 * 640)
    }

    @Test("marks of writing and spaces make no difference")
    func letters() {
        let item = ItemUnderTest()
        item.add(text: "It is **open**\nfrom ")
        item.add(text: "nine.")
        #expect(item.claim("It is open from nine."))
        #expect(!item.claim(""))
    }

    @Test("what was given is attributed in the order in which it is heard")
    func attribution() {
        var given = GivenAudio()
        given.gave(800, of: nil)
        given.gave(1600, of: "a")
        given.gave(800, of: "a")
        given.gave(400, of: "b")
        #expect(given.heard(700).isEmpty)
        #expect(given.heard(2000) == ["a": 1200])
        #expect(given.heard(9999) == ["a": 2400, "b": 400])
        given.begin()
        #expect(given.heard(9999).isEmpty)
    }
}
