import Codecs
import Glibc
import Testing

@Suite("Opus")
struct OpusTests {
    /// A voice-like sound: harmonics of a gliding pitch.
    private func voice(rate: Int, frames: Int) -> [Int16] {
        var phase = 0.0
        return (0..<(rate / 50 * frames)).map { index in
            let time = Double(index) / Double(rate)
            phase += 2 * .pi * (140 + 20 * sin(2 * .pi * time)) / Double(rate)
            let sum = (1...12).reduce(0.0) { $0 + sin(phase * Double($1)) / Double($1) }
            return Int16(5000 * sum * (0.6 + 0.4 * sin(2 * .pi * 4 * time)))
        }
    }

    private func packets(_ audio: [Int16], _ encoder: inout OpusEncoder) throws -> [[UInt8]] {
        let size = encoder.format.frameSize * encoder.format.channels
        var result: [[UInt8]] = []
        for start in stride(from: 0, to: audio.count - size + 1, by: size) {
            var packet = [UInt8](repeating: 0, count: OpusEncoder.packetLimit)
            var span = packet.mutableSpan
            let count = try encoder.encode(audio.span.extracting(start..<start + size), into: &span)
            result.append(Array(packet.prefix(count)))
        }
        return result
    }

    private func signalToNoise(_ expected: ArraySlice<Int16>, _ actual: ArraySlice<Int16>) -> Double {
        let signal = expected.reduce(0.0) { $0 + pow(Double($1), 2) }
        let noise = zip(expected, actual).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
        return 10 * log10(signal / max(noise, 1))
    }

    @Test("What is decoded resembles what was encoded", arguments: [8000, 16000, 24000, 48000], [1, 2])
    func roundTrip(rate: Int, channels: Int) throws {
        var configuration = OpusEncoder.Configuration()
        configuration.bitrate = 64_000 * channels
        configuration.purpose = .recording
        let format = OpusFormat(sampleRate: rate, channels: channels)
        var encoder = try OpusEncoder(format, configuration)
        var decoder = try OpusDecoder(format)
        let audio = voice(rate: rate, frames: 50).flatMap { [Int16](repeating: $0, count: channels) }
        var output: [Int16] = []
        for packet in try packets(audio, &encoder) {
            var frame = [Int16](repeating: 0, count: format.largestFrameSize * channels)
            var span = frame.mutableSpan
            let count = try decoder.decode(packet.span, into: &span)
            #expect(count == format.frameSize)
            output += frame.prefix(count * channels)
        }
        #expect(output.count == audio.count)
        let delay = encoder.lookahead * channels
        #expect(encoder.lookahead > 0)
        let skipped = audio.count / 5
        let quality = signalToNoise(
            audio[skipped..<audio.count - delay], output[(skipped + delay)...])
        #expect(quality > 12, "\(quality) dB")
    }

    @Test("A lost packet is concealed by sound that goes on, and fades when the loss lasts")
    func concealment() throws {
        let format = OpusFormat(sampleRate: 8000, channels: 1)
        var encoder = try OpusEncoder(format)
        var decoder = try OpusDecoder(format)
        let all = try packets(voice(rate: 8000, frames: 40), &encoder)
        var frame = [Int16](repeating: 0, count: format.frameSize)
        func level(_ frame: [Int16]) -> Double { (frame.reduce(0.0) { $0 + pow(Double($1), 2) } / 160).squareRoot() }
        var before = 0.0
        for packet in all.prefix(20) {
            var span = frame.mutableSpan
            _ = try decoder.decode(packet.span, into: &span)
            before = level(frame)
        }
        var levels: [Double] = []
        for _ in 0..<25 {
            var span = frame.mutableSpan
            #expect(try decoder.conceal(into: &span) == 160)
            levels.append(level(frame))
        }
        #expect(before > 500)
        #expect(levels[0] > before / 3)
        #expect(levels[24] < before / 4)
    }

    @Test("A packet sent with error correction restores the one lost before it better than concealment")
    func errorCorrection() throws {
        let format = OpusFormat(sampleRate: 16000, channels: 1)
        var configuration = OpusEncoder.Configuration()
        configuration.bitrate = 32_000
        configuration.expectedLoss = 20
        var encoder = try OpusEncoder(format, configuration)
        let audio = voice(rate: 16000, frames: 60)
        let all = try packets(audio, &encoder)

        func mean(recovers: Bool) throws -> Double {
            var decoder = try OpusDecoder(format)
            var reference = try OpusDecoder(format)
            var frame = [Int16](repeating: 0, count: 320)
            var clean = frame
            var qualities: [Double] = []
            for (index, packet) in all.enumerated() {
                var cleanSpan = clean.mutableSpan
                _ = try reference.decode(packet.span, into: &cleanSpan)
                var span = frame.mutableSpan
                if index % 6 == 5, index + 1 < all.count {
                    let next = all[index + 1]
                    if recovers {
                        _ = try decoder.recover(from: next.span, into: &span)
                    } else {
                        _ = try decoder.conceal(into: &span)
                    }
                    qualities.append(signalToNoise(clean[...], frame[...]))
                } else {
                    _ = try decoder.decode(packet.span, into: &span)
                }
            }
            return qualities.reduce(0, +) / Double(qualities.count)
        }
        let (corrected, concealed) = (try mean(recovers: true), try mean(recovers: false))
        #expect(corrected > concealed + 2, "\(corrected) dB against \(concealed) dB")
    }

    @Test("Unknown rates and channels, odd frames and damaged packets are errors")
    func refused() throws {
        #expect(throws: CodecError.self) { _ = try OpusEncoder(OpusFormat(sampleRate: 11025)) }
        #expect(throws: CodecError.self) { _ = try OpusDecoder(OpusFormat(sampleRate: 8000, channels: 3)) }
        var configuration = OpusEncoder.Configuration()
        configuration.complexity = 11
        #expect(throws: CodecError.self) { _ = try OpusEncoder(OpusFormat(), configuration) }

        var encoder = try OpusEncoder(OpusFormat())
        var packet = [UInt8](repeating: 0, count: OpusEncoder.packetLimit)
        var span = packet.mutableSpan
        let error = #expect(throws: CodecError.self) {
            _ = try encoder.encode([Int16](repeating: 0, count: 161).span, into: &span)
        }
        #expect(error?.description.contains("Opus of 8000 Hz") == true)

        var decoder = try OpusDecoder(OpusFormat())
        var samples = [Int16](repeating: 0, count: 960)
        var target = samples.mutableSpan
        for damaged in [[], [0xFF], [0x03, 0xFF, 0xFF]] as [[UInt8]] {
            let error = #expect(throws: CodecError.self) { _ = try decoder.decode(damaged.span, into: &target) }
            #expect(error?.code == .malformedPacket)
        }
    }

    @Test("After a reset a coder gives what a fresh one gives")
    func reset() throws {
        let audio = voice(rate: 8000, frames: 10)
        var encoder = try OpusEncoder(OpusFormat())
        let first = try packets(audio, &encoder)
        let second = try packets(audio, &encoder)
        encoder.reset()
        #expect(try packets(audio, &encoder) == first)
        #expect(first != second)

        var decoder = try OpusDecoder(OpusFormat())
        var samples = [Int16](repeating: 0, count: 160)
        var outputs: [[Int16]] = []
        for round in 0..<3 {
            if round == 2 { decoder.reset() }
            for packet in first {
                var span = samples.mutableSpan
                _ = try decoder.decode(packet.span, into: &span)
                if packet == first[0] { outputs.append(samples) }
            }
        }
        #expect(outputs[2] == outputs[0])
    }
}
