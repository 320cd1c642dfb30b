import AudioCore
import Codecs
import Foundation
import Speech
import TestSupport
import Testing

@testable import CallSession

/// What a call makes of a caller's line when the line does what lines do: the real detector, on a recorded caller, in
/// virtual time. Positions in samples at 8 kHz.
@Suite("A caller's line, as it is heard")
struct CallerEarTests {
    /// A piece of the line: the carrier's stamp in ms, which of the sentence's samples it holds, and when it arrives.
    private typealias Piece = (stamp: Int?, range: Range<Int>, arrival: Int)

    /// A second of a quiet line, a recorded sentence, and two seconds of a quiet line.
    private let line: [UInt8]
    /// Where its voice began and ended on a line without faults.
    private let voice: ClosedRange<Int>

    init() throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../audio-fixtures/clean").standardizedFileURL
        let sentence = try AudioClip(wavFile: folder.appending(path: "065-booking.wav").path).samples
        var random = SplitMix64(state: 5)
        func hiss(_ count: Int) -> [Int16] { (0..<count).map { _ in Int16.random(in: -8...8, using: &random) } }
        line = (hiss(8000) + sentence + hiss(16_000)).map(MuLaw.encode)
        let events = Self.events(of: line, as: Self.pieces(line.count))
        var ends = (0, 0)
        if case .voiceStarted(let onset)? = events.first?.event { ends.0 = onset }
        if case .voiceStopped(let end)? = events.last?.event { ends.1 = end }
        try #require(ends.0 > 0 && ends.1 > ends.0 + 8000)
        voice = ends.0...ends.1
    }

    /// Pieces of 20 ms in time.
    private static func pieces(_ count: Int, of size: Int = 160) -> [Piece] {
        stride(from: 0, to: count - size + 1, by: size).map { ($0 / 8, $0..<$0 + size, $0 + size) }
    }

    /// What is heard, and when, over the line and three seconds beyond it.
    private static func events(of line: [UInt8], as pieces: [Piece]) -> [(at: Int, event: ConversationEvent)] {
        var ear = CallerEar(.builtIn(VoiceActivityDetector(.forTurns)))
        var heard: [(Int, ConversationEvent)] = []
        var waiting = pieces[...]
        for now in stride(from: 160, through: line.count + 24_000, by: 160) {
            while let piece = waiting.first, piece.arrival <= now {
                waiting.removeFirst()
                _ = ear.place(timestamp: piece.stamp, count: piece.range.count, now: piece.arrival)
                var index = 0
                let codes = line[piece.range]
                while ear.fill(from: codes.span, &index) { if let event = ear.listen() { heard.append((now, event)) } }
            }
            while ear.fillMissing(now: now) { if let event = ear.listen() { heard.append((now, event)) } }
            if let event = ear.poll(now: now) { heard.append((now, event)) }
        }
        return heard
    }

    private func heard(_ pieces: [Piece]) -> [(at: Int, event: ConversationEvent)] {
        Self.events(of: line, as: pieces)
    }

    /// Whether the voice begins and ends as on a line without faults, give or take 60 ms, with nothing that is left open.
    private func isSame(_ events: [(at: Int, event: ConversationEvent)]) -> Bool {
        guard case .voiceStarted(let onset)? = events.first?.event, case .voiceStopped(let end)? = events.last?.event
        else { return false }
        return abs(onset - voice.lowerBound) <= 480 && abs(end - voice.upperBound) <= 480
    }

    @Test("whatever a network does to its frames, the caller begins and ends at the same moments of the call")
    func network() {
        let whole = Self.pieces(line.count)
        let late = whole.map { (stamp: $0.stamp, range: $0.range, arrival: $0.arrival + ($0.arrival / 160 % 5) * 100) }
        let early = whole.map { (stamp: $0.stamp, range: $0.range, arrival: max($0.arrival - 120, 0)) }
        let missing = whole.enumerated().filter { $0.offset % 10 != 7 }.map(\.element)
        let unstamped = whole.map { (stamp: Int?.none, range: $0.range, arrival: $0.arrival) }
        for (name, pieces) in [
            ("late", late.sorted { $0.arrival < $1.arrival }), ("early", early), ("every tenth missing", missing),
            ("without stamps", unstamped), ("10 ms", Self.pieces(line.count, of: 80)),
            ("60 ms", Self.pieces(line.count, of: 480)), ("odd", Self.pieces(line.count, of: 128)),
        ] {
            #expect(isSame(heard(pieces)), "\(name)")
        }
    }

    @Test("a line that stands still in the middle of a sentence, and then gives all of it at once, loses no turn's end")
    func stall() {
        let stop = voice.lowerBound + 4000
        let pieces = Self.pieces(line.count).map { piece in
            let isHeld = (stop..<stop + 6400).contains(piece.arrival)
            return (stamp: piece.stamp, range: piece.range, arrival: isHeld ? stop + 6400 : piece.arrival)
        }
        let events = heard(pieces)
        #expect(isSame(events))
        // In 800 ms without a frame nobody is taken to have fallen silent in the middle of a word.
        #expect(!events.contains { (stop..<stop + 6400).contains($0.at) && $0.event != events.first?.event })
    }

    @Test("a network that finds a longer way in mid-sentence cuts nobody short", arguments: [1200, 2400, 4000])
    func detour(longer: Int) {
        let turn = voice.lowerBound + 3000
        let events = heard(
            Self.pieces(line.count).map { piece in
                (stamp: piece.stamp, range: piece.range, arrival: piece.arrival + (piece.arrival > turn ? longer : 0))
            })
        // As on a line without faults, but for what is moved to the later clock.
        guard case .voiceStopped(let end)? = events.last?.event else {
            Issue.record("the voice never ended")
            return
        }
        #expect(events.count == Self.events(of: line, as: Self.pieces(line.count)).count)
        #expect((voice.upperBound - 480...voice.upperBound + longer + 480).contains(end))
    }

    @Test("a line that ends in the middle of a word has fallen silent a second later, and ends where its sound did")
    func cutOff() throws {
        let stop = voice.lowerBound + 4000
        let events = heard(Self.pieces(line.count).filter { $0.arrival <= stop })
        let last = try #require(events.last)
        guard case .voiceStopped(let end) = last.event else {
            Issue.record("the voice never ended")
            return
        }
        #expect(abs(end - stop) <= 800)
        #expect((stop + 8000...stop + 10_400).contains(last.at))
    }

    @Test("a line that sends nothing while nobody speaks is a quiet one: its caller ends when they have ended")
    func suppression() throws {
        let end = voice.upperBound
        let events = heard(
            Self.pieces(line.count).filter { (voice.lowerBound - 800..<end + 1280).contains($0.arrival) })
        #expect(isSame(events))
        // No frame tells of the silence; it is assumed after 200 ms.
        #expect(try #require(events.last).at <= end + 1280 + 1600 + 1600)
    }
}

