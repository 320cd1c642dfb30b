import Agent
import Testing

@Suite("The health of a provider")
struct ModelHealthTests {
    private static let failed = ModelOutcome.failed(retryable: true, retryAfter: nil)

    @Test("suffers from its failures only")
    func outcomes() {
        var health = ModelHealth()
        for outcome in [ModelOutcome.cancelledByUs, .nothingRequested, .answered] {
            health.note(outcome, at: .seconds(1))
            #expect(!health.isResting(at: .seconds(1)))
        }
        health.note(Self.failed, at: .seconds(1))
        health.note(.cancelledByUs, at: .seconds(1))
        #expect(health.isResting(at: .seconds(1)))
        health.note(.answered, at: .seconds(2))
        #expect(health == ModelHealth())
    }

    @Test("rests longer with every failure in a row, but not for ever")
    func rests() {
        var health = ModelHealth()
        var now = Duration.zero
        for rest in [2, 4, 8, 16, 32, 60, 60] {
            health.note(Self.failed, at: now)
            // More calls tell of the same failure.
            health.note(Self.failed, at: now + .milliseconds(1))
            #expect(health.isResting(at: now + .seconds(rest)))
            now += .seconds(rest) + .milliseconds(2)
            #expect(!health.isResting(at: now))
        }
    }

    @Test("stays away as long as the provider asks, and a wrong key is not tried again at once")
    func retryAfter() {
        var health = ModelHealth()
        health.note(.failed(retryable: true, retryAfter: .seconds(30)), at: .zero)
        // A slower request, which was not told to wait, does not shorten that.
        health.note(Self.failed, at: .seconds(1))
        #expect(health.restsUntil == .seconds(30))
        health.note(.failed(retryable: true, retryAfter: .seconds(86_400)), at: .seconds(40))
        #expect(health.restsUntil == .seconds(640))
        var other = ModelHealth()
        other.note(.failed(retryable: false, retryAfter: nil), at: .zero)
        #expect(other.restsUntil == .seconds(60))
    }

    @Test("decides who is asked first, and leaves nobody out")
    func order() {
        var (long, short) = (ModelHealth(), ModelHealth())
        long.note(.failed(retryable: false, retryAfter: nil), at: .zero)
        short.note(Self.failed, at: .zero)
        let all = [long, short, ModelHealth(), ModelHealth()]
        #expect(ModelHealth.order(all, at: .seconds(1)) == [2, 3, 1, 0])
        #expect(ModelHealth.order(all, at: .seconds(5)) == [1, 2, 3, 0])
        #expect(ModelHealth.order(all, at: .seconds(60)) == [0, 1, 2, 3])
    }

    @Test(
        "is told by what an error means",
        arguments: [
            (ModelError.Code.cancelled, ModelOutcome.cancelledByUs), (.contentFiltered, .answered),
            (.invalidRequest, .nothingRequested),
            (.rateLimited, .failed(retryable: true, retryAfter: .seconds(3))),
            (.quotaExceeded, .failed(retryable: false, retryAfter: .seconds(3))),
        ])
    func errors(code: ModelError.Code, outcome: ModelOutcome) {
        #expect(ModelOutcome(ModelError(code, provider: "p", detail: "", retryAfter: .seconds(3))) == outcome)
    }
}
