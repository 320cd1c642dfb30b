import AudioCore
import Codecs
import Foundation
import Testing

@testable import Telephony

@Suite("Media line with packets of Opus")
struct OpusLineTests {
    static func line() throws -> MediaLine {
        let line = try #require(MediaDialects.named("browser")).makeLine()
        _ = try line.receive(Array(#"{"event":"start","call":"c","codec":"opus"}"#.utf8).span, .text)
        return line
    }

    /// A tone as a page sends it: packets of 20 ms at 48 kHz.
    static func packets(_ count: Int) throws -> [[UInt8]] {
        let format = OpusFormat(sampleRate: 48_000)
        var encoder = try OpusEncoder(format)
        let tone = ToneRatio.tone(440, rate: 48_000, count: count * format.frameSize)
        return try (0..<count).map { number in
            var packet = [UInt8](repeating: 0, count: OpusEncoder.packetLimit)
            var span = packet.mutableSpan
            let start = number * format.frameSize
            let size = try encoder.encode(tone[start..<start + format.frameSize].span, into: &span)
            return Array(packet.prefix(size))
        }
    }

    static func heard(_ messages: [[UInt8]], _ line: MediaLine) throws -> [Int16] {
        var heard: [Int16] = []
        for message in messages {
            _ = try line.receive(message.span, .binary)
            while line.nextFrame() != nil { heard += line.callerAudio.map(MuLaw.decode) }
        }
        return heard
    }

    @Test("a caller's tone survives, at 8 kHz and its level")
    func caller() throws {
        let heard = try Self.heard(try Self.packets(50), try Self.line())
        #expect(heard.count == 8000)
        let ratio = ToneRatio(heard.dropFirst(800).map { $0 }, 440, rate: 8000)
        #expect(ratio.decibels > 20, "\(ratio)")
        #expect(abs(ratio.amplitude / 8000 - 1) < 0.1, "\(ratio)")
    }

    @Test("the agent's tone survives in packets of 20 ms, whatever its pieces are")
    func agent() throws {
        let line = try Self.line()
        let telephone = ToneRatio.tone(440, rate: 8000, count: 8000).map(MuLaw.encode)
        var decoder = try OpusDecoder(OpusFormat(sampleRate: 48_000))
        var (said, packets, bytes): ([Int16], Int, Int) = ([], 0, 0)
        func take() throws {
            var messages: [[UInt8]] = []
            line.drain { message, kind in
                if kind == .binary { messages.append(message.indices.map { message[$0] }) }
            }
            for message in messages {
                var frame = [Int16](repeating: 0, count: decoder.format.largestFrameSize)
                var span = frame.mutableSpan
                let count = try decoder.decode(message.span, into: &span)
                #expect(count == 960)
                said += frame.prefix(count)
                packets += 1
                bytes += message.count
            }
        }
        for start in stride(from: 0, to: 7900, by: 130) {
            line.write(audio: telephone[start..<min(start + 130, 7900)].span)
            try take()
        }
        #expect(packets == 49)
        // A mark stands behind what was said before it.
        line.write(.mark(try #require(PlayoutMark("g1.1"))))
        try take()
        #expect(packets == 50)
        #expect(ToneRatio(said[9600..<45_000].map { $0 }, 440, rate: 48_000).decibels > 20)
        // 16 kbit/s, where samples take 256.
        #expect(bytes < 2600, "\(bytes) bytes a second")
        // What is cleared is gone, the beginning of a packet as well.
        line.write(audio: telephone[0..<100].span)
        line.write(.clear)
        line.write(.mark(try #require(PlayoutMark("g1.2"))))
        try take()
        #expect(packets == 50)
    }

    @Test("what is no packet is counted, bridged and forgotten")
    func damaged() throws {
        let line = try Self.line()
        var packets = try Self.packets(50)
        for index in [20, 21, 35] { packets[index] = [0xFF, 0xFF, 0xFF, 0xFF] }
        packets[40] = []
        let heard = try Self.heard(packets, line)
        #expect(line.damagedCount == 4 && line.concealedCount == 4)
        #expect(heard.count == 8000)
        // It is made up from what came before, so a single gap is not one.
        #expect(ToneRatio(heard[2640..<3040].map { $0 }, 440, rate: 8000).amplitude > 2000)
        #expect(ToneRatio(heard[6800..<8000].map { $0 }, 440, rate: 8000).decibels > 15)
        // As large as one of 120 ms may be.
        let longest = [UInt8](repeating: 0x78, count: 6 * OpusEncoder.packetLimit)
        _ = try line.receive(longest.span, .binary)
        let large = longest + [0x78]
        #expect(throws: MediaError.self) { try line.receive(large.span, .binary) }
    }

    @Test("packets of any length are heard whole, and noise for packets harms nobody")
    func strange() throws {
        let format = OpusFormat(sampleRate: 16_000)
        var encoder = try OpusEncoder(format)
        let tone = ToneRatio.tone(440, rate: 16_000, count: 960)
        let line = try Self.line()
        for milliseconds in [5, 10, 20, 40, 60] {
            var packet = [UInt8](repeating: 0, count: OpusEncoder.packetLimit)
            var span = packet.mutableSpan
            let frame = Array(tone.prefix(milliseconds * 16))
            let size = try encoder.encode(frame.span, into: &span)
            #expect(try Self.heard([Array(packet.prefix(size))], line).count == milliseconds * 8)
        }
        var random = SeededRandom(5)
        for _ in 0..<2000 {
            let noise = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(try Self.heard([noise], line).count <= 960)
        }
        #expect(line.damagedCount > 100)
    }
}
