import AudioCore
import AudioDevices
import Foundation
import Testing

/// Through ALSA itself, with devices that are files.
@Suite("A sound card", .serialized)
struct SoundCardTests {
    @Test("gives the microphone's sound at the telephone's rate and plays what it is given at its own")
    func bothWays() async throws {
        // 0.5 s of 400 Hz at the device's 48 kHz.
        let heard = Self.tone(400, rate: 48_000, seconds: 0.5)
        var options = SoundCard.Options()
        options.capture = try AlsaConfiguration.microphone(0, hears: heard)
        options.playback = AlsaConfiguration.loudspeaker(0)
        options.cancelsEcho = false
        let card = SoundCard(options)
        let frames = Collector()
        let tone = Self.tone(500, rate: 8000, seconds: 2)
        try card.start { frame in
            let start = frames.samples.count
            frames.add(frame)
            if start + 160 <= tone.count { card.play(Array(tone[start..<start + 160])) }
        }
        try await frames.wait(for: 100)
        card.stop()

        #expect(Self.purest(400, in: frames.samples, rate: 8000) > 0.95)
        let played = try AlsaConfiguration.played(0)
        #expect(Self.purest(500, in: played, rate: 48_000) > 0.95)
    }

    @Test("is paced by time where the device has no clock")
    func paced() async throws {
        var options = SoundCard.Options()
        options.capture = "null"
        options.playback = "null"
        _ = AlsaConfiguration.directory
        let card = SoundCard(options)
        let frames = Collector()
        let start = ContinuousClock.now
        try card.start { frames.add($0) }
        try await frames.wait(for: 30)
        card.stop()
        // 600 ms of sound, of which 60 ms may come ahead. A lower bound only: a busy machine is late.
        #expect(ContinuousClock.now - start > .milliseconds(500))
    }

    @Test("that is not there is an error that names the device")
    func missing() {
        _ = AlsaConfiguration.directory
        var options = SoundCard.Options()
        options.capture = "null"
        options.playback = "no-such-device"
        let error = #expect(throws: DeviceError.self) { try SoundCard(options).start { _ in } }
        #expect(error?.code == .missing)
        #expect(error?.description.contains("no-such-device") == true)
    }

    @Test("of another rate and two channels is heard and played alike")
    func stereo() async throws {
        let card = card(.stereoMicrophone, .stereoLoudspeaker)
        let frames = Collector()
        let tone = Self.tone(500, rate: 8000, seconds: 2)
        try card.start { frame in
            let start = frames.samples.count
            frames.add(frame)
            if start + 160 <= tone.count { card.play(Array(tone[start..<start + 160])) }
        }
        try await frames.wait(for: 40)
        card.stop()
        #expect(Self.purest(400, in: frames.samples, rate: 8000) > 0.95)
        #expect(Self.purest(500, in: try FaultyCard.stereoLoudspeaker.played(), rate: 44_100) > 0.95)
        #expect(card.counters == DeviceCounters())
    }

    @Test("that runs over or dry is made ready again, and that is counted")
    func recovers() async throws {
        let card = card(.microphone, .loudspeaker)
        let frames = Collector()
        try card.start { frames.add($0) }
        try await frames.wait(for: 5)
        FaultyCard.microphone.runOver()
        FaultyCard.loudspeaker.runOver()
        try await until { card.counters.captureOverruns == 1 && card.counters.playbackUnderruns == 1 }
        let after = frames.samples.count
        try await frames.wait(for: after / 160 + 5)
        #expect(Self.purest(400, in: Array(frames.samples[after...]), rate: 8000) > 0.95)
        #expect(card.counters.reopened == 0)
        card.stop()
    }

    @Test(
        "that is unplugged or broken is silent, the line's beat goes on, and when it works again it is opened again",
        arguments: FaultyCard.Fault.allCases)
    func lost(fault: FaultyCard.Fault) async throws {
        let card = card(.leavingMicrophone, .leavingLoudspeaker)
        let frames = Collector()
        try card.start { frames.add($0) }
        try await frames.wait(for: 5)
        FaultyCard.leavingMicrophone.begin(fault)
        FaultyCard.leavingLoudspeaker.begin(fault)
        let left = frames.samples.count / 160
        try await frames.wait(for: left + 20)
        // Whatever the converter held is out after a moment.
        #expect(frames.samples[((left + 10) * 160)..<((left + 20) * 160)].allSatisfy { $0 == 0 })

        try FaultyCard.leavingMicrophone.end(fault)
        try FaultyCard.leavingLoudspeaker.end(fault)
        try await until { card.counters.reopened >= 2 }
        let back = frames.samples.count
        try await frames.wait(for: back / 160 + 40)
        #expect(Self.purest(400, in: Array(frames.samples[back...]), rate: 8000) > 0.95)
        card.stop()
    }

    @Test("is listed by its name, with its description and both directions")
    func listed() {
        let name = FaultyCard.microphone.name
        let found = AudioDevice.all().first { $0.name == name }
        #expect(found?.summary == FaultyCard.summary)
        #expect(found?.directions == [.capture, .playback])
    }

    private func card(_ microphone: FaultyCard, _ loudspeaker: FaultyCard) -> SoundCard {
        var options = SoundCard.Options()
        options.capture = microphone.name
        options.playback = loudspeaker.name
        options.cancelsEcho = false
        return SoundCard(options)
    }

    private func until(_ holds: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while !holds(), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
        #expect(holds())
    }

    static func tone(_ frequency: Double, rate: Double, seconds: Double) -> [Int16] {
        (0..<Int(rate * seconds)).map { Int16(8000 * sin(2 * .pi * frequency * Double($0) / rate)) }
    }

    /// The largest share of `frequency` in any 20 ms that sound.
    static func purest(_ frequency: Double, in samples: [Int16], rate: Double) -> Double {
        let length = Int(rate) / 50
        return stride(from: 0, to: samples.count - length, by: length).map {
            power(of: frequency, in: Array(samples[$0..<$0 + length]), rate: rate)
        }.max() ?? 0
    }

    /// The share of the energy that lies at `frequency`, 0...1.
    static func power(of frequency: Double, in samples: [Int16], rate: Double) -> Double {
        var (real, imaginary, energy) = (0.0, 0.0, 0.0)
        for (index, sample) in samples.enumerated() {
            let angle = 2 * .pi * frequency * Double(index) / rate
            real += Double(sample) * cos(angle)
            imaginary += Double(sample) * sin(angle)
            energy += Double(sample) * Double(sample)
        }
        guard energy > 0 else { return 0 }
        return 2 * (real * real + imaginary * imaginary) / (energy * Double(samples.count))
    }
}

/// Frames as they come from a device's thread.
final class Collector: @unchecked Sendable {
    // @unchecked: under `lock`.
    private let lock = NSLock()
    private var collected: [Int16] = []

    func add(_ frame: [Int16]) { lock.withLock { collected += frame } }
    var samples: [Int16] { lock.withLock { collected } }

    func wait(for frames: Int) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while samples.count < frames * 160, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
    }
}
