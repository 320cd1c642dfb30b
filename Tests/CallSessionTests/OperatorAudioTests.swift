import AudioCore
import Speech
import Testing

@testable import CallSession

@Suite("An operator's audio")
struct OperatorAudioTests {
    private static let piece = [UInt8](repeating: 0x20, count: 160)

    @Test("waits for 100 ms before it begins, then flows, and waits anew when it ran dry")
    func headStart() {
        var buffer = OperatorBuffer()
        for _ in 0..<4 {
            buffer.add(Self.piece)
            #expect(buffer.release(queued: 0, isDry: true).isEmpty)
        }
        buffer.add(Self.piece)
        #expect(buffer.release(queued: 0, isDry: true).count == 800)
        buffer.add(Self.piece)
        #expect(buffer.release(queued: 320, isDry: false).count == 160)
        // A carrier that still plays is not dry.
        buffer.add(Self.piece)
        #expect(buffer.release(queued: 0, isDry: false).count == 160)
        buffer.add(Self.piece)
        #expect(buffer.release(queued: 0, isDry: true).isEmpty)
        #expect(buffer.droppedCount == 0)
    }

    @Test("never lags by more than half a second: the oldest is dropped, and counted")
    func bound() {
        var buffer = OperatorBuffer()
        buffer.add((0..<6000).map { UInt8($0 / 100) })
        let first = buffer.release(queued: 0, isDry: true)
        #expect(first.count == 4000)
        #expect(first.first == 20, "what is left is the newest")
        #expect(buffer.droppedCount == 2000)
        buffer.add(Self.piece)
        #expect(buffer.release(queued: 4000, isDry: false).isEmpty)
        #expect(buffer.droppedCount == 2160)
    }

    @Test("a pause within a sentence is none, a longer one ends the utterance, and its place is known once")
    func utterances() {
        var turns = OperatorTurns()
        let first = UtteranceID(1)
        #expect(turns.take(.stopped(at: 100)) == nil)
        #expect(turns.take(.started(at: 1000)) == .begin(first))
        #expect(turns.take(.started(at: 1100)) == nil)
        #expect(turns.take(.stopped(at: 5000)) == .pause(first))
        #expect(turns.tick(at: 8000) == nil)
        #expect(turns.take(.started(at: 9000)) == .resume(first))
        #expect(turns.take(.stopped(at: 12_000)) == .pause(first))
        #expect(turns.tick(at: 12_000 + OperatorTurns.pause) == .finish(first))
        #expect(turns.tick(at: 40_000) == nil)
        let place = turns.takePlace(of: first)
        #expect(place?.started == 1000 && place?.ended == 12_000)
        #expect(turns.takePlace(of: first) == nil)
        #expect(turns.take(.started(at: 50_000)) == .begin(UtteranceID(2)))
    }

    @Test("who talks without a pause is cut, and who lets go in the middle of a word is finished")
    func cuts() {
        var turns = OperatorTurns()
        _ = turns.take(.started(at: 0))
        #expect(turns.tick(at: OperatorTurns.longest - 1) == nil)
        #expect(turns.tick(at: OperatorTurns.longest) == .finish(UtteranceID(1)))
        _ = turns.take(.started(at: 300_000))
        #expect(turns.finish(at: 301_000) == .finish(UtteranceID(2)))
        #expect(turns.finish(at: 302_000) == nil)
        #expect(turns.takePlace(of: UtteranceID(2))?.ended == 301_000)
    }
}

extension OperatorBuffer {
    fileprivate mutating func add(_ audio: [UInt8]) {
        let inlet = OperatorLeg.makeInlet()
        _ = inlet.write(audio.span)
        _ = take(from: inlet)
    }

    fileprivate mutating func release(queued: Int, isDry: Bool) -> [UInt8] {
        // What was left there is none of it.
        var due: [UInt8] = [1, 2, 3]
        release(queued: queued, isDry: isDry, into: &due)
        return due
    }
}
