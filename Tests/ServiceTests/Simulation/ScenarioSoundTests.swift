import Telephony
import Testing

@testable import Service

@Suite("Words within a sound")
struct ScenarioSoundTests {
    @Test("words lie in their voice, by their letters, and not in the pauses")
    func spread() {
        var sound = ScenarioSound(samples: [])
        sound.say("set it to", [Int16](repeating: 1, count: 1000))
        sound.pause(.milliseconds(500))
        sound.say("seventy", [Int16](repeating: 1, count: 800))
        #expect(sound.samples.count == 5800)
        #expect(sound.words.map(\.text) == ["set", "it", "to", "seventy"])
        #expect(sound.words.map(\.start) == [0, 400, 700, 5000])
        #expect(sound.words.map(\.end) == [400, 700, 1000, 5800])
    }

    @Test("a machine's beep is heard for what it is by who listens for it")
    func beep() {
        var sound = ScenarioSound(samples: [])
        sound.pause(.milliseconds(200))
        sound.beep()
        sound.pause(.milliseconds(400))
        var watch = ToneWatch()
        var heard: [LineTone] = []
        for start in stride(from: 0, to: sound.samples.count - 159, by: 160) {
            if let tone = watch.process(Array(sound.samples[start..<start + 160]).span) { heard.append(tone) }
        }
        #expect(heard == [.beep])
        #expect(
            SpokenLine.parts(of: "after the tone [beep]") == .parts([.words("after the tone"), .beep]))
    }

    @Test("a text over several stretches of a recording goes on in the next where one ends")
    func stretches() {
        let words = ScenarioSound.spread("i need an", over: [100..<200, 500..<700])
        #expect(words.map(\.start) == [100, 160, 610])
        #expect(words.map(\.end) == [160, 610, 700])
        #expect(ScenarioSound.spread("", over: [0..<10]).isEmpty)
        #expect(ScenarioSound.spread("word", over: []).isEmpty)
    }
}
