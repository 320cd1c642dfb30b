import AudioCore
import CallSession
import Codecs
import Foundation
import Speech
import TestSupport

/// What comes over the line when a call is answered with a greeting: a synthetic voice, noise, and a codec on the way.
struct GreetingSound: Sendable {
    /// What the voice's sound went through before it came to us as µ-law.
    enum Way: CaseIterable, Sendable {
        case mulaw
        /// A call from Europe.
        case alaw
        /// A call from an app, at 12 kbit/s.
        case opus
    }

    var text: String
    var answerer: Answerer
    /// µ-law, from the answer to three seconds after the greeting.
    var line: [UInt8]
    /// Where the greeting is in it.
    var start: Int
    var end: Int

    /// Samples after the greeting until whoever answered hangs up.
    private static let after = 24_000

    /// - Parameter number: chooses among noises and codecs, and gives half of the machines a beep.
    static func make(
        _ greeting: (text: String, answerer: Answerer, voice: Int), number: Int, by synthesizer: FliteSynthesizer,
        _ random: inout SplitMix64
    ) async throws -> GreetingSound {
        var speech: [Int16] = []
        if greeting.answerer == .fax {
            speech = number % 2 == 0 ? tone(1100, 4000) + silence(24_000) : tone(2100, 24_000)
        } else {
            let session = try await synthesizer.makeSession(
                voice: ["slt", "rms", "awb"][greeting.voice % 3], format: .telephone)
            for try await chunk in session.synthesize(greeting.text) { speech += chunk.map(MuLaw.decode) }
            session.close()
        }
        // Sooner than the agent loses its patience and speaks first.
        let start = 2400 + random.next(below: 5600)
        let end = start + speech.count
        var samples = silence(start) + speech
        if greeting.answerer == .machine, number % 2 == 0 { samples += silence(4000) + tone(1000, 3200) }
        samples += silence(max(end + after - samples.count, 0))
        let noise = [20, 60, 150][number % 3]
        for index in samples.indices { samples[index] &+= Int16(random.next(below: 2 * noise + 1) - noise) }
        let codes = try sent(samples, by: Way.allCases[number / 3 % Way.allCases.count]).map(MuLaw.encode)
        return GreetingSound(
            text: greeting.text, answerer: greeting.answerer, line: codes, start: start, end: end)
    }

    private static func sent(_ samples: [Int16], by way: Way) throws -> [Int16] {
        switch way {
        case .mulaw: return samples
        case .alaw: return samples.map { ALaw.decode(ALaw.encode($0)) }
        case .opus:
            let format = OpusFormat()
            var configuration = OpusEncoder.Configuration()
            configuration.bitrate = 12_000
            var encoder = try OpusEncoder(format, configuration)
            var decoder = try OpusDecoder(format)
            var packet = [UInt8](repeating: 0, count: OpusEncoder.packetLimit)
            var frame = [Int16](repeating: 0, count: format.largestFrameSize)
            var result: [Int16] = []
            for start in stride(from: 0, to: samples.count - format.frameSize + 1, by: format.frameSize) {
                var bytes = packet.mutableSpan
                let size = try encoder.encode(Array(samples[start..<start + format.frameSize]).span, into: &bytes)
                let sent = Array(packet.prefix(size))
                var room = frame.mutableSpan
                let count = try decoder.decode(sent.span, into: &room)
                result += frame.prefix(count)
            }
            // As late as the codec makes it, so that the greeting stays in its place.
            return Array(result.dropFirst(encoder.lookahead)) + silence(encoder.lookahead)
        }
    }

    private static func tone(_ frequency: Double, _ count: Int) -> [Int16] {
        (0..<count).map { Int16(6000 * sin(2 * .pi * frequency * Double($0) / 8000)) }
    }

    private static func silence(_ count: Int) -> [Int16] { [Int16](repeating: 0, count: count) }
}
