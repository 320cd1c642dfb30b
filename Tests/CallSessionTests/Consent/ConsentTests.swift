import Agent
import Speech
import Testing

@testable import CallSession

/// A caller is told or asked before anything is kept, by the rules of the reducer alone.
@Suite("Consent to being recorded")
struct ConsentTests {
    private static let greeting = "Hello, this is the clinic."

    private func line(_ consent: RecordingPolicy.Consent, placed: Bool = false) -> VirtualLine {
        var settings = ConversationSettings()
        settings.recording = RecordingPolicy(consent)
        if placed { settings.placed = PlacedCall() }
        var line = VirtualLine(settings: settings, script: ConversationTests.echo)
        line.start()
        return line
    }

    private func states(_ line: VirtualLine) -> [RecordingConsent.State] {
        line.notes.compactMap { if case .consent(let consent) = $0 { consent.state } else { nil } }
    }

    private func recordingActions(_ line: VirtualLine) -> [ConversationAction] {
        line.actions.map(\.action).filter {
            switch $0 {
            case .startRecording, .stopRecording: true
            default: false
            }
        }
    }

    @Test("the announcement is said first, and the recording begins when it was heard, not when it was said")
    func announced() throws {
        var line = line(.announce)
        line.run(milliseconds: 6000)
        #expect(line.agentTurns.map(\.heard) == ["This call is recorded.", Self.greeting])
        #expect(states(line) == [.announced] && line.conversation.consent?.evidence == .announcement)
        let start = try #require(line.actions.first { $0.action == .startRecording }).at
        let said = try #require(line.said.first).at
        // 60 ms a letter.
        #expect(start >= said + "This call is recorded.".count * 480)
        #expect(line.faults == [] && line.incidents == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("whoever speaks over the announcement hears it to its end; who hangs up before that is not recorded")
    func overAnnouncement() {
        var line = line(.announce)
        line.run(milliseconds: 400)
        line.speak("i need an appointment", for: 500)
        line.run(milliseconds: 100)
        #expect(states(line).isEmpty && recordingActions(line).isEmpty)
        var gone = line
        gone.deliver(.hungUp(reason: "caller hung up"))
        #expect(recordingActions(gone).isEmpty && gone.conversation.consent?.state == .pending)
        line.run(milliseconds: 5000)
        #expect(states(line) == [.announced])
        #expect(
            line.agentTurns.first?.heard == "This call is recorded." && line.agentTurns.first?.wasInterrupted == false)
        #expect(line.callerTurns.map(\.text) == ["i need an appointment"])
    }

