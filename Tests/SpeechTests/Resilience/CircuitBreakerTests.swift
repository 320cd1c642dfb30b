import Speech
import Testing

@Suite("A provider that fails rests, and one request tries it again")
struct CircuitBreakerTests {
    private func failing(_ times: Int, retryable: Bool = true) -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<times { breaker.note(.failed(retryable: retryable), at: .zero) }
        return breaker
    }

    @Test("one failure may be chance, two are not")
    func opens() {
        #expect(failing(1).state == .closed)
        #expect(failing(2).state == .open(until: .seconds(2)))
        #expect(!failing(2).permits(at: .milliseconds(1999)))
        #expect(failing(2).permits(at: .seconds(2)))
    }

    @Test("an answer in between starts the count again")
    func forgets() {
        var breaker = failing(1)
        breaker.note(.answered, at: .zero)
        breaker.note(.failed(retryable: true), at: .zero)
        #expect(breaker.state == .closed)
    }

    @Test(
        "what is not its fault does not count",
        arguments: [ProviderOutcome.cancelledByUs, .nothingRequested])
    func innocent(outcome: ProviderOutcome) {
        var breaker = failing(1)
        for _ in 0..<9 { breaker.note(outcome, at: .zero) }
        #expect(breaker == failing(1))
    }

    @Test("a refused key rests at once and for long, and asking meanwhile is in vain")
    func denied() {
        let breaker = failing(1, retryable: false)
        #expect(breaker.state == .open(until: .seconds(60)))
        #expect(breaker.isBarred(at: .seconds(59)))
        #expect(!breaker.isBarred(at: .seconds(60)))
        #expect(!failing(2).isBarred(at: .zero), "time heals a network")
    }

    @Test("after the rest one probe goes through; its end decides")
    func probes() {
        var breaker = failing(2)
        breaker.began(at: .seconds(3))
        #expect(breaker.state == .halfOpen(until: .seconds(13)))
        #expect(!breaker.permits(at: .seconds(4)), "one at a time")
        #expect(breaker.permits(at: .seconds(13)), "a probe that never ends is forgotten")

        var well = breaker
        well.note(.answered, at: .seconds(4))
        #expect(well.state == .closed)

        var unwell = breaker
        unwell.note(.failed(retryable: true), at: .seconds(4))
        #expect(unwell.state == .open(until: .seconds(8)), "twice the rest")

        breaker.note(.cancelledByUs, at: .seconds(4))
        #expect(breaker.permits(at: .seconds(4)), "the next request is the probe")
    }

    @Test("rests double up to a minute")
    func doubles() {
        var breaker = failing(2)
        var rests: [Duration] = []
        for _ in 0..<7 {
            let at = breaker.restsUntil
            breaker.began(at: at)
            breaker.note(.failed(retryable: true), at: at)
            rests.append(breaker.restsUntil - at)
        }
        #expect(rests == [4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
    }

    @Test("requests that were under way when it opened tell nothing new")
    func crowd() {
        var breaker = failing(2)
        for _ in 0..<50 { breaker.note(.failed(retryable: true), at: .seconds(1)) }
        #expect(breaker.state == .open(until: .seconds(2)))
    }

    @Test("nobody is left out: those that rest come last, the one ready soonest first")
    func order() {
        let well = CircuitBreaker()
        var long = failing(2)
        long.began(at: .seconds(2))
        long.note(.failed(retryable: true), at: .seconds(2))
        #expect(CircuitBreaker.order([long, failing(2), well], at: .seconds(1)) == [2, 1, 0])
        #expect(CircuitBreaker.order([long, failing(2), well], at: .seconds(10)) == [0, 1, 2])
    }

    @Test(
        "what an error says of its provider",
        arguments: [
            (SpeechError.Code.cancelled, ProviderOutcome.cancelledByUs), (.refused, .nothingRequested),
            (.invalidModel, .nothingRequested), (.unauthorized, .failed(retryable: false)),
            (.overloaded, .failed(retryable: true)), (.unavailable, .failed(retryable: true)),
            (.deadlineExceeded, .failed(retryable: true)),
        ])
    func outcomes(code: SpeechError.Code, outcome: ProviderOutcome) {
        #expect(ProviderOutcome(SpeechError(code, operation: "o", provider: "p", detail: "d")) == outcome)
    }
}
