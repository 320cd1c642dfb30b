import Codecs
import Foundation
import Telephony
import Testing

/// A carrier as the queue's clock imagines it: plays without pause, echoes after a delay, gives all marks back at a clear.
private struct ModelCarrier {
    private enum Item { case audio(UInt8), mark(PlayoutMark) }

    /// One way, in samples.
    let delay: Int
    private var arriving: [(time: Int, item: Item)] = []
    private var queue: [Item] = []
    private var echoes: [(time: Int, mark: PlayoutMark)] = []
    private(set) var heard: [UInt8] = []
    private var time = 0

    init(delay: Int = 0) { self.delay = delay }

    mutating func send(_ audio: [UInt8], at now: Int) {
        arriving += audio.map { (now + delay, .audio($0)) }
    }

    mutating func send(_ mark: PlayoutMark, at now: Int) { arriving.append((now + delay, .mark(mark))) }

    /// Plays up to `now` and returns the marks whose echoes have arrived by then.
    mutating func advance(to now: Int) -> [PlayoutMark] {
        while time <= now {
            while let first = arriving.first, first.time <= time {
                queue.append(first.item)
                arriving.removeFirst()
            }
            while case .mark(let mark) = queue.first {
                echoes.append((time + delay, mark))
                queue.removeFirst()
            }
            guard time < now else { break }
            if case .audio(let sample) = queue.first {
                heard.append(sample)
                queue.removeFirst()
            }
            time += 1
        }
        defer { echoes.removeAll { $0.time <= now } }
        return echoes.filter { $0.time <= now }.map(\.mark)
    }

    /// Drops the queue as if `clear` arrived at once (for a carrier without delay); its marks come back.
    mutating func clear(at now: Int) {
        for case .mark(let mark) in queue + arriving.map(\.item) { echoes.append((now + 1, mark)) }
        queue = []
        arriving = []
    }
}

@Suite("Playout queue")
struct PlayoutQueueTests {
    private func configuration(
        capacity: Int = 100_000, lead: Int = 1600, least: Int = 480, most: Int = 1600, interval: Int = 4000
    ) -> PlayoutQueue.Configuration {
        var result = PlayoutQueue.Configuration()
        result.capacity = capacity
        result.lead = lead
        result.leastChunk = least
        result.mostChunk = most
        result.markInterval = interval
        return result
    }