/// Clocks that do not agree with ours.
@Suite("A carrier's clock")
struct CallerClockTests {
    /// An hour of frames from a carrier whose clock is so many millionths slow, that come up to 30 ms late; its caller speaks
    /// in turns of eight seconds with two between them.
    ///
    /// - Returns: how far from their arrival frames are put at worst, early and late, and the largest step in speech.
    private func hour(_ millionths: Int, isStamped: Bool) -> (early: Int, late: Int, step: Int) {
        var clock = CallerClock()
        var random = SplitMix64(state: 3)
        var (early, late, step) = (0, 0, 0)
        var next: Int?
        for frame in 0..<180_000 {
            let sent = (frame + 1) * 160 + (frame + 1) * 160 * millionths / 1_000_000
            let arrival = sent + Int.random(in: 0...240, using: &random)
            let isSpeaking = frame % 500 < 400
            let start = clock.place(
                timestamp: isStamped ? frame * 20 : nil, count: 160, now: arrival, isSpeaking: isSpeaking)
            if let next, isSpeaking { step = max(step, abs(start - next)) }
            next = start + 160
            // After the first look, which undoes what the first frame was late.
            if frame > 400 {
                late = max(late, sent - 160 - start)
                early = max(early, start + 160 - arrival)
            }
        }
        return (early, late, step)
    }

    @Test(
        "whoever speaks for an hour over a clock 500 millionths off is never put more than 40 ms from where they are, and no turn is torn",
        arguments: [-500, -100, 0, 100, 500], [true, false])
    func drift(millionths: Int, isStamped: Bool) {
        let result = hour(millionths, isStamped: isStamped)
        #expect(result.late <= 320)
        #expect(result.early <= 320)
        #expect(result.step == 0)
    }

    @Test("a longer way through the network is noticed within two seconds, and a stall is none")
    func detour() {
        var clock = CallerClock()
        var late: [Int] = []
        for frame in 0..<500 {
            // From the 100th frame on 200 ms later; before, half a second in which nothing comes.
            let stalled = (50..<75).contains(frame) ? 75 * 160 : 0
            let arrival = max((frame + 1) * 160 + (frame >= 100 ? 1600 : 0), stalled)
            let start = clock.place(timestamp: frame * 20, count: 160, now: arrival, isSpeaking: true)
            late.append(arrival - 160 - start)
        }
        #expect(late[75..<100].allSatisfy { $0 == 0 })
        #expect(late[100] == 1600)
        #expect(late[200...].allSatisfy { abs($0) < 40 })
    }

    @Test("who never pauses is moved all the same, by 40 ms at a time")
    func forced() {
        var clock = CallerClock()
        var steps: [Int] = []
        var latest = 0
        var next: Int?
        for frame in 0..<90_000 {
            let arrival = (frame + 1) * 160 + (frame + 1) * 160 * 500 / 1_000_000
            let start = clock.place(timestamp: frame * 20, count: 160, now: arrival, isSpeaking: true)
            if let next, start != next { steps.append(start - next) }
            next = start + 160
            latest = max(latest, arrival - 160 - start)
        }
        #expect(latest <= 360)
        #expect(steps.count >= 20 && steps.allSatisfy { (320...330).contains($0) })
    }
}
