import Codecs
import Telephony
import Testing

@Suite("What is heard behind the agent")
struct AmbienceTests {
    private func samples(_ codes: [UInt8]) -> [Int] { codes.map { Int(MuLaw.decode($0)) } }
    private func silence(_ count: Int) -> [UInt8] { [UInt8](repeating: MuLaw.silence, count: count) }

    @Test("the noise of a room has the level that was asked for, and no step where it begins again")
    func noise() {
        let noise = Ambience.Sounds.comfortNoise(level: -50)
        let power = noise.reduce(0) { $0 + Double($1) * Double($1) } / Double(noise.count)
        #expect((95...112).contains(power.squareRoot()))
        let steps = zip(noise, noise.dropFirst()).map { abs(Int($0) - Int($1)) }.max() ?? 0
        #expect(abs(Int(noise[0]) - Int(noise[noise.count - 1])) <= steps)
    }

    @Test("a bed goes on without a break through speech and silence")
    func bed() {
        let sound = (0..<1000).map { Int16($0 * 8) }
        var ambience = Ambience(Ambience.Sounds(bed: sound))
        var pieces: [Int] = []
        for count in [160, 480, 37, 900] {
            var codes = silence(count)
            ambience.mix(into: &codes)
            pieces += samples(codes)
        }
        for (index, sample) in pieces.enumerated() {
            let wanted = Int(sound[index % 1000])
            #expect(abs(sample - wanted) <= wanted / 16 + 4)
        }
    }

    @Test("what is too loud together is clipped, and does not turn over")
    func clipping() {
        var ambience = Ambience(Ambience.Sounds(bed: [32_000]))
        var codes = [UInt8](repeating: MuLaw.encode(32_000), count: 160)
        ambience.mix(into: &codes)
        #expect(samples(codes).allSatisfy { $0 > 30_000 })
    }

    @Test("the thinking sound begins when the caller has waited long enough, comes and goes without a click")
    func thinking() {
        var ambience = Ambience(Ambience.Sounds(thinking: [8000], patience: 1600))
        var heard: [Int] = []
        for beat in 0..<60 {
            // Owed from 200 ms to 800 ms.
            ambience.advance(owes: (10..<40).contains(beat), at: beat * 160)
            var codes = silence(160)
            if ambience.isAudible { ambience.mix(into: &codes) }
            heard += samples(codes)
        }
        let audible = heard.indices.filter { abs(heard[$0]) > 100 }
        // From 400 ms on, and 50 ms longer than the wait.
        #expect((3200...3260).contains(audible.first ?? 0))
        #expect((6700...6800).contains(audible.last ?? 0))
        #expect(zip(heard, heard.dropFirst()).allSatisfy { abs($0 - $1) <= 300 })
        #expect(!ambience.isAudible)
    }

    @Test(
        "a peer that must not be left without audio gets silence where an utterance has run dry, which counts as none of it"
    )
    func starved() {
        var queue = PlayoutQueue()
        var audio: [UInt8] = []
        queue.begin(generation: 1, at: 0)
        queue.append([UInt8](repeating: 5, count: 800).span, generation: 1)
        while case .audio? = queue.tick(now: 0, audio: &audio) {}
        var (now, isDry, silence) = (0, false, 0)
        while now < 16_000 {
            now += 160
            while let step = queue.tick(now: now, audio: &audio) { if case .underrun = step { isDry = true } }
            #expect(queue.takeRoom(upTo: 480, at: now) == 0)
            silence += queue.takeRoom(upTo: 480, orWhileStarved: true, at: now)
        }
        #expect(isDry)
        #expect(silence > 14_000)
        let dry = queue.report(at: now)
        // All was heard; as long as silence is on its way, a little less is sure.
        #expect((dry.sent - 480...dry.sent).contains(dry.heard) && (800..<1200).contains(dry.sent))
        queue.append([UInt8](repeating: 5, count: 800).span, generation: 1)
        queue.complete(generation: 1)
        while now < 32_000 {
            now += 160
            while queue.tick(now: now, audio: &audio) != nil {}
        }
        let whole = queue.report(at: now)
        #expect(whole.heard == whole.sent && whole.sent == dry.sent + 800)
    }

    @Test("sounds before, behind and within a held utterance change nothing of what is known of it")
    func account() {
        var queue = PlayoutQueue()
        var audio: [UInt8] = []
        #expect(queue.takeRoom(upTo: 480, at: 0) == 480)
        #expect(queue.takeRoom(upTo: 480, at: 0) == 0)
        queue.begin(generation: 1, at: 160)
        queue.append([UInt8](repeating: 5, count: 1600).span, generation: 1)
        #expect(queue.takeRoom(upTo: 480, at: 160) == 0)
        queue.complete(generation: 1)
        var marks: [PlayoutMark] = []
        for now in [160, 320, 480, 640] {
            while let step = queue.tick(now: now, audio: &audio) {
                if case .mark(let mark) = step { marks.append(mark) }
            }
        }
        // Of the sounds 320 samples were still to be heard when the utterance began.
        #expect(queue.report(at: 480).heard == 0)
        #expect(queue.report(at: 1280).heard == 800)
        queue.hold(at: 1280, ending: &audio)
        // The 80 samples that the speech fades out with wait there.
        #expect(queue.takeRoom(upTo: 480, at: 1280) == 400)
        #expect(queue.takeRoom(upTo: 480, at: 1440) == 160)
        #expect(queue.report(at: 4000).heard == 800)
        queue.resume()
        while let step = queue.tick(now: 4000, audio: &audio) { if case .mark(let mark) = step { marks.append(mark) } }
        var isFinished = false
        for now in stride(from: 4160, to: 20_000, by: 160) {
            while let step = queue.tick(now: now, audio: &audio) {
                if case .mark(let mark) = step { marks.append(mark) }
                if case .finished(let report) = step {
                    isFinished = true
                    #expect(report.heard == 1600 && report.sent == 1600)
                }
            }
            if now >= 4960 { for mark in marks { queue.markReturned(mark, at: now) } }
        }
        #expect(isFinished)
        #expect(queue.takeRoom(upTo: 480, at: 20_000) == 480)
        #expect(queue.report(at: 30_000).sent == 1600)
        #expect(queue.underrunCount == 0)
    }
}
