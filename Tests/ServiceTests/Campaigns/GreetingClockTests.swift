import Testing

@testable import CallSession
@testable import Service

@Suite("How long people wait for the agent's first words")
struct GreetingClockTests {
    private typealias Input = (seconds: Double, event: ConversationEvent)

    private static let call = OutboundCall(
        attempt: "a", number: "+14155550123", callerID: "+14155550100", agent: "reminder", seller: "Acme",
        variables: [:], placed: PlacedCall(machine: .hangUp))

    private static func samples(_ seconds: Double) -> Int { Int((seconds * 8000).rounded()) }

    /// A stretch of voice, which the detector is a moment late to tell of.
    private static func voice(_ begins: Double, _ ends: Double) -> [Input] {
        [
            (begins + 0.1, .voiceStarted(onset: samples(begins))),
            (ends + 0.3, .voiceStopped(lastVoiced: samples(ends))),
        ]
    }

    private static func agent(_ seconds: Double) -> [Input] { [(seconds, .playoutStarted(generation: 1))] }

    private static func event(_ input: Input) -> CallEvent {
        .journal(sequence: 1, position: samples(input.seconds), input.event)
    }

    private static func verdict(_ answerer: Answerer, at seconds: Double) -> CallEvent {
        let position = samples(seconds)
        return .note(
            position: position,
            .answered(AnswerDetector.Verdict(answerer: answerer, evidence: .words, position: position)))
    }

    /// What is known of a call with these events once it is over.
    private func held(_ events: [CallEvent], end: Double = 30) -> HeldCall? {
        var watch = OutboundWatch(Self.call)
        for event in events { _ = watch.see(event) }
        let summary = CallSummary(
            reason: "caller hung up", samples: Self.samples(end), recording: nil, underruns: 0, echoes: 0)
        guard case .ended(let held) = watch.see(.finished(summary)) else { return nil }
        return held
    }

    @Test("is counted from the end of their greeting, or from the answer where they say nothing")
    func people() {
        let hello = Self.voice(0.4, 1)
        let cases: [(name: String, inputs: [[Input]], wait: Double)] = [
            ("at once", [hello, Self.agent(1.9)], 0.9),
            ("five seconds after the hello", [hello, Self.agent(6)], 5),
            ("a silent person", [Self.agent(1.2)], 1.2),
            ("a silent person, late", [Self.agent(4)], 4),
            ("a person who takes their time", [Self.voice(4, 4.5), Self.agent(5.3)], 0.8),
            ("a greeting with a breath in it", [hello, Self.voice(1.5, 2.4), Self.agent(3.3)], 0.9),
            ("who asks again whether anybody is there", [hello, Self.voice(4, 4.5), Self.agent(5.5)], 4.5),
            ("an agent who does not let them finish", [[hello[0]], Self.agent(6)], 0),
            ("only the first words count", [hello, Self.agent(1.9), Self.voice(5, 6), Self.agent(9)], 0.9),
            ("an agent who never comes", [hello], 29),
        ]
        for (name, inputs, wait) in cases {
            let events: [CallEvent] = inputs.flatMap { $0.map { Self.event($0) } }
            #expect(held(events)?.greetingDelay == Self.samples(wait), "\(name)")
            let known = events + [Self.verdict(.person, at: 20)]
            #expect(held(known)?.greetingDelay == Self.samples(wait), "\(name), known to be a person")
        }
    }

    @Test("is no matter of machines, and behind a menu begins with whoever comes")
    func machines() throws {
        let recording = Self.voice(0.4, 8).map { Self.event($0) }
        func agent(_ seconds: Double) -> [CallEvent] { Self.agent(seconds).map { Self.event($0) } }
        for answerer in Answerer.allCases where answerer != .person && answerer != .unsure {
            let call = try #require(held(recording + [Self.verdict(answerer, at: 8.7)] + agent(12)))
            #expect(call.answerer == answerer && call.greetingDelay == nil, "\(answerer)")
        }
        let person = Self.voice(20, 20.5).map { Self.event($0) } + [Self.verdict(.person, at: 21.2)]
        let behind = recording + [Self.verdict(.menu, at: 8.7)] + person
        let (soon, late) = (held(behind + agent(21.3)), held(behind + agent(25)))
        #expect(soon?.greetingDelay == Self.samples(0.8))
        #expect(late?.greetingDelay == Self.samples(4.5))
    }
}
