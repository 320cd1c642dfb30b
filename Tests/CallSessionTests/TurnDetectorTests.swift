import Agent
import CallSession
import Testing

@Suite("Turn detector")
struct TurnDetectorTests {
    private let detector = TurnDetector()

    /// In milliseconds.
    private func wait(
        after text: String, expecting kind: Agent.Expectation.Kind, completeness: TurnCompleteness? = nil,
        likelihood: Double? = nil, profile: TurnProfile = .answer, whileHolding isHolding: Bool = false
    ) -> Int {
        detector.wait(
            after: text, expecting: kind, completeness: completeness, likelihood: likelihood, profile: profile,
            whileHolding: isHolding) / 8
    }

    @Test(
        "a whole answer is answered soon, one that may go on is waited for, and words that must go on for longest",
        arguments: [
            ("tomorrow at nine", .complete, nil, 260), ("i need an appointment", .open, nil, 950),
            ("i need an appointment", .open, 0.99, 950), ("i need an appointment", nil, 0.9, 260),
            ("i need an appointment", nil, 0.5, 520), ("i need an appointment on", .complete, 0.99, 1300),
            ("let me see", .complete, nil, 1300), ("well", .open, nil, 1300), ("well tomorrow", .complete, nil, 260),
            ("could you tell me", .complete, 0.99, 1300), ("that's what you told me", .complete, nil, 260),
            ("", .complete, 0.99, 700),
        ] as [(String, TurnCompleteness?, Double?, Int)])
    func opinions(text: String, completeness: TurnCompleteness?, likelihood: Double?, milliseconds: Int) {
        #expect(wait(after: text, expecting: .open, completeness: completeness, likelihood: likelihood) == milliseconds)
    }

    @Test(
        "what by its sound goes on is waited for, and what must go on by its words is no end whatever it sounds like",
        arguments: [
            ("tomorrow at nine", .complete, 0.1, 520), ("i need an appointment", nil, 0.1, 950),
            ("i need an appointment", .open, 0.1, 950), ("tomorrow at nine", .complete, 0.3, 260),
            ("i need an appointment on", nil, 0.1, 1300), ("i need an appointment on", nil, 0.99, 1300),
        ] as [(String, TurnCompleteness?, Double?, Int)])
    func sound(text: String, completeness: TurnCompleteness?, likelihood: Double?, milliseconds: Int) {
        #expect(wait(after: text, expecting: .open, completeness: completeness, likelihood: likelihood) == milliseconds)
    }

    @Test(
        "who has only greeted, has talked for long or waits for a tool is given more time",
        arguments: [
            (.greeting, "hello", .complete, 950), (.greeting, "good morning", nil, 950),
            (.greeting, "hello i need an appointment", nil, 520), (.greeting, "tomorrow at nine", .complete, 260),
            (.answer, "hello", .complete, 260),
            (.monologue, "and that was it", nil, 950), (.monologue, "that was it", .complete, 520),
            (.toolWait, "are you there", nil, 950), (.toolWait, "are you there and", nil, 1300),
        ] as [(TurnProfile, String, TurnCompleteness?, Int)])
    func profiles(profile: TurnProfile, text: String, completeness: TurnCompleteness?, milliseconds: Int) {
        #expect(wait(after: text, expecting: .open, completeness: completeness, profile: profile) == milliseconds)
    }

    @Test(
        "who spells pauses between letters, and is given the time of figures",
        arguments: [
            ("m a r", .complete, .name, 900), ("my name is m a", nil, .name, 900), ("it is m a r i a", nil, .open, 900),
            ("j-o-h-n", .complete, .name, 900), ("s as in sugar", nil, .name, 900),
            ("b for bravo", .complete, .name, 900),
            ("double u", nil, .name, 900), ("m a r i a at example dot com", .complete, .open, 260),
            ("maria", .complete, .name, 260), ("i need a", nil, .open, 1300), ("plan b", .complete, .open, 260),
            ("nothing as in sugar", .complete, .open, 260), ("j-o-h-n", .open, .open, 950),
        ] as [(String, TurnCompleteness?, Agent.Expectation.Kind, Int)])
    func spelling(text: String, completeness: TurnCompleteness?, kind: Agent.Expectation.Kind, milliseconds: Int) {
        #expect(wait(after: text, expecting: kind, completeness: completeness) == milliseconds)
    }

