import Codecs
import Testing

@testable import CallSession

/// Where a caller's audio is put, when the line does what lines do. Positions in samples at 8 kHz; a frame is 160.
@Suite("A caller's audio on the call's clock")
struct CallerAudioTests {
    /// Plays frames, given as (carrier's stamp in ms, samples, arrival in samples), into a recording, and returns what it
    /// holds of the caller: the number of the frame that each 20 ms belong to, 0 for silence.
    private func recorded(_ frames: [(stamp: Int?, count: Int, arrival: Int)], length: Int) -> [UInt8] {
        var clock = CallerClock()
        var timeline = StereoTimeline()
        for (index, frame) in frames.enumerated() {
            let place = clock.place(timestamp: frame.stamp, count: frame.count, now: frame.arrival)
            timeline.writeCaller([UInt8](repeating: UInt8(index + 1), count: frame.count).span, at: place)
        }
        let block = timeline.takeBlock(now: length, end: length)
        return (0..<length / 160).map { slot in
            let code = block?.caller[slot * 160 + 80] ?? StereoTimeline.silence
            return code == StereoTimeline.silence ? 0 : code
        }
    }

    @Test(
        "frames are put where the carrier stamped them, however they arrive",
        arguments: [
            // In time.
            ([(0, 160, 160), (20, 160, 320), (40, 160, 480)], [1, 2, 3, 0]),
            // Late by 60 ms, all at once after a stall.
            ([(0, 160, 160), (20, 160, 800), (40, 160, 800)], [1, 2, 3, 0]),
            // One early.
            ([(0, 160, 160), (20, 160, 200), (40, 160, 480)], [1, 2, 3, 0]),
            // One missing: its place stays silent and nothing moves.
            ([(0, 160, 160), (40, 160, 480), (60, 160, 640)], [1, 0, 2, 3]),
            // One twice: the second takes its own place again.
            ([(0, 160, 160), (20, 160, 320), (20, 160, 320), (40, 160, 480)], [1, 3, 4, 0]),
            // Out of order.
            ([(0, 160, 160), (40, 160, 480), (20, 160, 500), (60, 160, 640)], [1, 3, 2, 4]),
            // 10 ms and 60 ms instead of 20.
            ([(0, 80, 80), (10, 80, 160), (20, 480, 640)], [2, 3, 3, 3]),
            // Silence suppression: nothing for a while.
            ([(0, 160, 160), (60, 160, 640)], [1, 0, 0, 2]),
            // Without stamps they follow one another.
            ([(nil, 160, 160), (nil, 160, 500), (nil, 160, 480)], [1, 2, 3, 0]),
        ] as [([(Int?, Int, Int)], [UInt8])])
    func placement(frames: [(Int?, Int, Int)], expected: [UInt8]) {
        #expect(recorded(frames.map { ($0.0, $0.1, $0.2) }, length: 640) == expected)
    }

    @Test("a stamp that is seconds away from the clock is not believed", arguments: [-100_000, 100_000, 4_000_000])
    func nonsense(stamp: Int) {
        var clock = CallerClock()
        _ = clock.place(timestamp: 0, count: 160, now: 160)
        #expect(clock.place(timestamp: stamp, count: 160, now: 1600) == 1440)
    }

    @Test(
        "a second of frames at once is cut into frames of 20 ms, and what is left waits for the rest",
        arguments: [1, 80, 159, 160, 161, 480, 8000])
    func cutting(size: Int) {
        var buffer = FrameBuffer()
        var frames = 0
        var sum = 0
        let codes = [UInt8](repeating: MuLaw.encode(1000), count: size)
        for _ in 0..<(16_000 / size) {
            var index = 0
            while buffer.fill(from: codes.span, &index) {
                frames += 1
                sum += buffer.samples.reduce(0) { $0 + Int($1) }
            }
            #expect(index == size)
        }
        #expect(frames == 16_000 / size * size / 160)
        #expect(sum == frames * 160 * Int(MuLaw.decode(MuLaw.encode(1000))))
    }
}

@Suite("The recording's timeline")
struct StereoTimelineTests {
    @Test("both sides have exactly the call's length, however little was said")
    func length() {
        var timeline = StereoTimeline()
        timeline.writeCaller([UInt8](repeating: 1, count: 160).span, at: 20_000)
        var total = 0
        for now in stride(from: 0, to: 30_000, by: 160) {
            while let block = timeline.takeBlock(now: now) {
                #expect(block.caller.count == block.agent.count)
                #expect(block.position == total)
                total += block.caller.count
            }
        }
        while let block = timeline.takeBlock(now: 30_001, end: 30_001) { total += block.caller.count }
        #expect(total == 30_001)
    }

    @Test("what the agent said and nobody heard is taken back, also where the next block will be")
    func takenBack() {
        var timeline = StereoTimeline()
        timeline.writeAgent([UInt8](repeating: 7, count: 4000).span, at: 1000)
        timeline.silenceAgent(from: 2000)
        let block = timeline.takeBlock(now: 8000, end: 8000)
        #expect(block?.agent.filter { $0 == 7 }.count == 1000)
        #expect(block?.agent[1999] == 7 && block?.agent[2000] == StereoTimeline.silence)
    }

    @Test("audio that comes after its block has left, or from a future that never comes, is counted as lost")
    func lost() {
        var timeline = StereoTimeline()
        _ = timeline.takeBlock(now: 12_000)
        timeline.writeCaller([UInt8](repeating: 1, count: 160).span, at: 7920)
        #expect(timeline.lost == 80)
        timeline.writeAgent([UInt8](repeating: 1, count: 160).span, at: 8000 + 16_384)
        #expect(timeline.lost == 240)
    }
}
