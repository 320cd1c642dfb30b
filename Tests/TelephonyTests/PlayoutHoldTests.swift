import Codecs
import Telephony
import Testing

@Suite("Playout that holds its breath")
struct PlayoutHoldTests {
    /// What the caller hears of `speech` when the agent is held at each of `holds` for 300 ms, a carrier without delay
    /// playing what it is sent.
    private func heard(_ speech: [UInt8], holds: [Int], fade: Int, seed: UInt64 = 1) -> (audio: [UInt8], reports: [Int])
    {
        var random = SeededRandom(seed)
        var configuration = PlayoutQueue.Configuration()
        configuration.fade = fade
        var queue = PlayoutQueue(configuration)
        queue.begin(generation: 1, at: 0)
        var offered = 0
        var waiting: [UInt8] = []
        var heard: [UInt8] = []
        var reports: [Int] = []
        var audio: [UInt8] = []
        var holds = holds[...]
        var resumeAt = Int.max
        var isOver = false
        for now in 0..<200_000 where !isOver {
            if now % 160 == 0 {
                // Speech comes in pieces, faster than it is spoken.
                let piece = speech[offered..<min(offered + Int.random(in: 0...900, using: &random), speech.count)]
                offered += queue.append(Array(piece).span, generation: 1)
                if offered == speech.count { queue.complete(generation: 1) }
                while let step = queue.tick(now: now, audio: &audio) {
                    switch step {
                    case .audio: waiting += audio
                    case .mark(let mark) where waiting.isEmpty: queue.markReturned(mark, at: now)
                    case .finished: isOver = true
                    case .mark, .underrun, .tail: break
                    }
                }
            }
            if now == holds.first {
                holds.removeFirst()
                queue.hold(at: now, ending: &audio)
                reports.append(queue.report(at: now).heard)
                waiting = fade > 0 ? audio : []
                resumeAt = now + 2400
            }
            if now == resumeAt { queue.resume() }
            if !waiting.isEmpty { heard.append(waiting.removeFirst()) }
        }
        return (heard, reports)
    }

