import AudioCore
import Logging
import Networking
import Testing

@testable import Speech

@Suite("What an account bears at a time")
struct AccountLimitTests {
    @Test("so many are admitted; the next ones wait in the order of coming, and none longer than it may")
    func streams() {
        var limit = AccountLimit(.init(streams: 2))
        #expect(limit.enter(1, now: .zero) == [.admitted(1)])
        #expect(limit.tryEnter(now: .zero) == true)
        #expect(limit.tryEnter(now: .zero) == false)
        #expect(limit.enter(2, now: .milliseconds(10)).isEmpty)
        #expect(limit.enter(3, now: .milliseconds(20)).isEmpty)
        #expect(limit.enter(4, now: .milliseconds(30)).isEmpty)
        #expect(limit.nextMoment(now: .milliseconds(30)) == .milliseconds(710))
        #expect(limit.leave(now: .milliseconds(100)) == [.admitted(2)])
        limit.giveUp(3)
        #expect(limit.advance(now: .milliseconds(729)).isEmpty)
        #expect(limit.advance(now: .milliseconds(730)) == [.refused(4)])
        #expect(limit.inUse == 2 && limit.waitingCount == 0 && limit.nextMoment(now: .seconds(1)) == nil)
    }

    @Test("nobody who does not wait overtakes one who does")
    func order() {
        var limit = AccountLimit(.init(requestsPerSecond: 1))
        #expect(limit.tryEnter(now: .zero) == true)
        #expect(limit.enter(1, now: .milliseconds(500)).isEmpty)
        #expect(limit.tryEnter(now: .milliseconds(1000)) == false)
        #expect(limit.advance(now: .milliseconds(1000)) == [.admitted(1)])
    }

    @Test("so many begin in a second, at any pace, however long nothing began before")
    func rate() {
        var limit = AccountLimit(.init(requestsPerSecond: 4))
        var began: [Int] = []
        for millisecond in stride(from: 10_000, to: 13_000, by: 5) where limit.tryEnter(now: .milliseconds(millisecond))
        {
            began.append(millisecond)
        }
        #expect(began.count == 4 + 11)
        for (index, moment) in began.enumerated() where index >= 8 {
            #expect(moment - began[index - 4] >= 995)
        }
        #expect(limit.tryEnter(now: .milliseconds(13_000)) == true)
        #expect(limit.enter(1, now: .milliseconds(13_000)).isEmpty)
        #expect(limit.nextMoment(now: .milliseconds(13_000)) == .milliseconds(13_250))
        #expect(limit.advance(now: .milliseconds(13_250)) == [.admitted(1)])
    }

    @Test("what may be late leaves a quarter to those who may not, and comes after all who wait")
    func aside() {
        var limit = AccountLimit(.init(streams: 4))
        let admitted = (0..<4).map { _ in limit.tryEnterAside(now: .zero) }
        #expect(admitted == [true, true, true, false])
        #expect(limit.tryEnter(now: .zero) == true)
        #expect(limit.enter(1, now: .zero).isEmpty)
        #expect(limit.leave(now: .zero) == [.admitted(1)])
        var one = AccountLimit(.init(streams: 1))
        #expect(one.tryEnterAside(now: .zero) == true)
        #expect(one.enter(1, now: .zero).isEmpty)
        #expect(one.leave(now: .zero) == [.admitted(1)])
        #expect(one.tryEnterAside(now: .zero) == false)
        var rate = AccountLimit(.init(requestsPerSecond: 4))
        let begun = (0..<4).map { _ in rate.tryEnterAside(now: .zero) }
        #expect(begun == [true, true, true, false])
        #expect(rate.tryEnter(now: .zero) == true)
        #expect(rate.tryEnterAside(now: .milliseconds(250)) == false)
        #expect(rate.tryEnterAside(now: .milliseconds(500)) == true)
    }

