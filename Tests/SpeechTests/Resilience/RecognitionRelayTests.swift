import Speech
import TestSupport
import Testing

@Suite("Who hears the caller: one at a time, the next one from the utterance's beginning, one result each")
struct RecognitionRelayTests {
    private let one = UtteranceID(1)
    private let two = UtteranceID(2)
    private let both = RecognitionRelay.Standing(order: [0, 1], patience: [.milliseconds(700), .milliseconds(700)])

    private func relay() -> RecognitionRelay {
        RecognitionRelay(providers: ["one", "two"], showsInterims: [true, true])
    }

    private func words(_ id: UtteranceID, _ text: String = "yes please") -> RecognitionEvent {
        .final(Transcript(utterance: id, text: text, confidence: 0.9))
    }

    private func interim(_ id: UtteranceID) -> RecognitionEvent {
        .interim(Transcript(utterance: id, text: "yes", confidence: 0.9))
    }

    private func error(_ code: SpeechError.Code) -> SpeechError {
        SpeechError(code, operation: "listen", provider: "one", detail: "because")
    }

    /// A relay whose first recognizer hears utterance 1 from byte 8000 on.
    private func listening() -> RecognitionRelay {
        var relay = relay()
        #expect(relay.makeReady(both, at: 0) == [.open(position: 0, runner: 1, from: 0)])
        #expect(
            relay.begin(one, context: "c", both, at: 8000, now: .seconds(1))
                == [.say(.begin(one, context: "c"), runner: 1, at: 8000)])
        return relay
    }

    @Test("one recognizer hears an utterance from beginning to end")
    func plain() {
        var relay = listening()
        #expect(
            relay.received(interim(one), from: 1, both, at: 9000, now: .milliseconds(1500)) == [
                .note(position: 0, .took(.firstInterim, .milliseconds(500))), .emit(interim(one)),
            ])
        #expect(relay.pause(one, at: 12_000) == [.say(.pause(one), runner: 1, at: 12_000)])
        #expect(relay.resume(one, at: 13_000) == [.say(.resume(one), runner: 1, at: 13_000)])
        #expect(
            relay.finish(one, both, at: 16_000, now: .seconds(2)) == [.say(.finish(one), runner: 1, at: 16_000)])
        #expect(
            relay.received(words(one), from: 1, both, at: 17_000, now: .milliseconds(2200)) == [
                .note(position: 0, .took(.final, .milliseconds(200))), .note(position: 0, .ended(.answered)),
                .emit(words(one)),
            ])
        #expect(relay.nextDeadline == nil)
    }

    @Test("the language that was heard comes with the words, whoever heard it")
    func language() {
        var relay = listening()
        _ = relay.received(.failed(nil, error(.unauthorized)), from: 1, both, at: 14_000, now: .seconds(2))
        _ = relay.finish(one, both, at: 16_000, now: .seconds(2))
        let final = RecognitionEvent.final(
            Transcript(utterance: one, text: "buenos días", confidence: 0.9, language: "es"))
        let actions = relay.received(final, from: 2, both, at: 17_000, now: .milliseconds(2200))
        #expect(actions.last == .emit(final))
    }

    @Test("a session lost in mid-utterance: the next one hears it from its beginning, pauses and all")
    func lost() {
        var relay = listening()
        _ = relay.pause(one, at: 12_000)
        _ = relay.resume(one, at: 13_000)
        let actions = relay.received(.failed(nil, error(.unauthorized)), from: 1, both, at: 14_000, now: .seconds(2))
        #expect(
            actions == [
                .close(runner: 1), .note(position: 0, .ended(.failed(retryable: false))), .note(position: 0, .replaced),
                .open(position: 1, runner: 2, from: 1600), .say(.begin(one, context: "c"), runner: 2, at: 8000),
                .say(.pause(one), runner: 2, at: 12_000), .say(.resume(one), runner: 2, at: 13_000),
            ])
        #expect(relay.finish(one, both, at: 16_000, now: .seconds(3)).last == .say(.finish(one), runner: 2, at: 16_000))
        #expect(relay.received(words(one), from: 2, both, at: 17_000, now: .seconds(3)).last == .emit(words(one)))
    }

    @Test("words that are owed too long are asked of another; the first result counts and the other is told to stop")
    func hedges() {
        var relay = listening()
        _ = relay.received(interim(one), from: 1, both, at: 9000, now: .milliseconds(1500))
        _ = relay.finish(one, both, at: 16_000, now: .seconds(2))
        #expect(relay.nextDeadline == .milliseconds(2700))
        #expect(relay.expire(both, at: 17_000, now: .milliseconds(2699)).isEmpty)
        #expect(
            relay.expire(both, at: 17_000, now: .milliseconds(2700)) == [
                .note(position: 0, .replaced), .open(position: 1, runner: 2, from: 1600),
                .say(.begin(one, context: "c"), runner: 2, at: 8000), .say(.finish(one), runner: 2, at: 16_000),
            ])
        #expect(
            relay.received(words(one), from: 2, both, at: 18_000, now: .milliseconds(2800)) == [
                .note(position: 1, .took(.final, .milliseconds(800))), .note(position: 1, .ended(.answered)),
                .note(position: 0, .ended(.failed(retryable: true))), .say(.cancel(one), runner: 1, at: 18_000),
                .emit(words(one)), .close(runner: 2),
            ])
        #expect(
            relay.received(words(one), from: 1, both, at: 18_000, now: .seconds(3)) == [.note(position: 0, .late)],
            "the same words are not said twice")
    }

    @Test("a recognizer that says nothing while the caller speaks is joined by another, whose interims are shown")
    func mute() {
        var relay = listening()
        let actions = relay.expire(both, at: 40_000, now: .seconds(4))
        #expect(actions.contains(.open(position: 1, runner: 2, from: 1600)))
        #expect(relay.received(interim(one), from: 2, both, at: 41_000, now: .seconds(5)).last == .emit(interim(one)))
    }

    @Test("the next utterance goes to whoever is well; the first one comes back after its rest")
    func switches() {
        var relay = listening()
        _ = relay.finish(one, both, at: 16_000, now: .seconds(2))
        _ = relay.received(words(one), from: 1, both, at: 17_000, now: .seconds(2))
        let resting = RecognitionRelay.Standing(order: [1, 0], patience: both.patience)
        #expect(
            relay.begin(two, context: "c", resting, at: 30_000, now: .seconds(5)) == [
                .open(position: 1, runner: 2, from: 23_600), .close(runner: 1),
                .say(.begin(two, context: "c"), runner: 2, at: 30_000),
            ])
        _ = relay.finish(two, resting, at: 40_000, now: .seconds(6))
        _ = relay.received(words(two), from: 2, resting, at: 41_000, now: .seconds(6))
        #expect(
            relay.begin(UtteranceID(3), context: "c", both, at: 60_000, now: .seconds(9)).first
                == .open(position: 0, runner: 3, from: 53_600))
    }

    @Test("an account that is full takes nobody from the one who hears, and comes back with the first room")
    func full() {
        var relay = listening()
        _ = relay.finish(one, both, at: 16_000, now: .seconds(2))
        _ = relay.received(words(one), from: 1, both, at: 17_000, now: .seconds(2))
        let full = RecognitionRelay.Standing(order: [0, 1], patience: both.patience, full: [0])
        // Whoever has a stream of it goes on with it.
        #expect(
            relay.begin(two, context: "c", full, at: 30_000, now: .seconds(5))
                == [.say(.begin(two, context: "c"), runner: 1, at: 30_000)])
        _ = relay.received(.failed(nil, error(.unavailable)), from: 1, full, at: 31_000, now: .seconds(5))
        _ = relay.finish(two, full, at: 40_000, now: .seconds(6))
        _ = relay.received(words(two), from: 2, full, at: 41_000, now: .seconds(6))
        let three = UtteranceID(3)
        #expect(
            relay.begin(three, context: "c", full, at: 60_000, now: .seconds(9))
                == [.say(.begin(three, context: "c"), runner: 2, at: 60_000)])
        _ = relay.finish(three, full, at: 70_000, now: .seconds(10))
        _ = relay.received(words(three), from: 2, full, at: 71_000, now: .seconds(10))
        #expect(
            relay.begin(UtteranceID(4), context: "c", both, at: 90_000, now: .seconds(12)).first
                == .open(position: 0, runner: 3, from: 83_600))
    }

    @Test("when nobody is left the loss is said at the end of the turn, not in the middle of the caller's words")
    func nobody() {
        var relay = listening()
        _ = relay.received(.failed(one, error(.overloaded)), from: 1, both, at: 9000, now: .seconds(2))
        let silent = relay.received(.failed(one, error(.unavailable)), from: 2, both, at: 9500, now: .seconds(2))
        #expect(!silent.contains { if case .emit = $0 { true } else { false } })
        #expect(
            relay.finish(one, both, at: 16_000, now: .seconds(3)) == [.emit(.failed(one, error(.unavailable)))])
        #expect(relay.nextDeadline == nil)
    }

    @Test("whoever is asked, an answer comes before the caller would be asked to repeat")
    func deadline() {
        var relay = listening()
        _ = relay.finish(one, both, at: 16_000, now: .seconds(2))
        _ = relay.expire(both, at: 17_000, now: .milliseconds(2700))
        let actions = relay.expire(both, at: 30_000, now: .milliseconds(4300))
        #expect(actions.contains(.note(position: 0, .ended(.failed(retryable: true)))))
        #expect(actions.contains(.say(.cancel(one), runner: 1, at: 30_000)))
        let last = actions.compactMap { if case .emit(let event) = $0 { event } else { nil } }
        guard case .failed(one, let error)? = last.first else { return #expect(Bool(false), "\(actions)") }
        #expect(error.code == .deadlineExceeded && last.count == 1)
    }

    @Test("what cannot serve this call at all is not opened again")
    func unfit() {
        var relay = relay()
        _ = relay.makeReady(both, at: 0)
        #expect(
            relay.received(.failed(nil, error(.invalidModel)), from: 1, both, at: 0, now: .zero).last
                == .open(position: 1, runner: 2, from: 0))
        #expect(
            relay.begin(one, context: "c", both, at: 100, now: .zero)
                == [.say(.begin(one, context: "c"), runner: 2, at: 100)])
    }

    @Test("two that both fail at once are not opened in turns for ever")
    func noLoop() {
        var relay = relay()
        var actions = relay.makeReady(both, at: 0)
        var opened = 0
        while let number = actions.compactMap({ if case .open(_, let runner, _) = $0 { runner } else { nil } }).last {
            opened += 1
            actions = relay.received(.failed(nil, error(.unavailable)), from: number, both, at: 0, now: .zero)
        }
        #expect(opened == 2)
        #expect(actions.last == .emit(.failed(nil, error(.unavailable))))
        #expect(
            relay.begin(one, context: "c", both, at: 9000, now: .zero).first
                == .open(position: 0, runner: 3, from: 2600))
    }

    @Test("an utterance nobody wants any more has no event")
    func cancelled() {
        var relay = listening()
        #expect(relay.cancel(one, at: 9000) == [.say(.cancel(one), runner: 1, at: 9000)])
        #expect(relay.received(words(one), from: 1, both, at: 9100, now: .seconds(2)) == [.note(position: 0, .late)])
    }

    /// A call in virtual time: the caller speaks again and again, recognizers do what they like.
    @Test("whatever happens in whatever order: every finished utterance gets one result in time")
    func anything() {
        for seed in 0..<3000 {
            var generator = SplitMix64(state: UInt64(seed))
            var relay = relay()
            var results: [UtteranceID: Int] = [:]
            var finished: [UtteranceID: Duration] = [:]
            var runners: Set<Int> = []
            var (now, position, next) = (Duration.zero, 0, UInt32(0))
            var speaking: UtteranceID?
            func take(_ actions: [RecognitionRelay.Action]) {
                for action in actions {
                    switch action {
                    case .open(_, let runner, let from):
                        runners.insert(runner)
                        #expect(from <= position)
                    case .close(let runner): #expect(runners.remove(runner) != nil, "seed \(seed)")
                    case .say(_, let runner, let at):
                        #expect(runners.contains(runner), "seed \(seed)")
                        #expect(at <= position)
                    case .emit(.final(let transcript)): results[transcript.utterance, default: 0] += 1
                    case .emit(.nothingHeard(let id)), .emit(.failed(let id?, _)): results[id, default: 0] += 1
                    case .emit, .note: break
                    }
                }
            }
            take(relay.makeReady(both, at: 0))
            for _ in 0..<120 {
                now += .milliseconds(Int.random(in: 0...400, using: &generator))
                position = now.milliseconds8
                while let due = relay.nextDeadline, due <= now { take(relay.expire(both, at: position, now: now)) }
                let standing = RecognitionRelay.Standing(
                    order: [[0, 1], [1, 0], [1], []].randomElement(using: &generator) ?? [], patience: both.patience)
                switch Int.random(in: 0..<8, using: &generator) {
                case 0, 1:
                    guard speaking == nil else { continue }
                    next += 1
                    speaking = UtteranceID(next)
                    take(relay.begin(UtteranceID(next), context: "c", standing, at: position, now: now))
                case 2, 3:
                    guard let id = speaking else { continue }
                    speaking = nil
                    finished[id] = now
                    take(relay.finish(id, standing, at: position, now: now))
                case 4:
                    guard let runner = runners.randomElement(using: &generator), next > 0 else { continue }
                    take(
                        relay.received(
                            .failed(nil, error(.unavailable)), from: runner, standing, at: position, now: now))
                case 5:
                    guard let runner = runners.randomElement(using: &generator), next > 0 else { continue }
                    let id = UtteranceID(UInt32.random(in: 1...next, using: &generator))
                    take(
                        relay.received(.failed(id, error(.overloaded)), from: runner, standing, at: position, now: now))
                default:
                    guard let runner = runners.randomElement(using: &generator), next > 0 else { continue }
                    let id = UtteranceID(UInt32.random(in: 1...next, using: &generator))
                    guard id != speaking else { continue }
                    take(relay.received(words(id), from: runner, standing, at: position, now: now))
                }
                for (id, end) in finished where now - end > .milliseconds(2300) {
                    #expect(results[id] == 1, "seed \(seed), \(id)")
                }
                #expect(results.values.allSatisfy { $0 == 1 }, "seed \(seed)")
            }
        }
    }
}

extension Duration {
    /// Bytes of 8 kHz G.711.
    fileprivate var milliseconds8: Int { Int(self / .milliseconds(1)) * 8 }
}
