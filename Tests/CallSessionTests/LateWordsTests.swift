import Agent
import CallSession
import Speech
import Testing

/// Whoever answers has heard the turn; its words come after.
@Suite("A turn that is answered before its words are known")
struct LateWordsTests {
    /// - Parameter delay: of the words, in milliseconds.
    private static func line(
        wordsAfter delay: Int, answer: String = "A long answer to turn number %, that is, to what you said.",
        recording: RecordingPolicy? = nil
    ) -> VirtualLine {
        var settings = ConversationSettings()
        settings.recording = recording
        settings.turns.hearsNoWords = true
        var line = VirtualLine(settings: settings) { input in
            switch input {
            case .callStarted: [.say("Hello.")]
            case .callerSaid(let turn):
                [.say(answer.replacing("%", with: "\(turn.number)"))]
            default: [.say("Pardon?")]
            }
        }
        line.hearsAndAnswers = true
        line.providesInterims = false
        line.recognitionDelay = delay
        return line
    }

    private static func words(_ line: VirtualLine) -> [CallerTurnRecord] {
        line.notes.compactMap { if case .callerWords(let turn) = $0 { turn } else { nil } }
    }

    @Test("the answer does not wait, and the words are told of the turn they belong to")
    func late() throws {
        var line = Self.line(wordsAfter: 1500)
        line.start()
        line.run(milliseconds: 2000)
        line.speak("book me in", for: 900)
        let end = line.now
        line.run(milliseconds: 1000)
        let answer = try #require(line.said.last)
        #expect(answer.text.hasPrefix("A long answer to turn number 1"))
        // 700 ms after the last voiced sample, 160 of which the detector takes.
        #expect(answer.at - end <= (700 - 160 + 40) * 8)
        #expect(line.callerTurns.map(\.text) == [""] && Self.words(line).isEmpty)
        line.run(milliseconds: 5000)
        let turn = try #require(line.callerTurns.first)
        #expect(Self.words(line).map(\.text) == ["book me in"])
        #expect(Self.words(line).map(\.turn) == [1] && Self.words(line).map(\.started) == [turn.started])
        #expect(line.inputs.count == 2 && line.faults == [] && line.incidents == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("late words against being recorded stop the recording, and the caller is told so")
    func withdrawn() throws {
        var line = Self.line(wordsAfter: 1500, recording: RecordingPolicy(.announce))
        line.start()
        line.run(milliseconds: 4000)
        line.speak("please don't record this", for: 1200)
        line.run(milliseconds: 8000)
        let states = line.notes.compactMap { if case .consent(let consent) = $0 { consent.state } else { nil } }
        #expect(states == [.announced, .withdrawn])
        #expect(line.actions.contains { $0.action == .stopRecording(deletes: true) })
        #expect(Self.words(line).map(\.text) == ["please don't record this"])
        #expect(line.agentTurns.last?.heard == "I have stopped the recording. Please go on.")
        #expect(line.faults == [] && line.incidents == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("over the agent the words decide: a yes in passing is nobody's turn, a wish is one")
    func overAgent() {
        for (words, turns) in [("mm-hm", 1), ("no i meant thursday", 2)] {
            var line = Self.line(wordsAfter: 300)
            line.start()
            line.run(milliseconds: 2000)
            line.speak("book me in", for: 900)
            line.run(milliseconds: 1500)
            line.speak(words, for: 500)
            line.run(milliseconds: 6000)
            #expect(line.callerTurns.map(\.turn).max() == turns, "\(words)")
            #expect(line.agentTurns.contains(where: \.wasInterrupted) == (turns == 2), "\(words)")
            #expect(line.faults == [] && line.incidents == [])
        }
    }

    @Test("words that come when the caller is speaking again are of the turn they belong to")
    func overtaken() {
        var line = Self.line(wordsAfter: 2200)
        line.start()
        line.run(milliseconds: 2000)
        line.speak("book me in", for: 900)
        line.run(milliseconds: 900)
        line.speak("tomorrow at nine please", for: 1500)
        line.run(milliseconds: 9000)
        #expect(Self.words(line).first?.text == "book me in")
        #expect(!line.callerTurns.contains { $0.text.contains("book me in") })
        #expect(line.faults == [])
    }

    @Test("words that come after the next turn was taken are of their own turn, and of no later one")
    func twoLate() {
        var line = Self.line(wordsAfter: 6000, answer: "Yes.")
        line.start()
        line.run(milliseconds: 2000)
        line.speak("book me in", for: 900)
        line.run(milliseconds: 2500)
        line.speak("tomorrow at nine please", for: 1500)
        line.run(milliseconds: 1500)
        #expect(line.callerTurns.map(\.turn) == [1, 2])
        line.run(milliseconds: 9000)
        #expect(Self.words(line).map(\.text) == ["book me in", "tomorrow at nine please"])
        #expect(line.faults == [])
    }

    @Test("a turn without words is certain of none")
    func certainty() {
        var line = Self.line(wordsAfter: 1500)
        line.start()
        line.run(milliseconds: 2000)
        line.speak("book me in", for: 900)
        line.run(milliseconds: 1000)
        #expect(line.callerTurns.map(\.confidence) == [0])
        #expect(line.inputs.last == .callerSaid(CallerTurn(number: 1, text: "", confidence: 0)))
    }

    @Test("by the sound alone the end is decided sooner or later, never as soon as with words")
    func patience() {
        var rules = TurnDetector()
        func wait(_ likelihood: Double?) -> Int {
            rules.wait(after: "", expecting: .open, likelihood: likelihood, whileHolding: false) / 8
        }
        #expect([nil, 0.05, 0.5, 0.95].map(wait) == [700, 700, 700, 700])
        rules.hearsNoWords = true
        #expect([nil, 0.05, 0.5, 0.95].map(wait) == [700, 950, 700, 420])
    }
}
