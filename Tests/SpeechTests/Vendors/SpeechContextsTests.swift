import Speech
import Testing

@Suite("Texts spoken at a time on one socket")
struct SpeechContextsTests {
    private let broken = SpeechError(.unavailable, operation: "speak", provider: "elevenlabs", detail: "gone")
    private let refused = SpeechError(.refused, operation: "speak", provider: "elevenlabs", detail: "no")

    private func open() -> SpeechContexts {
        var contexts = SpeechContexts()
        #expect(contexts.opened(now: .zero).isEmpty)
        return contexts
    }

    @Test("texts wait for the socket, then are spoken in order")
    func waits() {
        var contexts = SpeechContexts()
        #expect(contexts.request(1, text: "one", now: .zero).isEmpty)
        #expect(contexts.request(2, text: "two", now: .zero).isEmpty)
        #expect(contexts.isWaiting)
        #expect(contexts.opened(now: .seconds(1)) == [.speak(1, "one"), .speak(2, "two")])
        #expect(!contexts.isWaiting)
    }

    @Test("where a cancelled text is gone at once, the next has its place at once")
    func freed() {
        var settings = SpeechContexts.Settings()
        (settings.maximumLive, settings.outlivesCancel) = (1, false)
        var contexts = SpeechContexts(settings)
        _ = contexts.opened(now: .zero)
        #expect(contexts.request(1, text: "one", now: .zero) == [.speak(1, "one")])
        #expect(contexts.request(2, text: "two", now: .zero).isEmpty)
        let isKnown = contexts.cancel(1)
        #expect(isKnown)
        #expect(contexts.resume(now: .zero) == [.speak(2, "two")])
        #expect(contexts.resume(now: .zero).isEmpty)
    }

    @Test("no more than four live at once, cancelled ones included, until the vendor's last word")
    func limit() {
        var contexts = open()
        for id in 1...4 { #expect(contexts.request(id, text: "t", now: .zero) == [.speak(id, "t")]) }
        #expect(contexts.request(5, text: "five", now: .zero).isEmpty)
        contexts.cancel(1)
        #expect(contexts.request(6, text: "six", now: .zero).isEmpty)
        #expect(contexts.received(1, audio: [1], isLast: false, now: .zero).isEmpty)
        #expect(contexts.lateChunks == 1)
        #expect(contexts.received(1, audio: [], isLast: true, now: .zero) == [.speak(5, "five")])
        #expect(
            contexts.received(2, audio: [7], isLast: true, now: .zero) == [
                .deliver(2, [7]), .finish(2), .speak(6, "six"),
            ])
    }

    @Test("audio after the end, of strangers, and of what was never opened is dropped", arguments: [1, 9, nil])
    func late(id: Int?) {
        var contexts = open()
        _ = contexts.request(1, text: "t", now: .zero)
        #expect(contexts.received(1, audio: [], isLast: true, now: .zero) == [.finish(1)])
        #expect(contexts.received(id, audio: [1, 2], isLast: false, now: .zero).isEmpty)
        #expect(contexts.lateChunks == 1)
    }

    @Test("a queue that is full refuses")
    func overload() throws {
        var contexts = SpeechContexts()
        for id in 1...16 { #expect(contexts.request(id, text: "t", now: .zero).isEmpty) }
        guard case .fail(17, let error) = contexts.request(17, text: "t", now: .zero).first else {
            Issue.record("taken")
            return
        }
        #expect(error.code == .overloaded)
    }

    @Test("what is cancelled before it was opened never costs a context")
    func cancelWaiting() {
        var contexts = SpeechContexts()
        _ = contexts.request(1, text: "one", now: .zero)
        contexts.cancel(1)
        #expect(contexts.opened(now: .zero).isEmpty)
        #expect(contexts.nextDeadline == nil)
    }

    @Test("a broken socket: silent texts are spoken again once, begun ones fail, cancelled ones are forgotten")
    func breaks() {
        var contexts = open()
        for id in 1...4 { _ = contexts.request(id, text: "t\(id)", now: .zero) }
        _ = contexts.request(5, text: "t5", now: .zero)
        _ = contexts.received(2, audio: [1], isLast: false, now: .zero)
        contexts.cancel(3)
        #expect(contexts.closed(broken) == [.fail(2, broken)])
        #expect(contexts.opened(now: .seconds(1)) == [.speak(1, "t1"), .speak(4, "t4"), .speak(5, "t5")])
        // The second time only what never had its chance is kept.
        #expect(contexts.closed(broken) == [.fail(1, broken), .fail(4, broken)])
        #expect(contexts.opened(now: .seconds(2)) == [.speak(5, "t5")])
    }

    @Test("a refusal fails everything")
    func refusal() {
        var contexts = SpeechContexts()
        _ = contexts.request(1, text: "one", now: .zero)
        #expect(contexts.closed(refused) == [.fail(1, refused)])
    }

    @Test("each phase has its deadline")
    func deadlines() {
        var contexts = SpeechContexts()
        _ = contexts.request(1, text: "one", now: .zero)
        #expect(contexts.nextDeadline == .seconds(6), "connecting and the first audio")
        _ = contexts.opened(now: .seconds(1))
        #expect(contexts.nextDeadline == .seconds(4), "the first audio")
        _ = contexts.received(1, audio: [1], isLast: false, now: .seconds(2))
        #expect(contexts.nextDeadline == .seconds(4), "the next audio")
        #expect(contexts.expire(now: .milliseconds(3999)).isEmpty)
        let actions = contexts.expire(now: .seconds(4))
        guard case .fail(1, let error) = actions.first else {
            Issue.record("no failure")
            return
        }
        #expect(error.code == .deadlineExceeded)
        #expect(actions.last == .abandonSocket)
        #expect(contexts.nextDeadline == nil)
    }

    @Test("waiting too long for a connection does not blame the socket")
    func expiresWaiting() {
        var contexts = SpeechContexts()
        _ = contexts.request(1, text: "one", now: .zero)
        let actions = contexts.expire(now: .seconds(6))
        #expect(actions.count == 1)
        #expect(!actions.contains(.abandonSocket))
    }
}
