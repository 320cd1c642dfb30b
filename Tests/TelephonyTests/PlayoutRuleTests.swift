import Testing

@testable import Telephony

/// Playout to carriers that are particular about the length of a message, or do not echo marks.
@Suite("Playout under a dialect's rules")
struct PlayoutRuleTests {
    private func capabilities(
        _ rule: MediaCapabilities.MessageRule, lead: Int = 0, hasMarks: Bool = true
    ) -> MediaCapabilities {
        var result = MediaCapabilities(name: "test")
        result.message = rule
        result.leastLead = lead
        result.hasMarks = hasMarks
        return result
    }

    private static let rules: [MediaCapabilities.MessageRule] = [
        .init(step: 20, least: 20, most: 20), .init(step: 20, least: 100), .init(step: 20, least: 20),
        .init(step: 20, least: 200, most: 200),
    ]

    /// Plays `speech` in chunks that arrive as a synthesizer's do; returns the messages and the report.
    private func play(
        _ queue: inout PlayoutQueue, _ speech: [UInt8], chunk: Int, echoes: Bool = true
    ) -> (messages: [[UInt8]], report: PlayoutReport?, end: Int) {
        var messages: [[UInt8]] = []
        var report: PlayoutReport?
        var audio: [UInt8] = []
        var marks: [(due: Int, mark: PlayoutMark)] = []
        var offered = 0
        var end = 0
        for now in stride(from: 0, through: 100_000, by: 160) {
            let next = min(offered + chunk, speech.count)
            offered += queue.append(speech.span.extracting(offered..<next), generation: 1)
            if offered == speech.count { queue.complete(generation: 1) }
            for (due, mark) in marks where due <= now { queue.markReturned(mark, at: now) }
            marks.removeAll { $0.due <= now }
            while let step = queue.tick(now: now, audio: &audio) {
                switch step {
                case .audio: messages.append(audio)
                case .mark(let mark): if echoes { marks.append((now + queue.ahead(at: now), mark)) }
                case .finished(let what):
                    report = what
                    end = now
                case .underrun, .tail: break
                }
            }
        }
        return (messages, report, end)
    }

    @Test(
        "every message keeps the rule, nothing is lost, and only the last one is filled up with silence",
        arguments: rules, [100, 333, 1600, 12_345])
    func rule(rule: MediaCapabilities.MessageRule, chunk: Int) {
        var configuration = PlayoutQueue.Configuration().adapted(to: capabilities(rule))
        // What follows a gap would be faded in.
        configuration.fade = 0
        var queue = PlayoutQueue(configuration)
        queue.begin(generation: 1, at: 0)
        let speech = (0..<12_345).map { UInt8(truncatingIfNeeded: $0 % 251) }
        let (messages, report, _) = play(&queue, speech, chunk: chunk)
        for message in messages {
            #expect(message.count % (rule.step * 8) == 0)
            #expect(message.count >= rule.least * 8 && message.count <= rule.most * 8)
        }
        let sent = messages.flatMap { $0 }
        #expect(Array(sent.prefix(speech.count)) == speech)
        #expect(sent.dropFirst(speech.count).allSatisfy { $0 == 0xFF })
        #expect(sent.count - speech.count < max(rule.step, rule.least) * 8)
        #expect(report == PlayoutReport(generation: 1, appended: 12_345, sent: 12_345, heard: 12_345))
    }

    @Test("without marks the clock alone says when an utterance has been played")
    func noMarks() {
        var queue = PlayoutQueue(
            PlayoutQueue.Configuration().adapted(to: capabilities(.any, hasMarks: false)))
        queue.begin(generation: 1, at: 0)
        let speech = [UInt8](repeating: 9, count: 8000)
        let (messages, report, end) = play(&queue, speech, chunk: 8000, echoes: false)
        #expect(messages.flatMap { $0 } == speech)
        #expect(report?.heard == 8000)
        #expect((8000...8160).contains(end))
    }

    @Test("what was held goes on from the very sample, although silence had been added", arguments: [1, 100, 159, 160])
    func hold(tail: Int) {
        let rule = MediaCapabilities.MessageRule(step: 20, least: 20, most: 20)
        var queue = PlayoutQueue(PlayoutQueue.Configuration().adapted(to: capabilities(rule)))
        queue.begin(generation: 1, at: 0)
        let speech = (0..<320 + tail).map { UInt8(truncatingIfNeeded: 10 + $0 / 3) }
        queue.append(speech.span, generation: 1)
        queue.complete(generation: 1)
        var audio: [UInt8] = []
        var sent = 0
        while let step = queue.tick(now: 0, audio: &audio) { if step == .audio { sent += audio.count } }
        #expect(sent == 480)
        var ending: [UInt8] = []
        queue.hold(at: 200, ending: &ending)
        #expect(queue.report(at: 200).heard == 200)
        queue.resume()
        var again: [UInt8] = []
        for now in stride(from: 1000, through: 3000, by: 160) {
            while let step = queue.tick(now: now, audio: &audio) { if step == .audio { again += audio } }
        }
        // The first 10 ms are faded in.
        #expect(Array(again.dropFirst(80).prefix(speech.count - 280)) == Array(speech.dropFirst(280)))
        #expect(queue.report(at: 9000).heard == speech.count)
    }
}
