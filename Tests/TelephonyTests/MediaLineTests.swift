import AudioCore
import Codecs
import Foundation
import Testing

@testable import Telephony

@Suite("Media line")
struct MediaLineTests {
    private static func browser(rate: Int) throws -> MediaLine {
        let line = try #require(MediaDialects.named("browser")).makeLine()
        let start = Array(#"{"event":"start","call":"c","rate":\#(rate)}"#.utf8)
        _ = try line.receive(start.span, .text)
        return line
    }

    private static func tone(_ frequency: Double, rate: Int, count: Int) -> [Int16] {
        (0..<count).map { Int16(8000 * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
    }

    private static func energy(_ samples: [Int16]) -> Double {
        samples.map { Double($0) * Double($0) }.reduce(0, +) / Double(max(samples.count, 1))
    }

    private static func twilio() throws -> MediaLine {
        let line = try #require(MediaDialects.named("twilio")).makeLine()
        var encoder = TwilioCarrierEncoder(
            MediaStart(streamID: "MZ1", callID: "CA1", accountID: "AC1", parameters: [:]))
        var (connected, start): ([UInt8], [UInt8]) = ([], [])
        encoder.connected(into: &connected)
        encoder.start(into: &start)
        for message in [connected, start] { _ = try line.receive(message.span, .text) }
        return line
    }

    /// Sends a frame of caller audio, and returns how often it is heard.
    private static func send(_ number: Int, at timestamp: Int, to line: MediaLine) throws -> Int {
        let text =
            #"{"event":"media","sequenceNumber":"\#(number)","streamSid":"MZ1","media":{"track":"inbound","chunk":"\#(number)","timestamp":"\#(timestamp)","payload":"////"}}"#
        _ = try line.receive(Array(text.utf8).span, .text)
        var frames = 0
        while line.nextFrame() != nil { frames += 1 }
        return frames
    }

    @Test("counts what the carrier numbered and never sent")
    func missed() throws {
        let line = try Self.twilio()
        for number in [2, 3, 7, 8] { _ = try Self.send(number, at: number * 20, to: line) }
        #expect(line.missedCount == 3)
        #expect(line.overtakenCount == 0)
    }

    @Test("what the carrier sends twice is heard once; other audio with the same number or the same stamp is heard")
    func doubled() throws {
        let line = try Self.twilio()
        let frames = [(2, 0), (3, 20), (3, 20), (4, 40), (4, 60), (5, 60), (5, 60), (5, 60), (6, 80)]
        let heard = try frames.map { try Self.send($0, at: $1, to: line) }
        #expect(heard == [1, 1, 0, 1, 1, 1, 0, 0, 1])
        #expect(line.doubledCount == 3)
    }

    @Test("brings a caller's tone to the inside and an agent's to the outside at its level", arguments: [8000, 16_000])
    func conversion(rate: Int) throws {
        let line = try Self.browser(rate: rate)
        let tone = Self.tone(440, rate: rate, count: rate)
        var heard: [Int16] = []
        for start in stride(from: 0, to: tone.count, by: rate / 50) {
            var message: [UInt8] = []
            PCM.append(tone[start..<start + rate / 50].span, .linear16, to: &message)
            guard case .media = try line.receive(message.span, .binary) else {
                Issue.record("no media")
                return
            }
            while line.nextFrame() != nil { heard += line.callerAudio.map(MuLaw.decode) }
        }
        #expect(abs(heard.count - 8000) <= 40)
        let original = Self.energy(tone)
        #expect(abs(Self.energy(heard.dropFirst(400).dropLast(400).map { $0 }) / original - 1) < 0.03)

        let telephone = Self.tone(440, rate: 8000, count: 8000).map(MuLaw.encode)
        var said: [Int16] = []
        for start in stride(from: 0, to: 8000, by: 480) {
            line.write(audio: telephone[start..<min(start + 480, 8000)].span)
            line.drain { message, kind in
                #expect(kind == .binary)
                PCM.append(message, .linear16, to: &said)
            }
        }
        #expect(abs(said.count - rate) <= 80)
        #expect(abs(Self.energy(said.dropFirst(400).dropLast(400).map { $0 }) / original - 1) < 0.03)
    }

    @Test("keeps the samples of a stream that needs no conversion")
    func plain() throws {
        let line = try #require(MediaDialects.named("twilio")).makeLine()
        for text in [
            #"{"event":"connected","version":"1"}"#,
            #"{"event":"start","streamSid":"MZ1","start":{"callSid":"CA1"}}"#,
        ] { _ = try line.receive(Array(text.utf8).span, .text) }
        for payload in ["AAECAw==", "//79/A=="] {
            let text = #"{"event":"media","streamSid":"MZ1","media":{"timestamp":"40","payload":"\#(payload)"}}"#
            _ = try line.receive(Array(text.utf8).span, .text)
            #expect(line.nextFrame() == CallerFrame(timestamp: 40))
            #expect(line.callerAudio == (payload == "AAECAw==" ? [0, 1, 2, 3] : [255, 254, 253, 252]))
            #expect(line.nextFrame() == nil)
        }
    }
}

/// Messages that overtake one another.
@Suite("Reordering of caller audio")
struct ReorderWindowTests {
    private func delivered(_ numbers: [Int], depth: Int = 3) -> (order: [Int], late: Int) {
        var window = ReorderWindow(depth: depth)
        var order: [Int] = []
        var bytes: [UInt8] = []
        for number in numbers {
            window.put([UInt8(truncatingIfNeeded: number)], timestamp: number * 20, sequence: number)
            while let frame = window.take(into: &bytes) {
                #expect(bytes == [UInt8(truncatingIfNeeded: (frame.timestamp ?? 0) / 20)])
                order.append((frame.timestamp ?? 0) / 20)
            }
        }
        return (order, window.lateCount)
    }

    @Test(
        "puts them in order, gives up a missing one after three later ones, and drops what comes after that",
        arguments: [
            ([1, 2, 3, 4], [1, 2, 3, 4], 0),
            ([1, 3, 2, 4], [1, 2, 3, 4], 0),
            ([1, 4, 3, 2, 5], [1, 2, 3, 4, 5], 0),
            ([1, 3, 4, 5, 6, 7], [1, 3, 4, 5, 6, 7], 0),
            ([1, 3, 4, 5, 6, 2, 7], [1, 3, 4, 5, 6, 7], 1),
            ([5, 6, 6, 7], [5, 6, 7], 1),
            ([5, 4, 6], [5, 6], 1),
            // Counted anew.
            ([5000, 5001, 1, 2, 3], [5000, 5001, 1, 2, 3], 0),
        ] as [([Int], [Int], Int)])
    func order(numbers: [Int], expected: [Int], late: Int) {
        let result = delivered(numbers)
        #expect(result.order == expected)
        #expect(result.late == late)
    }

    @Test("loses at most what overtook by more than the window, whatever the order")
    func random() {
        var random = SeededRandom(3)
        for _ in 0..<200 {
            var numbers = Array(1...60)
            for index in 0..<57 where UInt8.random(in: 0..<4, using: &random) == 0 {
                numbers.swapAt(index, index + Int.random(in: 0...2, using: &random))
            }
            let result = delivered(numbers)
            #expect(result.order == result.order.sorted())
            #expect(Set(result.order).count == result.order.count)
            #expect(result.order.count + result.late >= 57)
        }
    }
}
