import Glibc
import Telephony
import Testing

@testable import CallSession

/// An hour of a call in virtual time. What the recording must hold is known from elsewhere: from when the caller said what,
/// and from a carrier that plays what it is sent.
@Suite("Drift of a recording")
struct RecordingDriftTests {
    /// Samples that differ from those before and after them, so that none can be at another's place unnoticed.
    private struct Pattern {
        private static let period = 65_521
        private let codes: [UInt8]

        init(seed: UInt32) {
            var state = seed
            let once = (0..<Self.period).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return UInt8(state >> 24) & 0x7F
            }
            codes = once + once
        }

        func samples(_ count: Int, from position: Int) -> [UInt8] {
            let start = position % Self.period
            return Array(codes[start..<start + count])
        }
    }

    /// Plays what it is sent, one after the other, and drops what it has not played when it is told to.
    private struct Carrier {
        private(set) var heard: [UInt8]
        private var end = 0
        private var marks: [(PlayoutMark, at: Int)] = []

        init(length: Int) { heard = [UInt8](repeating: StereoTimeline.silence, count: length) }

        mutating func play(_ audio: [UInt8], at now: Int) {
            let start = max(end, now)
            end = start + audio.count
            heard.replaceSubrange(start..<end, with: audio)
        }

        mutating func mark(_ mark: PlayoutMark, at now: Int) { marks.append((mark, max(end, now))) }

        mutating func clear(at now: Int) {
            guard end > now else { return }
            heard.replaceSubrange(now..<end, with: repeatElement(StereoTimeline.silence, count: end - now))
            end = now
        }

        mutating func echoes(at now: Int) -> [PlayoutMark] {
            let played = marks.prefix { $0.at <= now }.map(\.0)
            marks.removeFirst(played.count)
            return played
        }
    }

    private static let hour = 3600 * 8000
    private static let frame = 160

    /// Beats come late by up to 60 ms, once a second they are in time, and every two seconds one is late by 200.
    private static func lateness(_ beat: Int) -> Int {
        if beat % 50 == 1 { return 0 }
        return beat % 97 == 0 ? 1600 : beat * 7919 % 480
    }

    private static func same(_ block: [UInt8], _ truth: [UInt8], from position: Int) -> Bool {
        let count = block.count
        // SAFETY: the truth is as long as the call, and a block lies within it.
        return unsafe block.withUnsafeBytes { block in
            unsafe truth.withUnsafeBytes { truth in
                guard let block = block.baseAddress, let truth = truth.baseAddress else { return false }
                return unsafe memcmp(block, truth + position, count) == 0
            }
        }
    }

    @Test("after an hour of late beats, gaps and interruptions every sample of both sides is at its place")
    func hour() {
        let (caller, agent) = (Pattern(seed: 1), Pattern(seed: 2))
        var truth = [UInt8](repeating: StereoTimeline.silence, count: Self.hour)
        var carrier = Carrier(length: Self.hour + 8000)
        var clock = CallerClock()
        var playout = PlayoutQueue()
        var timeline = StereoTimeline()
        var outgoing: [UInt8] = []
        var now = 0
        var (arrived, generation, spoken, beats, recorded, wrong, interruptions) = (0, UInt32(0), 0, 0, 0, 0, 0)

        for ideal in stride(from: Self.frame, through: Self.hour, by: Self.frame) {
            beats += 1
            now = min(max(ideal + Self.lateness(beats), now), Self.hour)
            // What the caller has said by now arrives: but for what was lost, and some of it twice.
            while (arrived + 1) * Self.frame <= now {
                let start = arrived * Self.frame
                defer { arrived += 1 }
                guard arrived % 89 != 88 else { continue }
                let frame = caller.samples(Self.frame, from: start)
                truth.replaceSubrange(start..<start + Self.frame, with: frame)
                for _ in 0...(arrived % 251 == 0 ? 1 : 0) {
                    let place = clock.place(timestamp: arrived * 20, count: Self.frame, now: now)
                    timeline.writeCaller(frame.span, at: place)
                }
            }
            for mark in carrier.echoes(at: now) { playout.markReturned(mark, at: now) }
            // Every four seconds the agent begins to speak, for two; every fifth time it is interrupted, and twice it is held.
            switch beats % 200 {
            case 1:
                generation += 1
                playout.begin(generation: generation, at: now)
            // Once in twenty seconds the voice stalls for one.
            case 2...101 where !(430..<480).contains(beats % 1000):
                let chunk = agent.samples(Self.frame, from: spoken)
                spoken += playout.append(chunk.span, generation: generation)
                if beats % 200 == 101 { playout.complete(generation: generation) }
            default: break
            }
            if beats % 1000 == 60 || beats % 1000 == 260 {
                interruptions += 1
                if beats % 1000 == 60 {
                    generation += 1
                    _ = playout.clear(newGeneration: generation, at: now, ending: &outgoing)
                } else {
                    playout.hold(at: now, ending: &outgoing)
                }
                carrier.clear(at: now)
                timeline.silenceAgent(from: now)
                carrier.play(outgoing, at: now)
                timeline.writeAgent(outgoing.span, at: now)
            }
            if beats % 1000 == 275 { playout.resume() }
            while let step = playout.tick(now: now, audio: &outgoing) {
                switch step {
                case .audio, .tail:
                    carrier.play(outgoing, at: now)
                    timeline.writeAgent(outgoing.span, at: now + playout.ahead(at: now) - outgoing.count)
                case .mark(let mark): carrier.mark(mark, at: now)
                case .underrun, .finished: break
                }
            }
            while let block = timeline.takeBlock(now: now, end: ideal == Self.hour ? Self.hour : nil) {
                if block.position != recorded { wrong += 1 }
                if !Self.same(block.caller, truth, from: block.position) { wrong += 1 }
                if !Self.same(block.agent, carrier.heard, from: block.position) { wrong += 1 }
                recorded += block.caller.count
            }
        }
        #expect(recorded == Self.hour)
        #expect(wrong == 0 && timeline.lost == 0)
        #expect(interruptions == 360 && spoken > 400 * 8000 && playout.underrunCount > 0)
    }
}
