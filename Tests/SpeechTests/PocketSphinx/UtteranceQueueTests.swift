import Testing

@testable import Speech

@Suite("Utterance queue")
struct UtteranceQueueTests {
    private let first = UtteranceID(1)
    private let second = UtteranceID(2)

    private func queue(_ changes: (inout UtteranceQueue) -> Void) -> UtteranceQueue {
        var queue = UtteranceQueue()
        queue.begin(first, context: "open", position: 10000, preRoll: 2400)
        changes(&queue)
        return queue
    }

    @Test(
        "an utterance starts a pre-roll before its beginning, at most with the line",
        arguments: [(10000, 7600), (2400, 0), (1000, 0)])
    func preRoll(position: Int, start: Int) {
        var queue = UtteranceQueue()
        queue.begin(first, context: "date", position: position, preRoll: 2400)
        #expect(queue.nextStep(for: nil) == .begin(.init(id: first, context: "date", start: start, end: nil)))
    }

    @Test("the pre-roll takes nothing from the utterance before", arguments: [10500, 14000])
    func neighbours(position: Int) {
        let queue = queue {
            $0.finish(first, position: 10400)
            $0.begin(second, context: "open", position: position, preRoll: 2400)
        }
        #expect(queue.open.map(\.start) == [7600, max(10400, position - 2400)])
    }

    @Test("an utterance that begins ends the one before, which is still decoded first")
    func overtaken() {
        var queue = queue { $0.begin(second, context: "date", position: 12000, preRoll: 2400) }
        #expect(queue.nextStep(for: first) == .decode(pause: 12000, isFinal: true))
        #expect(queue.open.last?.start == 12000)
        let wasOpen = queue.cancel(first, position: 12000)
        #expect(wasOpen)
        #expect(queue.nextStep(for: nil) == .begin(queue.open[0]))
        #expect(queue.open.map(\.id) == [second])
    }

    @Test("what may be decoded, and whether more can follow, as the caller stops and goes on")
    func steps() {
        var queue = queue { _ in }
        #expect(queue.nextStep(for: first) == .decode(pause: nil, isFinal: false))
        queue.pause(first, position: 15000)
        #expect(queue.nextStep(for: first) == .decode(pause: 15000, isFinal: false))
        queue.resume(first)
        #expect(queue.nextStep(for: first) == .decode(pause: nil, isFinal: false))
        queue.pause(first, position: 18000)
        queue.finish(first, position: 21000)
        // What was said ends at the pause; the silence after it need not be decoded.
        #expect(queue.nextStep(for: first) == .decode(pause: 18000, isFinal: true))
    }

    @Test("without a pause all is decoded up to the end")
    func endsInSpeech() {
        let queue = queue { $0.finish(first, position: 20000) }
        #expect(queue.nextStep(for: first) == .decode(pause: 20000, isFinal: true))
    }

    @Test(
        "what comes too late, or names another utterance, changes nothing",
        arguments: [
            { @Sendable (queue: inout UtteranceQueue) in queue.pause(UtteranceID(1), position: 30000) },
            { @Sendable (queue: inout UtteranceQueue) in queue.resume(UtteranceID(1)) },
            { @Sendable (queue: inout UtteranceQueue) in queue.finish(UtteranceID(1), position: 30000) },
            { @Sendable (queue: inout UtteranceQueue) in queue.pause(UtteranceID(3), position: 30000) },
            { @Sendable (queue: inout UtteranceQueue) in queue.resume(UtteranceID(3)) },
            { @Sendable (queue: inout UtteranceQueue) in queue.finish(UtteranceID(3), position: 30000) },
            { @Sendable (queue: inout UtteranceQueue) in _ = queue.cancel(UtteranceID(3), position: 30000) },
        ])
    func late(change: @Sendable (inout UtteranceQueue) -> Void) {
        let before = queue {
            $0.pause(first, position: 12000)
            $0.finish(first, position: 14000)
        }
        var after = before
        change(&after)
        #expect(after == before)
    }

    @Test("a cancelled utterance is abandoned, and keeps what it heard")
    func cancelled() {
        var queue = queue { _ in }
        let wasOpen = queue.cancel(first, position: 13000)
        let isOpenStill = queue.cancel(first, position: 13500)
        #expect(wasOpen && !isOpenStill)
        #expect(queue.nextStep(for: first) == .abandon)
        #expect(queue.nextStep(for: nil) == .release)
        #expect(queue.isEmpty)
        queue.begin(second, context: "open", position: 14000, preRoll: 2400)
        #expect(queue.open.map(\.start) == [13000])
    }

    @Test("when all are cancelled the worker is free")
    func allCancelled() {
        let queue = queue {
            $0.begin(second, context: "open", position: 12000, preRoll: 0)
            $0.cancelAll()
        }
        #expect(queue.nextStep(for: first) == .abandon)
        #expect(queue.nextStep(for: nil) == .release)
        #expect(!queue.contains(second))
    }
}
