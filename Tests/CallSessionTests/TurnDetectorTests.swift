import Agent
import CallSession
import Testing

@Suite("Turn detector")
struct TurnDetectorTests {
    private let detector = TurnDetector()

    /// In milliseconds.
    private func wait(after text: String, expecting kind: Agent.Expectation.Kind, whileHolding isHolding: Bool = false)
        -> Int
    {
        detector.wait(after: text, expecting: kind, whileHolding: isHolding) / 8
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