    @Test("a greeting, a monologue and a tool's work are known for what they are")
    func profilesInACall() throws {
        var line = VirtualLine { input in
            switch input {
            case .callStarted: [.say("Hello.")]
            case .callerSaid(let turn) where turn.number == 2: [.say("Let me look."), .work(milliseconds: 8000)]
            default: [.say("Thanks.")]
            }
        }
        line.start()
        line.run(milliseconds: 2000)
        line.speak("good morning", for: 800)
        line.run(milliseconds: 3000)
        line.speak("i need to tell you a long story", for: 9000)
        line.run(milliseconds: 3000)
        line.speak("okay", for: 300)
        line.run(milliseconds: 2000)
        line.speak("forget it then", for: 700)
        line.run(milliseconds: 5000)
        // To the next beat.
        #expect(line.latencies.count == 3)
        for latency in line.latencies { #expect((950 * 8..<970 * 8).contains(latency.endOfTurnWait)) }
        // "Okay" does not stop the tool.
        #expect(line.callerTurns.map(\.text) == ["good morning", "i need to tell you a long story", "forget it then"])
        #expect(line.faults == [])
    }

    @Test("a number that may go on is waited for as a number, a whole one is not")
    func numbers() {
        #expect(wait(after: "five five five zero one", expecting: .digits, completeness: .open) == 1300)
        #expect(wait(after: "five five five zero one eight three", expecting: .digits, completeness: .open) == 900)
        #expect(wait(after: "five five five zero one eight three", expecting: .digits, completeness: .complete) == 260)
    }

    @Test(
        "waits longer for the rest of a number that has fewer than seven digits",
        arguments: [
            ("five", 1300), ("five five five", 1300), ("my number is five five five zero one eight", 1300),
            ("oh two", 1300), ("five five five zero one eight three", 900),
            ("one two three four five six seven eight", 900),
            ("call me back at three one two five five five zero one eight four", 900),
            // No digit yet: another kind of answer.
            ("i don't have one of those", 1300), ("hold please", 900), ("no thank you", 900),
        ])
    func digits(text: String, milliseconds: Int) {
        #expect(wait(after: text, expecting: .digits) == milliseconds)
    }

    @Test(
        "digits are waited for only where they are asked for",
        arguments: [(.open, 520), (.yesNo, 420), (.choice, 420), (.date, 420), (.time, 420), (.name, 420)]
            as [(Agent.Expectation.Kind, Int)])
    func otherKinds(kind: Agent.Expectation.Kind, milliseconds: Int) {
        #expect(wait(after: "five five five", expecting: kind) == milliseconds)
    }

    @Test(
        "no words, words that go on and a held breath come before the kind of answer",
        arguments: Agent.Expectation.Kind.allCases)
    func precedence(kind: Agent.Expectation.Kind) {
        #expect(wait(after: "", expecting: kind) == 700)
        #expect(wait(after: "my number is", expecting: kind) == 1300)
        #expect(wait(after: "five five five and", expecting: kind) == 1300)
        #expect(wait(after: "five five five", expecting: kind, whileHolding: true) == 240)
    }

    /// A call whose agent asks for a number, up to the caller's answer.
    private func lineAskingForDigits() -> VirtualLine {
        var line = VirtualLine { input in
            if case .callStarted = input { return [.expect(.digits), .say("Your number?")] }
            return [.expect(.digits), .say("Thanks.")]
        }
        line.start()
        line.run(milliseconds: 3000)
        return line
    }

    @Test(
        "a pause of a second ends a whole number and not a part of one",
        arguments: [("five five five", 1), ("five five five zero one eight three", 2)])
    func pauses(text: String, turns: Int) {
        var line = lineAskingForDigits()
        line.speak(text, for: 1500)
        line.run(milliseconds: 900)
        line.speak("zero one eight three", for: 1500)
        line.run(milliseconds: 6000)
        #expect(line.callerTurns.count == turns)
        #expect(line.faults == [])
    }

    @Test("recognition pauses when the caller falls silent, and goes on with the same utterance")
    func recognition() {
        var line = lineAskingForDigits()
        line.speak("five five five", for: 1500)
        line.run(milliseconds: 600)
        line.speak("zero one eight three", for: 1500)
        line.run(milliseconds: 6000)
        let steps = line.actions.compactMap { entry -> String? in
            switch entry.action {
            case .startRecognition(let id, _): "start \(id)"
            case .pauseRecognition(let id): "pause \(id)"
            case .resumeRecognition(let id): "resume \(id)"
            case .finishRecognition(let id): "finish \(id)"
            default: nil
            }
        }
        #expect(steps == ["start u1", "pause u1", "resume u1", "pause u1", "finish u1"])
    }
}