    @Test("goes on from the very sample at which it stopped, whenever that was", arguments: 1...30)
    func exact(seed: Int) {
        var random = SeededRandom(UInt64(seed))
        let speech = (0..<24_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let holds = [Int.random(in: 200...5000, using: &random), Int.random(in: 9000...15_000, using: &random)]
        let (audio, reports) = heard(speech, holds: holds, fade: 0, seed: UInt64(seed))
        #expect(audio == speech)
        #expect(reports.count == 2 && reports[0] < reports[1])
    }

    @Test("a cut and its end do not click: neighbouring samples of a tone differ no more than the tone's own do")
    func withoutClicks() {
        let tone = (0..<16_000).map { MuLaw.encode(Int16(Double($0 % 40 - 20).magnitude * 800 - 8000)) }
        let (audio, _) = heard(tone, holds: [3210, 8888], fade: 80)
        let steps = { (codes: [UInt8]) in
            let samples = codes.map { Int(MuLaw.decode($0)) }
            return zip(samples, samples.dropFirst()).map { abs($0 - $1) }.max() ?? 0
        }
        #expect(steps(audio) <= steps(tone) + 400)
        // 10 ms twice over for each hold: faded out, and said again faded in.
        #expect(audio.count == tone.count + 2 * 80)
    }

    @Test("held speech is neither starved nor finished, and is said once however often it is told to hold")
    func idempotence() {
        var queue = PlayoutQueue()
        var audio: [UInt8] = []
        var ending: [UInt8] = []
        queue.begin(generation: 1, at: 0)
        queue.append([UInt8](repeating: 5, count: 800).span, generation: 1)
        queue.complete(generation: 1)
        #expect(queue.tick(now: 0, audio: &audio) == .audio)
        queue.hold(at: 400, ending: &ending)
        #expect(ending.count == 80)
        queue.hold(at: 480, ending: &ending)
        #expect(ending.isEmpty)
        for now in stride(from: 480, to: 20_000, by: 160) { #expect(queue.tick(now: now, audio: &audio) == nil) }
        #expect(queue.underrunCount == 0)
        #expect(queue.report(at: 20_000).heard == 400)
        queue.resume()
        #expect(queue.tick(now: 20_000, audio: &audio) == .audio)
        #expect(audio.count == 400)
    }

    @Test("an echo of a mark from before the hold proves nothing")
    func staleMark() {
        var queue = PlayoutQueue()
        var audio: [UInt8] = []
        queue.begin(generation: 1, at: 0)
        queue.append([UInt8](repeating: 5, count: 800).span, generation: 1)
        queue.complete(generation: 1)
        var marks: [PlayoutMark] = []
        while let step = queue.tick(now: 0, audio: &audio) { if case .mark(let mark) = step { marks.append(mark) } }
        queue.hold(at: 160, ending: &audio)
        let proven = marks.map { queue.markReturned($0, at: 200) }
        #expect(proven == [false])
        #expect(queue.report(at: 200).heard == 160)
    }

    @Test("what a cut utterance fades out with is played before the next one, and is heard of neither")
    func endingBeforeTheNext() {
        var queue = PlayoutQueue()
        var audio: [UInt8] = []
        queue.begin(generation: 1, at: 0)
        queue.append([UInt8](repeating: 5, count: 1600).span, generation: 1)
        _ = queue.tick(now: 0, audio: &audio)
        let report = queue.clear(newGeneration: 2, at: 400, ending: &audio)
        #expect(audio.count == 80 && report.heard == 400)
        queue.append([UInt8](repeating: 6, count: 1600).span, generation: 2)
        #expect(queue.tick(now: 400, audio: &audio) == .audio)
        #expect([400, 480, 560, 640].map { queue.report(at: $0).heard } == [0, 0, 80, 160])
    }

    @Test("held speech that is then interrupted has no second ending")
    func interruption() {
        var queue = PlayoutQueue()
        var audio: [UInt8] = []
        queue.begin(generation: 1, at: 0)
        queue.append([UInt8](repeating: 5, count: 8000).span, generation: 1)
        _ = queue.tick(now: 0, audio: &audio)
        queue.hold(at: 800, ending: &audio)
        let report = queue.clear(newGeneration: 2, at: 4000, ending: &audio)
        #expect(audio.isEmpty)
        #expect(report.heard == 800)
        #expect(!queue.isHeld)
    }

    @Test("what a carrier does not give back is heard, and held speech goes on behind it", arguments: [true, false])
    func carrierThatKeeps(isInterrupted: Bool) {
        var configuration = PlayoutQueue.Configuration()
        configuration.clears = false
        configuration.hasMarks = false
        configuration.lead = 480
        configuration.longestLead = 480
        var queue = PlayoutQueue(configuration)
        var audio: [UInt8] = []
        let speech = (0..<1600).map { UInt8(truncatingIfNeeded: $0 / 16) }
        queue.begin(generation: 1, at: 0)
        queue.append(speech.span, generation: 1)
        queue.complete(generation: 1)
        var sent: [UInt8] = []
        while let step = queue.tick(now: 0, audio: &audio) { if step == .audio { sent += audio } }
        #expect(sent.count == 480)
        queue.hold(at: 160, ending: &audio)
        #expect(audio.isEmpty)
        #expect(queue.tick(now: 400, audio: &audio) == nil)
        if isInterrupted {
            let report = queue.clear(newGeneration: 2, at: 240, ending: &audio)
            #expect(report.heard == 480 && audio.isEmpty)
        } else {
            queue.resume()
            var report: PlayoutReport?
            for now in stride(from: 800, to: 4000, by: 160) {
                while let step = queue.tick(now: now, audio: &audio) {
                    if step == .audio { sent += audio }
                    if case .finished(let last) = step { report = last }
                }
            }
            // Whole, and nothing twice; only the first 10 ms after the pause fade in.
            #expect(sent.count == 1600)
            #expect(sent[..<480] == speech[..<480] && sent[560...] == speech[560...])
            #expect(report?.heard == 1600)
        }
    }
}