    @Test(
        "an answer in words or by a key decides, and the greeting comes after it",
        arguments: [
            ("yes please", nil, RecordingConsent.State.granted, "Thank you."),
            ("no thank you", nil, .refused, "All right, this call is not recorded."),
            (nil, "1", .granted, "Thank you."), (nil, "2", .refused, "All right, this call is not recorded."),
        ] as [(String?, String?, RecordingConsent.State, String)])
    func answered(words: String?, key: String?, state: RecordingConsent.State, closing: String) {
        var line = line(.ask)
        line.run(milliseconds: 5000)
        #expect(line.inputs.isEmpty && recordingActions(line).isEmpty)
        if let words { line.speak(words, for: 700) }
        if let key { line.deliver(.keyPressed(key)) }
        line.run(milliseconds: 6000)
        #expect(states(line) == [state])
        #expect(line.conversation.consent?.evidence == (key == nil ? .words : .key))
        #expect(recordingActions(line) == (state == .granted ? [.startRecording] : []))
        #expect(
            line.agentTurns.map(\.heard) == ["May I record this call? Please say yes or no.", closing, Self.greeting])
        #expect(line.inputs.count == 1 && line.inputs.first == .callStarted(CallFacts(callID: "")))
        // The dialogue has nothing to forget of what it did not say.
        #expect(!line.actions.contains { if case .cutReply = $0.action { true } else { false } })
        line.speak("book me in", for: 900)
        line.run(milliseconds: 4000)
        #expect(line.agentTurns.last?.heard == "You said book me in. Is that right?")
        #expect(line.faults == [] && line.incidents == [])
    }

    @Test(
        "an unclear answer is asked about once, then counts as no; so does silence",
        arguments: ["what did you say", nil])
    func unclear(words: String?) {
        var line = line(.ask)
        line.run(milliseconds: 5000)
        for _ in 0..<2 {
            if let words { line.speak(words, for: 900) } else { line.run(milliseconds: 8000) }
            line.run(milliseconds: 6500)
        }
        line.run(milliseconds: 3000)
        #expect(states(line) == [.refused])
        #expect(line.conversation.consent?.evidence == (words == nil ? .silence : .unclear))
        #expect(recordingActions(line).isEmpty)
        #expect(
            line.agentTurns.map(\.planned).prefix(4).suffix(3) == [
                "I did not get that. May this call be recorded, yes or no?", "All right, this call is not recorded.",
                Self.greeting,
            ])
        #expect(line.faults == [])
    }

    @Test("a yes to a question of which little was heard is none; a no is one at any time")
    func early() {
        var yes = line(.ask)
        yes.run(milliseconds: 300)
        yes.speak("yes", for: 400)
        yes.run(milliseconds: 600)
        #expect(states(yes).isEmpty)
        yes.run(milliseconds: 4000)
        yes.speak("yes", for: 400)
        yes.run(milliseconds: 1500)
        #expect(states(yes) == [.granted])
        var no = line(.ask)
        no.run(milliseconds: 300)
        no.speak("no", for: 400)
        no.run(milliseconds: 1500)
        #expect(states(no) == [.refused])
        #expect(yes.faults == [] && no.faults == [])
    }

    @Test("a caller who no longer wants it is obeyed, and a wish in the same breath is answered")
    func withdrawn() {
        var line = line(.announce)
        line.run(milliseconds: 6000)
        var wish = line
        line.speak("please don't record this", for: 1200)
        line.run(milliseconds: 6000)
        #expect(states(line) == [.announced, .withdrawn])
        #expect(recordingActions(line) == [.startRecording, .stopRecording(deletes: true)])
        #expect(line.agentTurns.last?.heard == "I have stopped the recording. Please go on.")
        #expect(line.inputs.count == 1)
        let long = "please do not record this and i would like to see doctor lee on tuesday"
        wish.speak(long, for: 3000)
        wish.run(milliseconds: 15_000)
        #expect(states(wish) == [.announced, .withdrawn])
        #expect(wish.agentTurns.contains { $0.heard == "You said \(long). Is that right?" })
        // What was withdrawn stays so.
        wish.speak("don't record me", for: 900)
        wish.run(milliseconds: 4000)
        #expect(states(wish) == [.announced, .withdrawn] && wish.inputs.last != wish.inputs.first)
        #expect(line.faults == [] && wish.faults == [])
    }

    @Test("who objects while it is announced is not recorded, and told so")
    func objected() {
        var line = line(.announce)
        line.run(milliseconds: 100)
        line.speak("don't record me", for: 500)
        line.run(milliseconds: 8000)
        #expect(states(line) == [.refused] && line.conversation.consent?.evidence == .words)
        #expect(recordingActions(line).isEmpty)
        #expect(
            line.agentTurns.map(\.heard).suffix(2) == ["All right, this call is not recorded.", Self.greeting])
        #expect(line.faults == [] && line.incidents == [])
    }

    @Test("the answer to the question is listened for among answers to it")
    func context() {
        var line = line(.ask)
        line.run(milliseconds: 5000)
        line.speak("yes", for: 400)
        let contexts = line.actions.compactMap { entry -> String? in
            if case .startRecognition(_, let context) = entry.action { context } else { nil }
        }
        #expect(contexts == [ConsentLanguage.context])
    }

    @Test("a withdrawal is heard by ears that call it no part of their task")
    func outOfTask() {
        var line = line(.announce)
        line.run(milliseconds: 6000)
        line.speak("please don't record this", for: 1200, outOfTask: true)
        line.run(milliseconds: 6000)
        #expect(states(line) == [.announced, .withdrawn])
        #expect(recordingActions(line) == [.startRecording, .stopRecording(deletes: true)])
        #expect(line.agentTurns.last?.heard == "I have stopped the recording. Please go on.")
        var asked = self.line(.ask)
        asked.run(milliseconds: 5000)
        asked.speak("please don't record this", for: 1200, outOfTask: true)
        asked.run(milliseconds: 3000)
        #expect(states(asked) == [.refused] && recordingActions(asked).isEmpty)
        #expect(line.faults == [] && asked.faults == [])
    }

    @Test("what was recorded may be kept when the agent's file says so")
    func kept() {
        var settings = ConversationSettings()
        settings.recording = RecordingPolicy(.announce)
        settings.recording?.withdrawal = .keep
        var line = VirtualLine(settings: settings, script: ConversationTests.echo)
        line.start()
        line.run(milliseconds: 6000)
        line.speak("stop recording", for: 900)
        line.run(milliseconds: 1000)
        #expect(recordingActions(line) == [.startRecording, .stopRecording(deletes: false)])
    }

    @Test("without a voice for it the call goes on, unrecorded")
    func speechless() {
        var settings = ConversationSettings()
        settings.recording = RecordingPolicy(.announce)
        var line = VirtualLine(settings: settings, script: ConversationTests.echo)
        line.makeUnspeakable("This call is recorded.")
        line.start()
        line.run(milliseconds: 5000)
        #expect(states(line) == [.unasked] && recordingActions(line).isEmpty)
        #expect(line.incidents == ["synthesis", "recording consent"])
        #expect(line.agentTurns.map(\.heard).suffix(1) == [Self.greeting])
        #expect(line.faults == [])
    }

    @Test("an operator who takes the line ends the asking; afterwards the agent begins the call")
    func operated() {
        var line = line(.ask)
        line.run(milliseconds: 1000)
        line.deliver(.operated(.takeOver))
        #expect(states(line) == [.unasked])
        line.run(milliseconds: 1000)
        line.deliver(.operated(.handBack(wasLost: false)))
        line.run(milliseconds: 15_000)
        #expect(recordingActions(line).isEmpty)
        #expect(line.inputs.first == .callStarted(CallFacts(callID: "")))
        #expect(line.faults == [])
    }

    @Test("on a call that we placed it comes after the hello; the way out is open all the same")
    func placed() {
        var line = line(.ask, placed: true)
        line.speak("hello", for: 400)
        line.run(milliseconds: 6000)
        #expect(line.agentTurns.map(\.heard) == ["May I record this call? Please say yes or no."])
        var out = line
        line.speak("sure", for: 400)
        line.run(milliseconds: 6000)
        #expect(states(line) == [.granted] && line.agentTurns.last?.heard == Self.greeting)
        var words = out
        out.deliver(.keyPressed("9"))
        out.run(milliseconds: 3000)
        #expect(states(out) == [.unasked] && out.inputs == [.keysPressed("9")])
        words.speak("stop calling me", for: 900)
        words.run(milliseconds: 3000)
        #expect(states(words) == [.unasked])
        guard case .callerSaid(let turn)? = words.inputs.first else {
            Issue.record("the dialogue was not told: \(words.inputs)")
            return
        }
        #expect(turn.text == "stop calling me")
        #expect(line.faults == [] && out.faults == [] && words.faults == [])
    }
}
