import Speech
import TestSupport
import Testing

@Suite("Who speaks a text: first audio wins, and the rest is said by another")
struct SynthesisRelayTests {
    private static let text = "Your appointment is on Tuesday, the first of December, at half past ten."
    private let settings = SynthesisRelay.Settings()

    private func relay(_ order: [Int] = [0, 1]) -> SynthesisRelay {
        SynthesisRelay(Self.text, providers: ["one", "two"], order: order)
    }

    private func error(_ code: SpeechError.Code) -> SpeechError {
        SpeechError(code, operation: "speak", provider: "one", detail: "because")
    }

    @Test("the first one speaks to the end")
    func plain() {
        var relay = relay()
        #expect(relay.begin(now: .zero) == [.start(position: 0, attempt: 1, text: Self.text)])
        #expect(
            relay.received([1, 2], from: 1, now: .milliseconds(200))
                == [.note(position: 0, .took(.firstAudio, .milliseconds(200))), .give([1, 2])])
        let audio = [UInt8](repeating: 1, count: 15_998)
        #expect(relay.received(audio, from: 1, now: .milliseconds(400)) == [.give(audio)])
        #expect(
            relay.ended(1, now: .milliseconds(500)) == [
                .note(position: 0, .ended(.answered)), .note(position: 0, .realTimeFactor(0.25)), .finish,
            ])
        #expect(relay.nextDeadline == nil)
        #expect(relay.pace == .seconds(2) / Self.text.count)
    }

    @Test("kept audio says nothing about its provider")
    func kept() {
        var relay = relay()
        _ = relay.begin(now: .zero)
        #expect(relay.received([1], from: 1, isKept: true, now: .zero) == [.give([1])])
        #expect(relay.ended(1, now: .zero) == [.finish])
    }

    @Test(
        "a failure before any audio hands the whole text on",
        arguments: [
            (SpeechError.Code.unavailable, ProviderOutcome.failed(retryable: true)),
            (.overloaded, .failed(retryable: true)), (.unauthorized, .failed(retryable: false)),
            (.refused, .nothingRequested),
        ])
    func fails(code: SpeechError.Code, outcome: ProviderOutcome) {
        var relay = relay()
        _ = relay.begin(now: .zero)
        #expect(
            relay.failed(error(code), from: 1, now: .milliseconds(50)) == [
                .note(position: 0, .ended(outcome)), .note(position: 0, .replaced),
                .start(position: 1, attempt: 2, text: Self.text),
            ])
        #expect(relay.received([7], from: 2, now: .milliseconds(90)).last == .give([7]))
    }

    @Test("slow is asked beside, and the loser has failed its caller")
    func hedges() {
        var relay = relay()
        _ = relay.begin(now: .zero)
        #expect(relay.nextDeadline == settings.hedgeAfter)
        #expect(
            relay.expire(now: settings.hedgeAfter) == [
                .note(position: 0, .replaced), .start(position: 1, attempt: 2, text: Self.text),
            ])
        #expect(
            relay.received([7], from: 2, now: .seconds(1)) == [
                .cancel(attempt: 1), .note(position: 0, .ended(.failed(retryable: true))),
                .note(position: 1, .took(.firstAudio, .milliseconds(100))), .give([7]),
            ])
        #expect(relay.received([9], from: 1, now: .seconds(1)).isEmpty, "late audio is dropped")
        #expect(relay.ended(1, now: .seconds(1)).isEmpty)
    }

    @Test("the slow one may still win")
    func slowWins() {
        var relay = relay()
        _ = relay.begin(now: .zero)
        _ = relay.expire(now: settings.hedgeAfter)
        let actions = relay.received([7], from: 1, now: .seconds(1))
        #expect(actions.first == .cancel(attempt: 2))
        #expect(actions.contains(.note(position: 1, .ended(.cancelledByUs))), "it had no time to prove itself")
        #expect(actions.last == .give([7]))
    }

    @Test("a voice that breaks off is followed by one that says the rest")
    func breaksOff() {
        var relay = relay()
        _ = relay.begin(now: .zero)
        // 45 of 72 characters at the usual 70 ms.
        _ = relay.received([UInt8](repeating: 1, count: 45 * 560), from: 1, now: .milliseconds(100))
        let actions = relay.failed(error(.unavailable), from: 1, now: .milliseconds(200))
        #expect(actions.last == .start(position: 1, attempt: 2, text: "the first of December, at half past ten."))
        #expect(relay.received([7], from: 2, now: .milliseconds(300)).last == .give([7]))
        #expect(relay.ended(2, now: .milliseconds(900)).last == .finish)
    }

    @Test("the sounds beside a word take no time, and are neither cut nor lost")
    func sounds() {
        let name = "\u{FFF9}Siobhan\u{FFFA}\(String(repeating: "ʃɪˈvɔːn", count: 9))\u{FFFB}"
        let text = "You see \(name) on Tuesday, the first of December, and \(name) at half past ten."
        // "You see Siobhan on Tuesday, the first of December, and Siobhan at half past ten."
        let plain = 80
        var relay = SynthesisRelay(text, providers: ["one", "two"], order: [0, 1])
        _ = relay.begin(now: .zero)
        _ = relay.received([UInt8](repeating: 1, count: plain * 560), from: 1, now: .milliseconds(100))
        var broken = relay
        _ = relay.ended(1, now: .milliseconds(200))
        #expect(relay.pace == .seconds(5.6) / plain)
        #expect(broken.failed(error(.unavailable), from: 1, now: .milliseconds(200)).last == .finish)

        broken = SynthesisRelay(text, providers: ["one", "two"], order: [0, 1])
        _ = broken.begin(now: .zero)
        _ = broken.received([UInt8](repeating: 1, count: 61 * 560), from: 1, now: .milliseconds(100))
        let actions = broken.failed(error(.unavailable), from: 1, now: .milliseconds(200))
        #expect(actions.last == .start(position: 1, attempt: 2, text: "and \(name) at half past ten."))
    }

    @Test("a voice that stops coming is one that broke off")
    func stalls() {
        var relay = relay()
        _ = relay.begin(now: .zero)
        _ = relay.received([UInt8](repeating: 1, count: 45 * 560), from: 1, now: .milliseconds(100))
        #expect(relay.expire(now: .milliseconds(1599)).isEmpty)
        let actions = relay.expire(now: .milliseconds(1600))
        #expect(actions.first == .cancel(attempt: 1))
        #expect(actions.last == .start(position: 1, attempt: 2, text: "the first of December, at half past ten."))
    }

    @Test("one that breaks off after its last word has said all")
    func breaksAtEnd() {
        var relay = relay()
        _ = relay.begin(now: .zero)
        _ = relay.received([UInt8](repeating: 1, count: 72 * 560), from: 1, now: .milliseconds(100))
        #expect(relay.failed(error(.unavailable), from: 1, now: .milliseconds(200)).last == .finish)
    }

    @Test("a lone synthesizer gets a second chance, but not with a key that was refused")
    func alone() {
        var relay = relay([0, 0])
        _ = relay.begin(now: .zero)
        #expect(relay.expire(now: settings.hedgeAfter).isEmpty, "asking it twice at a time would be no hedge")
        #expect(
            relay.failed(error(.unavailable), from: 1, now: .zero).last
                == .start(position: 0, attempt: 2, text: Self.text))
        #expect(relay.failed(error(.unavailable), from: 2, now: .zero).last == .fail(error(.unavailable)))

        relay = self.relay([0, 0])
        _ = relay.begin(now: .zero)
        #expect(relay.failed(error(.unauthorized), from: 1, now: .zero).last == .fail(error(.unauthorized)))
    }

    @Test("the end without audio is a failure; an empty piece is nothing")
    func empty() {
        var relay = relay()
        _ = relay.begin(now: .zero)
        #expect(relay.received([], from: 1, now: .zero).isEmpty)
        #expect(relay.ended(1, now: .zero).last == .start(position: 1, attempt: 2, text: Self.text))
    }

    @Test("whatever happens in whatever order: audio of one at a time, one end, and never a wait without a deadline")
    func anything() {
        for seed in 0..<2000 {
            var generator = SplitMix64(state: UInt64(seed))
            var relay = relay([0, 1, 0].shuffled(using: &generator))
            var now = Duration.zero
            var running: Set<Int> = []
            var ends = 0
            var pending = relay.begin(now: now)
            for _ in 0..<40 {
                for action in pending {
                    switch action {
                    case .start(_, let attempt, let text):
                        running.insert(attempt)
                        #expect(Self.text.hasSuffix(text))
                    case .cancel(let attempt): running.remove(attempt)
                    case .finish, .fail: ends += 1
                    case .give, .note: break
                    }
                }
                if ends == 0 { #expect(relay.nextDeadline != nil, "seed \(seed)") }
                now += .milliseconds(Int.random(in: 0...700, using: &generator))
                let attempt = Int.random(in: 1...3, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: pending = relay.failed(error(.unavailable), from: attempt, now: now)
                case 1: pending = relay.ended(attempt, now: now)
                case 2: pending = relay.expire(now: now)
                default: pending = relay.received([1, 2, 3], from: attempt, now: now)
                }
            }
            ends += pending.count { if case .fail = $0 { true } else { $0 == .finish } }
            if ends == 0 {
                // Time alone must end it.
                for _ in 0..<20 {
                    guard let next = relay.nextDeadline else { break }
                    ends += relay.expire(now: next).count { if case .fail = $0 { true } else { $0 == .finish } }
                }
            }
            #expect(ends == 1, "seed \(seed)")
        }
    }
}