    @Test("An utterance is sent paced, marked every half second and at its end, and reported once it was heard")
    func utterance() {
        var queue = PlayoutQueue(configuration())
        var carrier = ModelCarrier(delay: 160)
        queue.begin(generation: 1, at: 0)
        let speech = [UInt8](repeating: 7, count: 12_345)
        #expect(queue.append(speech.span, generation: 1) == speech.count)
        queue.complete(generation: 1)

        var audio: [UInt8] = []
        var marks: [PlayoutMark] = []
        var sizes: [Int] = []
        var finished: PlayoutReport?
        for now in stride(from: 0, through: 20_000, by: 160) {
            for mark in carrier.advance(to: now) { #expect(queue.markReturned(mark, at: now) == true) }
            while let step = queue.tick(now: now, audio: &audio) {
                switch step {
                case .audio:
                    carrier.send(audio, at: now)
                    sizes.append(audio.count)
                case .mark(let mark):
                    carrier.send(mark, at: now)
                    marks.append(mark)
                case .finished(let report): finished = report
                case .underrun, .tail: Issue.record("no underrun can be here")
                }
                #expect(queue.ahead(at: now) <= 1600)
            }
        }
        #expect(carrier.heard == speech)
        #expect(finished == PlayoutReport(generation: 1, appended: 12_345, sent: 12_345, heard: 12_345))
        #expect(marks.map(\.description) == ["g1.1", "g1.2", "g1.3", "g1.4"])
        #expect(sizes.first == 1600)
        #expect(sizes.count <= 26)
        #expect(queue.underrunCount == 0)
        #expect(!queue.isPlaying)
    }

    @Test("A clear reports what was heard, and nothing of the old generation is sent afterwards")
    func interruption() {
        var queue = PlayoutQueue(configuration())
        queue.begin(generation: 5, at: 0)
        queue.append([UInt8](repeating: 1, count: 8000).span, generation: 5)
        var audio: [UInt8] = []
        var old: [PlayoutMark] = []
        for now in stride(from: 0, through: 4800, by: 160) {
            while let step = queue.tick(now: now, audio: &audio) {
                if case .mark(let mark) = step { old.append(mark) }
            }
        }
        var ending: [UInt8] = []
        let report = queue.clear(newGeneration: 6, at: 4800, ending: &ending)
        #expect(ending.count == 80)
        #expect(report.heard == 4800)
        #expect(report.sent > 4800 && report.sent <= 6400)
        #expect(report.appended == 8000)

        #expect(queue.append([1, 1, 1].span, generation: 5) == 3)
        #expect(queue.staleCount == 3)
        #expect(queue.tick(now: 4960, audio: &audio) == nil)
        #expect(!old.isEmpty)
        for mark in old { #expect(queue.markReturned(mark, at: 4960) == false) }

        queue.append([UInt8](repeating: 2, count: 160).span, generation: 6)
        queue.complete(generation: 6)
        #expect(queue.tick(now: 5000, audio: &audio) == .audio)
        #expect(audio == [UInt8](repeating: 2, count: 160))
        #expect(queue.report(at: 5080) == PlayoutReport(generation: 6, appended: 160, sent: 160, heard: 80))
    }

    @Test("A carrier that runs dry within an utterance is counted once a gap")
    func underrun() {
        var queue = PlayoutQueue(configuration())
        var audio: [UInt8] = []
        queue.begin(generation: 1, at: 0)
        #expect(queue.tick(now: 0, audio: &audio) == nil)
        queue.append([UInt8](repeating: 1, count: 320).span, generation: 1)
        #expect(queue.tick(now: 160, audio: &audio) == .audio)
        #expect(queue.tick(now: 320, audio: &audio) == .tail)
        #expect(queue.tick(now: 480, audio: &audio) == nil)
        #expect(queue.tick(now: 640, audio: &audio) == .underrun)
        #expect(queue.tick(now: 800, audio: &audio) == nil)
        queue.append([UInt8](repeating: 1, count: 320).span, generation: 1)
        #expect(queue.tick(now: 960, audio: &audio) == .audio)
        #expect(queue.tick(now: 1120, audio: &audio) == .tail)
        #expect(queue.tick(now: 1440, audio: &audio) == .underrun)
        #expect(queue.underrunCount == 2)
        // The gaps are not counted as heard.
        #expect(queue.report(at: 1440).heard == 640)
    }

    @Test("Where an utterance runs dry it fades away without a step, and what comes then fades in and is heard whole")
    func tail() throws {
        var queue = PlayoutQueue(configuration())
        queue.begin(generation: 1, at: 0)
        let wave = (0..<1120).map { MuLaw.encode(Int16(8000 * sin(Double($0) * 2 * .pi * 180 / 8000))) }
        queue.append(Array(wave[..<640]).span, generation: 1)
        var audio: [UInt8] = []
        var line: [UInt8] = []
        for now in stride(from: 0, through: 3200, by: 160) {
            if now == 800 { queue.append(Array(wave[640...]).span, generation: 1) }
            if now == 960 { queue.complete(generation: 1) }
            while let step = queue.tick(now: now, audio: &audio) {
                if step == .audio || step == .tail { line += audio }
            }
        }
        // The speech, 20 ms of tail, and the rest.
        #expect(line.count == 1120 + 160)
        #expect(Array(line[..<640]) == Array(wave[..<640]))
        #expect(Array(line[880...]) == Array(wave[720...]))
        let heard = line.map { Int(MuLaw.decode($0)) }
        let steps = zip(heard, heard.dropFirst()).map { abs($1 - $0) }
        // No step is larger than those of the wave itself, which µ-law makes up to a sixteenth larger.
        #expect(try #require(steps[600..<720].max()) <= 1300)
        #expect(heard[795..<800].allSatisfy { abs($0) < 300 })
        let report = queue.report(at: 3200)
        #expect(report == PlayoutReport(generation: 1, appended: 1120, sent: 1120, heard: 1120))
    }

    @Test(
        "Speech that is held while its tail is heard goes on from the very sample",
        arguments: [0, 40, 120, 200, 280, 320])
    func heldInTail(later: Int) {
        func codes(_ range: Range<Int>) -> [UInt8] { range.map { UInt8($0 % 100) } }
        var queue = PlayoutQueue(configuration())
        queue.begin(generation: 1, at: 0)
        queue.append(codes(0..<480).span, generation: 1)
        var audio: [UInt8] = []
        #expect(queue.tick(now: 0, audio: &audio) == .audio)
        #expect(queue.tick(now: 320, audio: &audio) == .tail)
        #expect(queue.report(at: 320 + later).heard == min(320 + later, 480))
        var ending: [UInt8] = []
        queue.hold(at: 320 + later, ending: &ending)
        #expect(queue.report(at: 320 + later).heard == min(320 + later, 480))
        queue.append(codes(480..<960).span, generation: 1)
        queue.complete(generation: 1)
        queue.resume()
        var rest: [UInt8] = []
        for now in stride(from: 1600, through: 4800, by: 160) {
            while let step = queue.tick(now: now, audio: &audio) { if step == .audio { rest += audio } }
        }
        // The first 10 ms are faded in.
        let first = min(320 + later, 480)
        #expect(rest.count == 960 - first)
        #expect(Array(rest.dropFirst(80)) == codes(first + 80..<960))
    }

    @Test("A mark that never comes back delays the report, but not for ever")
    func lostMark() {
        var queue = PlayoutQueue(configuration())
        var audio: [UInt8] = []
        queue.begin(generation: 1, at: 0)
        queue.append([UInt8](repeating: 1, count: 800).span, generation: 1)
        queue.complete(generation: 1)
        #expect(queue.tick(now: 0, audio: &audio) == .audio)
        guard case .mark = queue.tick(now: 0, audio: &audio) else {
            Issue.record("a mark follows the last sample")
            return
        }
        #expect(queue.tick(now: 800 + 7999, audio: &audio) == nil)
        #expect(queue.isPlaying)
        let report = PlayoutReport(generation: 1, appended: 800, sent: 800, heard: 800)
        #expect(queue.tick(now: 800 + 8000, audio: &audio) == .finished(report))
        #expect(queue.tick(now: 800 + 9000, audio: &audio) == nil)
    }

    @Test("Marks hold back what is believed to be heard when the carrier is late, and push it when it is early")
    func corrections() {
        var queue = PlayoutQueue(configuration(interval: 800))
        var audio: [UInt8] = []
        var marks: [PlayoutMark] = []
        queue.begin(generation: 1, at: 0)
        queue.append([UInt8](repeating: 1, count: 8000).span, generation: 1)
        for now in stride(from: 0, through: 3200, by: 160) {
            while let step = queue.tick(now: now, audio: &audio) {
                if case .mark(let mark) = step { marks.append(mark) }
            }
            // Each echo takes 160 samples there and back; the third comes 320 late.
            if now == 960 { queue.markReturned(marks[0], at: now) }
            if now == 1760 { queue.markReturned(marks[1], at: now) }
            if now == 2880 { queue.markReturned(marks[2], at: now) }
        }
        #expect(queue.report(at: 3200).heard == 3200 - 320)
        // The fourth comes before the clock expects it to be played.
        queue.markReturned(marks[3], at: 3200)
        #expect(queue.report(at: 3200).heard == 3200)
        queue.markReturned(marks[4], at: 3200)
        #expect(queue.report(at: 3200).heard == 4000)
    }

    @Test("What does not fit is refused and counted")
    func bounded() {
        var queue = PlayoutQueue(configuration(capacity: 1000))
        queue.begin(generation: 1, at: 0)
        #expect(queue.append([UInt8](repeating: 1, count: 900).span, generation: 1) == 900)
        #expect(queue.append([UInt8](repeating: 1, count: 900).span, generation: 1) == 100)
        #expect(queue.refusedCount == 800)
        #expect(queue.free == 0)
    }

    @Test(
        "Whatever happens: heard ≤ sent ≤ appended, the lead holds, only the current generation is sent",
        arguments: 1...40)
    func invariants(seed: Int) {
        var random = SeededRandom(UInt64(seed))
        let lead = [800, 1200, 1600].randomElement(using: &random)!
        var settings = configuration(capacity: 9000, lead: lead, least: Int.random(in: 1...480, using: &random))
        settings.fade = 0
        var queue = PlayoutQueue(settings)
        // Without delay the model knows exactly what was heard.
        var carrier = ModelCarrier()
        var generation: UInt32 = 1
        var accepted: [UInt32: Int] = [:]
        var sent: [UInt32: Int] = [:]
        var audio: [UInt8] = []
        var now = 0
        var isComplete = false
        var tails = 0
        queue.begin(generation: 1, at: 0)

        for _ in 0..<1000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                let outdated = UInt32.random(in: 0...3, using: &random) == 0
                let target = outdated ? generation - min(generation, 1) : generation
                let chunk = [UInt8](
                    repeating: UInt8(truncatingIfNeeded: target), count: Int.random(in: 0...1500, using: &random))
                let taken = queue.append(chunk.span, generation: target)
                if target == generation, !isComplete { accepted[target, default: 0] += taken }
            case 4 where Int.random(in: 0..<4, using: &random) == 0:
                queue.complete(generation: generation)
                isComplete = true
            case 5 where Int.random(in: 0..<6, using: &random) == 0:
                let heardBefore = carrier.heard.count { $0 == UInt8(truncatingIfNeeded: generation) }
                var ending: [UInt8] = []
                let report = queue.clear(newGeneration: generation + 1, at: now, ending: &ending)
                carrier.clear(at: now)
                // Echoes are noticed up to 400 samples late, which may pass for a late carrier; never for an early one.
                #expect((heardBefore - 400...heardBefore).contains(report.heard), "seed \(seed)")
                #expect(report.heard <= report.sent && report.sent <= report.appended)
                #expect(report.appended == accepted[generation, default: 0])
                #expect(report.sent == sent[generation, default: 0])
                generation += 1
                isComplete = false
            default:
                now += Int.random(in: 0...400, using: &random)
                for mark in carrier.advance(to: now) { queue.markReturned(mark, at: now) }
                while let step = queue.tick(now: now, audio: &audio) {
                    switch step {
                    case .audio:
                        #expect(!audio.isEmpty)
                        #expect(audio.allSatisfy { $0 == UInt8(truncatingIfNeeded: generation) })
                        sent[generation, default: 0] += audio.count
                        carrier.send(audio, at: now)
                    case .tail:
                        tails += 1
                        // As long as the queue's, and not to be taken for speech.
                        carrier.send([UInt8](repeating: 0xFF, count: audio.count), at: now)
                    case .mark(let mark):
                        #expect(mark.generation == generation)
                        carrier.send(mark, at: now)
                    case .finished(let report):
                        #expect(report.heard == report.appended, "seed \(seed)")
                    case .underrun: break
                    }
                }
                _ = carrier.advance(to: now)
                #expect(queue.ahead(at: now) <= lead)
                let report = queue.report(at: now)
                #expect(report.heard <= report.sent && report.sent <= report.appended)
            }
        }
        #expect(generation > 5)
        // Some of them never run dry.
        #expect(tails > 0 || seed != 1)
    }
}

@Suite("Playout marks")
struct PlayoutMarkTests {
    @Test(
        "A name is read back",
        arguments: [(0, 0), (1, 1), (3, 12), (4_294_967_295, 4_294_967_295)] as [(UInt32, UInt32)])
    func roundTrip(generation: UInt32, sequence: UInt32) {
        let mark = PlayoutMark(generation: generation, sequence: sequence)
        #expect(PlayoutMark(mark.description) == mark)
    }

    @Test(
        "Foreign names are nobody's mark",
        arguments: [
            "", "g", "g.", "g1", "g1.", "g.1", "h1.1", "g1.1x", "g-1.1", "g01.1", "g1.4294967296", "utt-7", "g1.1.1",
        ])
    func foreign(name: String) {
        #expect(PlayoutMark(name) == nil)
    }
}
