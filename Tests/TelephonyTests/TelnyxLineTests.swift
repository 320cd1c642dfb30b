import AudioCore
import Codecs
import Foundation
import Testing

@testable import Telephony

@Suite("Media line of Telnyx in its codecs")
struct TelnyxLineTests {
    private static func line(_ encoding: String, speaks codec: TelnyxCodec) throws -> MediaLine {
        let line = try #require(MediaDialects.named("telnyx")).makeLine(parameters: ["codec": codec.rawValue])
        let start =
            #"{"event":"start","stream_id":"s","start":{"call_control_id":"c","media_format":{"encoding":"\#(encoding)","sample_rate":8000}}}"#
        _ = try line.receive(Array(start.utf8).span, .text)
        return line
    }

    private static func hear(_ payload: [UInt8], _ number: Int, _ line: MediaLine) throws -> [(Int?, [Int16])] {
        let text =
            #"{"event":"media","media":{"track":"inbound","chunk":"\#(number)","timestamp":"\#(number * 20)","payload":"\#(Data(payload).base64EncodedString())"}}"#
        _ = try line.receive(Array(text.utf8).span, .text)
        var frames: [(Int?, [Int16])] = []
        while let frame = line.nextFrame() { frames.append((frame.timestamp, line.callerAudio.map(MuLaw.decode))) }
        return frames
    }

    private static func said(_ line: MediaLine) throws -> [[UInt8]] {
        var messages: [[UInt8]] = []
        line.drain { message, _ in messages.append(message.indices.map { message[$0] }) }
        return try messages.compactMap { message in
            let object = try JSONSerialization.jsonObject(with: Data(message)) as? [String: Any]
            let payload = (object?["media"] as? [String: Any])?["payload"] as? String
            return payload.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }
        }
    }

    @Test("a tone in G.722 is heard at 8 kHz, and one of the agent's leaves at 16")
    func wide() throws {
        let line = try Self.line("G722", speaks: .g722)
        var encoder = try G722Encoder()
        let tone = ToneRatio.tone(440, rate: 16_000, count: 16_000)
        var heard: [Int16] = []
        for number in 0..<50 {
            var payload: [UInt8] = []
            encoder.encode(Array(tone[number * 320..<number * 320 + 320]).span, appendingTo: &payload)
            heard += try Self.hear(payload, number, line).flatMap(\.1)
        }
        #expect(abs(heard.count - 8000) <= 40)
        let ratio = ToneRatio(heard.dropFirst(800).map { $0 }, 440, rate: 8000)
        #expect(ratio.decibels > 25 && abs(ratio.amplitude / 8000 - 1) < 0.05, "\(ratio)")

        let telephone = ToneRatio.tone(440, rate: 8000, count: 8000).map(MuLaw.encode)
        var decoder = try G722Decoder()
        var said: [Int16] = []
        for start in stride(from: 0, to: 8000, by: 160) {
            line.write(audio: telephone[start..<start + 160].span)
            for payload in try Self.said(line) {
                // Never less than 20 ms.
                #expect(payload.count % 160 == 0)
                decoder.decode(payload.span, appendingTo: &said)
            }
        }
        line.write(.mark(PlayoutMark(generation: 1, sequence: 1)))
        for payload in try Self.said(line) { decoder.decode(payload.span, appendingTo: &said) }
        #expect(said.count >= 16_000 - 40 && said.count <= 16_320)
        let back = ToneRatio(said[1600..<15_000].map { $0 }, 440, rate: 16_000)
        #expect(back.decibels > 25 && abs(back.amplitude / 8000 - 1) < 0.05, "\(back)")
    }

    @Test("a mark within a word leaves no hole in G.722, and no silence is sent for one that nothing stands before")
    func marked() throws {
        let line = try Self.line("G722", speaks: .g722)
        let mark = MediaCommand.mark(PlayoutMark(generation: 1, sequence: 1))
        let telephone = ToneRatio.tone(440, rate: 8000, count: 4800).map(MuLaw.encode)
        // Also of what is said anew, after a clear.
        for _ in 0..<2 {
            line.write(mark)
            #expect(try Self.said(line).isEmpty)
            var decoder = try G722Decoder()
            var said: [Int16] = []
            for frame in 0..<30 {
                line.write(audio: telephone[frame * 160..<frame * 160 + 160].span)
                if frame == 24 { line.write(mark) }
                let payloads = try Self.said(line)
                #expect(payloads.map(\.count) == [160], "frame \(frame)")
                for payload in payloads { decoder.decode(payload.span, appendingTo: &said) }
            }
            let ratio = ToneRatio(said[1600...].map { $0 }, 440, rate: 16_000)
            #expect(ratio.decibels > 25 && abs(ratio.amplitude / 8000 - 1) < 0.05, "\(ratio)")
            line.write(.clear)
            _ = try Self.said(line)
        }
    }

    @Test("lost packets of Opus are made up where they belong, and those that overtake are put in order")
    func lost() throws {
        let line = try Self.line("OPUS", speaks: .pcmu)
        let packets = try OpusLineTests.packets(40)
        var frames: [(Int?, [Int16])] = []
        let order = [0, 1, 2, 3, 5, 4] + Array(6..<20) + Array(22..<40)
        for number in order { frames += try Self.hear(packets[number], number, line) }
        // Waiting for what does not come, it lags by the depth of its window at most.
        #expect(line.overtakenCount == 0 && line.damagedCount == 0 && line.concealedCount == 2)
        var place = 0
        for (timestamp, audio) in frames {
            #expect(timestamp == place / 8)
            place += audio.count
        }
        #expect(place == 6400)
        let heard = frames.flatMap(\.1)
        // Two packets of a steady tone are no gap.
        #expect(ToneRatio(heard[3240..<3480].map { $0 }, 440, rate: 8000).amplitude > 1500)
    }

    @Test("a long loss is not made up as a whole")
    func longLoss() throws {
        let line = try Self.line("OPUS", speaks: .opus)
        let packets = try OpusLineTests.packets(40)
        for number in Array(0..<10) + Array(30..<40) { _ = try Self.hear(packets[number], number, line) }
        #expect(line.concealedCount == 5)
    }
}