    @Test("what may be late waits for room, in front of nobody, and not for ever")
    func later() async throws {
        let clock = ManualClock()
        let gate = AccountGate("one", .init(streams: 2), clock: clock)
        let held = try #require(gate.tryEnter())
        let late = Task { await gate.enterAside(within: .seconds(1)) != nil }
        await clock.sleepers(1)
        // A call comes meanwhile, and is not held up.
        let other = try #require(gate.tryEnter())
        other.giveBack()
        held.giveBack()
        clock.advance(by: .milliseconds(100))
        #expect(await late.value)
        while gate.inUse > 0 { await Task.yield() }
        let call = try #require(gate.tryEnter())
        let never = Task { await gate.enterAside(within: .milliseconds(200)) == nil }
        for _ in 0..<2 {
            await clock.sleepers(1)
            clock.advance(by: .milliseconds(100))
        }
        #expect(await never.value)
        call.giveBack()
        #expect(gate.inUse == 0)
    }

    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private func collect(_ audio: SynthesizedAudio) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in audio { bytes += chunk }
        return bytes
    }

    @Test("a text that finds no room is said by the next voice, and that counts against nobody")
    func voices() async throws {
        let clock = ManualClock()
        let gate = AccountGate("one", .init(streams: 1), clock: clock)
        let board = ProviderBoard(.synthesizer, clock: clock)
        let (one, two) = (ScriptedSynthesizer(chunks: [[1]]), ScriptedSynthesizer(chunks: [[9]]))
        let chain = FallbackSynthesizer(
            [
                .init(name: "one", synthesizer: LimitedSynthesizer(one, gate: gate)),
                .init(name: "two", synthesizer: two),
            ], board: board, logger: Self.logger)
        let session = try await chain.makeSession(voice: "", format: .telephone)
        let held = try #require(gate.tryEnter())
        async let said = collect(session.synthesize("Hello."))
        // The hedge's and the limit's.
        await clock.sleepers(2)
        clock.advance(by: .milliseconds(700))
        #expect(try await said == [9])
        #expect(one.texts.isEmpty && gate.refusedCount == 1)
        #expect(board.breaker(of: "one").state == .closed)
        held.giveBack()
        held.giveBack()
        #expect(gate.inUse == 0)
        #expect(try await collect(session.synthesize("Hello.")) == [1])
        // Given back when the audio was whole.
        while gate.inUse > 0 { await Task.yield() }
        session.close()
    }

    @Test("one who waits is admitted when another leaves, and one who is cancelled waits no more")
    func waits() async throws {
        let gate = AccountGate("one", .init(streams: 1), clock: ManualClock())
        let held = try #require(gate.tryEnter())
        let cancelled = Task { await gate.enter() == nil }
        let waiting = Task { await gate.enter() != nil }
        cancelled.cancel()
        #expect(await cancelled.value)
        held.giveBack()
        #expect(await waiting.value)
        while gate.inUse > 0 { await Task.yield() }
        #expect(gate.refusedCount == 0)
    }

    @Test("a call that finds no free stream is heard by the next recognizer, and by the first one once there is room")
    func ears() async throws {
        let loop = EventLoop(name: "leg", logger: Self.logger)
        try loop.start()
        let gate = AccountGate("one", .init(streams: 1))
        let board = ProviderBoard(.recognizer)
        let (one, two) = (SpellingRecognizer(), SpellingRecognizer())
        let chain = FallbackRecognizer(
            [
                .init(name: "one", recognizer: LimitedRecognizer(one, gate: gate)),
                .init(name: "two", recognizer: two),
            ], board: board, loop: loop, logger: Self.logger)
        let (first, _) = try call(chain)
        let (second, words) = try call(chain)
        func say(_ id: UInt32, _ word: UInt8, _ session: any RecognitionSession) async {
            await withCheckedContinuation { done in
                loop.post {
                    session.beginUtterance(UtteranceID(id), context: "")
                    session.inlet.write([UInt8](repeating: word, count: 160).span)
                    session.audioArrived()
                    session.finishUtterance(UtteranceID(id))
                    done.resume()
                }
            }
        }
        var heard = words.makeAsyncIterator()
        await say(1, 7, second)
        #expect(await heard.next() == "7")
        #expect(one.sessionCount == 1 && two.sessionCount == 1 && gate.refusedCount >= 1)
        #expect(board.breaker(of: "one").state == .closed)
        let refused = gate.refusedCount
        await say(2, 9, second)
        #expect(await heard.next() == "9")
        #expect(one.sessionCount == 1 && two.sessionCount == 1 && gate.refusedCount == refused)
        first.close()
        while gate.inUse > 0 { await Task.yield() }
        await say(3, 8, second)
        #expect(await heard.next() == "8")
        #expect(one.sessionCount == 2 && gate.inUse == 1)
        second.close()
        while gate.inUse > 0 { await Task.yield() }
        await loop.shutdown()
    }

    private func call(_ chain: FallbackRecognizer) throws -> (any RecognitionSession, AsyncStream<String>) {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let session = try chain.makeSession(format: .telephone, vocabulary: SpeechVocabulary(contexts: [])) {
            if case .final(let transcript) = $0 { continuation.yield(transcript.text) }
        }
        return (session, stream)
    }
}
