import Callers
import Codecs
import Testing

@testable import Service

@Suite("What a simulated caller's telephone sends")
struct CallerMouthTests {
    @Test("speech over noise, with the place of what is voiced")
    func sounds() {
        var mouth = CallerMouth(background: [8, -8])
        var frame = [UInt8](repeating: 0, count: 160)
        mouth.next(into: &frame)
        #expect(frame.map(MuLaw.decode).allSatisfy { abs(Int($0)) == 8 })
        let silence = [Int16](repeating: 0, count: 160)
        mouth.say(silence + [Int16](repeating: 4000, count: 320) + silence, tag: "tic")
        for _ in 0..<4 {
            #expect(mouth.isSpeaking)
            mouth.next(into: &frame)
        }
        #expect(!mouth.isSpeaking)
        #expect(mouth.sounds.map(\.range) == [320..<640])
        #expect(mouth.sounds.map(\.tag) == ["tic"])
    }

    @Test("what is cut by the next sentence ends there")
    func cut() {
        var mouth = CallerMouth(background: [])
        var frame = [UInt8](repeating: 0, count: 160)
        mouth.say([Int16](repeating: 4000, count: 800), tag: "turn")
        mouth.next(into: &frame)
        mouth.say([Int16](repeating: 4000, count: 160), tag: "turn")
        #expect(mouth.sounds.map(\.range) == [0..<160, 160..<320])
    }

    @Test(
        "noise has the level that is asked for, and the same seed makes the same", arguments: BackgroundNoise.allCases)
    func noise(kind: BackgroundNoise) {
        let talkers: [[Int16]] = [(0..<900).map { Int16($0 % 90 * 20) }, (0..<700).map { Int16($0 % 35 * 40) }]
        let samples = kind.samples(level: 500, talkers: talkers, seed: 3)
        let energy = samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(samples.count)
        #expect(abs(energy.squareRoot() - 500) < 5)
        #expect(samples == kind.samples(level: 500, talkers: talkers, seed: 3))
        #expect(samples != kind.samples(level: 500, talkers: talkers, seed: 4))
    }

    @Test("a network loses as much as it is told, and the same again")
    func losses() {
        var network = LineImpairment(loss: 0.1, jitter: 5, seed: 9)
        var again = network
        let fates = (0..<10_000).map { _ in network.next() }
        #expect(fates == (0..<10_000).map { _ in again.next() })
        let lost = fates.count(where: \.isLost)
        #expect((900...1100).contains(lost))
        #expect(Set(fates.map(\.delay)) == Set(0...5))
    }

    @Test("a line of words and pauses")
    func parts() {
        #expect(
            SpokenLine.parts(of: "i'd like [pause 1.2]  an appointment")
                == .parts([.words("i'd like"), .pause(.milliseconds(1200)), .words("an appointment")]))
    }
}
