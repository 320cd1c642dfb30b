import AudioCore
import Glibc
import Testing

@Suite("Resampler")
struct ResamplerTests {
    private func sine(_ frequency: Double, rate: Int, count: Int) -> [Int16] {
        (0..<count).map { Int16(10_000 * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
    }

    @Test(
        "A tone comes out as the same tone, in place and of the same duration",
        arguments: [
            (8000, 16000), (16000, 8000), (48000, 8000), (44100, 8000), (8000, 24000), (22050, 8000), (8000, 8000),
        ])
    func tone(from: Int, to: Int) throws {
        var resampler = try Resampler(from: from, to: to, quality: .high)
        let input = sine(440, rate: from, count: from)
        var output: [Int16] = []
        var start = 0
        // Uneven batches, as they come from a network.
        for size in [1, 7, 160, 441, 1000, Int.max] {
            let end = min(start + min(size, from), from)
            resampler.process(input.span.extracting(start..<end), appendingTo: &output)
            start = end
        }
        resampler.flush(appendingTo: &output)
        #expect(output.count == to)

        let expected = sine(440, rate: to, count: to)
        var signal = 0.0
        var noise = 0.0
        for index in (to / 10)..<(to * 9 / 10) {
            signal += pow(Double(expected[index]), 2)
            noise += pow(Double(expected[index]) - Double(output[index]), 2)
        }
        #expect(10 * log10(signal / max(noise, 1e-9)) > 50)
    }

    @Test("What the narrower band cannot hold does not fold back into it")
    func aliasing() throws {
        var resampler = try Resampler(from: 16000, to: 8000)
        var output: [Int16] = []
        resampler.process(sine(6000, rate: 16000, count: 16000).span, appendingTo: &output)
        var meter = LevelMeter()
        meter.add(output.span.extracting(400..<output.count))
        #expect(meter.rms < -60)
    }

    @Test("Into a span it says what it used and what it made")
    func spans() throws {
        var resampler = try Resampler(from: 8000, to: 16000)
        let input = sine(300, rate: 8000, count: 160)
        var output = [Int16](repeating: 0, count: 100)
        var span = output.mutableSpan
        let first = resampler.process(input.span, into: &span)
        #expect(first.produced == 100)
        #expect(first.consumed < 160)
        let nothing: [Int16] = []
        #expect(resampler.process(nothing.span, into: &span) == (0, 0))
    }

    @Test("The latency is what must arrive before the first sample leaves")
    func latency() throws {
        var resampler = try Resampler(from: 8000, to: 8000)
        let latency = resampler.latency
        #expect((1...400).contains(latency))
        var output: [Int16] = []
        resampler.process([Int16](repeating: 0, count: latency).span, appendingTo: &output)
        #expect(output.isEmpty)
        resampler.process([Int16](repeating: 0, count: 10).span, appendingTo: &output)
        #expect(output.count == 10)
    }

    @Test("After a flush it begins anew")
    func reuse() throws {
        var resampler = try Resampler(from: 24000, to: 8000)
        let input = sine(500, rate: 24000, count: 2401)
        var first: [Int16] = []
        resampler.process(input.span, appendingTo: &first)
        resampler.flush(appendingTo: &first)
        var second: [Int16] = []
        resampler.process(input.span, appendingTo: &second)
        resampler.flush(appendingTo: &second)
        #expect(first.count == 801)
        #expect(first == second)
    }

    @Test("Impossible rates are refused", arguments: [(0, 8000), (8000, 0), (-1, 8000), (8000, 1_000_000)])
    func refusal(from: Int, to: Int) {
        #expect(throws: AudioError.self) { _ = try Resampler(from: from, to: to) }
    }
}
