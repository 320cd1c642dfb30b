import AudioCore
import Codecs
import TestSupport
import Testing

@testable import CallSession

/// The agent's own voice on the caller's line. Voices are noise with the rise and fall of speech; positions in samples.
@Suite("Echo of the agent's voice")
struct EchoGuardTests {
    /// Syllables of 80 to 240 ms, with pauses, as speech has them.
    private static func voice(seed: UInt64, seconds: Int, level: Double) -> [Int16] {
        var random = SplitMix64(state: seed)
        var samples: [Int16] = []
        while samples.count < seconds * 8000 {
            let isPause = random.next(below: 4) == 0
            let length = (isPause ? 400 : 640) + random.next(below: 1280)
            let peak = isPause ? 0 : level * (0.4 + Double(random.next(below: 100)) / 100)
            for index in 0..<length {
                let shape = Double(min(index, length - index)) / Double(length) * 2
                samples.append(Int16((Double(random.next(below: 2001)) / 1000 - 1) * peak * shape))
            }
        }
        return Array(samples.prefix(seconds * 8000))
    }

    /// What a line returns of `voice`: late, quieter, with its own noise.
    private static func returned(_ voice: [Int16], delay: Int, loss: Double) -> [Int16] {
        var random = SplitMix64(state: 99)
        return voice.indices.map { index in
            let echo = index >= delay ? Double(voice[index - delay]) * loss : 0
            return Int16(echo + Double(random.next(below: 41)) - 20)
        }
    }

    /// Runs a line through the real detector and the guard while the agent speaks.
    private func transitions(_ agent: [Int16], _ line: [Int16]) -> (passed: [VoiceActivity.Transition], echoes: Int) {
        var echo = EchoGuard()
        var detector = VoiceActivityDetector(.forTurns)
        var passed: [VoiceActivity.Transition] = []
        for start in stride(from: 0, to: line.count - 160, by: 160) {
            let codes = agent[start..<start + 160].map { MuLaw.encode($0) }
            echo.played(codes.span, at: start)
            let frame = Array(line[start..<start + 160])
            let activity = detector.process(frame.span)
            echo.heard(frame.span, endingAt: start + 160)
            if let transition = echo.pass(activity.transition, at: start + 160) { passed.append(transition) }
        }
        return (passed, echo.echoCount)
    }

    @Test(
        "is not taken for a caller, however late and quiet it comes",
        arguments: [(0, 0.5), (240, 0.4), (1000, 0.2), (2400, 0.1), (3800, 0.3)])
    func echo(delay: Int, loss: Double) {
        let agent = [Int16](repeating: 0, count: 12_000) + Self.voice(seed: 7, seconds: 6, level: 12_000)
        let result = transitions(agent, Self.returned(agent, delay: delay, loss: loss))
        #expect(result.passed.isEmpty, "\(result.passed)")
        #expect(result.echoes > 0)
    }

    @Test("a caller who interrupts on a line without echo is not held back", arguments: [1, 2, 3, 4, 5, 6, 7, 8])
    func interruption(seed: UInt64) throws {
        let agent = [Int16](repeating: 0, count: 8000) + Self.voice(seed: 100 + seed, seconds: 4, level: 12_000)
        var line = Self.returned(agent, delay: 0, loss: 0)
        let onset = 24_000
        for (index, sample) in Self.voice(seed: seed, seconds: 1, level: 8000).enumerated() {
            line[onset + index] += sample
        }
        let plain = self.plain(line)
        let result = transitions(agent, line)
        #expect(result.passed == plain)
        #expect(result.echoes == 0)
    }

    @Test(
        "a caller who talks over an echo is heard within 200 ms of the detector", arguments: [11, 12, 13, 14, 15, 16])
    func doubleTalk(seed: UInt64) throws {
        let agent = [Int16](repeating: 0, count: 8000) + Self.voice(seed: 200 + seed, seconds: 5, level: 12_000)
        var line = Self.returned(agent, delay: 800, loss: 0.1)
        let onset = 28_000
        for (index, sample) in Self.voice(seed: seed, seconds: 1, level: 9000).enumerated() {
            line[onset + index] += sample
        }
        let result = transitions(agent, line)
        let starts = result.passed.compactMap { if case .started(let at) = $0 { at } else { nil } }
        let first = try #require(starts.first, "the caller was never heard")
        #expect((onset - 800...onset + 3200).contains(first), "\(first)")
    }

    @Test("what was cleared before it was played explains nothing")
    func cleared() {
        let agent = Self.voice(seed: 5, seconds: 4, level: 12_000)
        var echo = EchoGuard()
        for start in stride(from: 0, to: 16_000, by: 160) {
            let codes = agent[start..<start + 160].map { MuLaw.encode($0) }
            echo.played(codes.span, at: start)
        }
        echo.silenced(from: 0)
        for start in stride(from: 0, to: 16_000, by: 160) {
            echo.heard(Array(agent[start..<start + 160]).span, endingAt: start + 160)
        }
        #expect(echo.pass(.started(at: 15_000), at: 16_000) == .started(at: 15_000))
    }

    private func plain(_ line: [Int16]) -> [VoiceActivity.Transition] {
        var detector = VoiceActivityDetector(.forTurns)
        return stride(from: 0, to: line.count - 160, by: 160).compactMap { start in
            detector.process(Array(line[start..<start + 160]).span).transition
        }
    }
}
