import Agent
import Testing

@testable import CallSession

/// Lines that are never quiet, and callers who never say a word.
@Suite("Callers with whom there is no conversation")
struct EndlessCallerTests {
    private static func echo(_ input: DialogueInput) -> [VirtualLine.Part] {
        switch input {
        case .callStarted: [.say("Hello.")]
        case .callerSaid(let turn): [.say("You said \(turn.text).")]
        case .callerNotUnderstood: [.say("Sorry?")]
        case .callerSilent, .notReached: [.say("Are you there?")]
        case .keysPressed: [.say("Thanks.")]
        }
    }

    private static func line() -> VirtualLine {
        var line = VirtualLine(script: echo)
        line.start()
        line.run(milliseconds: 2000)
        return line
    }

    private func silences(_ line: VirtualLine) -> Int {
        line.inputs.count { if case .callerSilent = $0 { true } else { false } }
    }

    @Test("who only coughs is asked again as soon as who says nothing, and let go as well")
    func coughs() {
        var line = Self.line()
        for _ in 0..<30 {
            line.speak(nil, for: 180)
            line.run(milliseconds: 2600)
        }
        #expect(silences(line) == 3)
        #expect(line.hangUps == ["caller silent"])
        #expect(line.callerTurns.isEmpty)
        #expect(line.faults == [])
    }

    @Test("a cough just before the agent asks again is given a moment in which words may follow")
    func coughBeforePrompt() {
        var line = Self.line()
        line.run(milliseconds: 5800)
        line.speak(nil, for: 180)
        let cough = line.now
        line.run(milliseconds: 4000)
        let asked = line.said.last { $0.text == "Are you there?" }
        #expect(((asked?.at ?? 0) - cough) / 8 >= 1400)
        #expect(((asked?.at ?? .max) - cough) / 8 <= 2500)
    }

    @Test(
        "a voice without any pause is answered every 25 seconds, hears that it cannot be helped, and is let go after the third time"
    )
    func neverStops() {
        var line = Self.line()
        line.post(.voiceStarted(onset: line.now), after: 0)
        line.run(milliseconds: 100_000)
        #expect(line.incidents.filter { $0 == "long utterance" }.count == 3)
        #expect(line.incidents.contains("endless voice"))
        #expect(line.said.last?.text == ConversationSettings().surrender)
        #expect(line.hangUps == ["caller never paused"])
        #expect(line.faults == [])
    }

    @Test("who speaks for a minute and a half with breaths between is never let go")
    func breaths() {
        var line = Self.line()
        for _ in 0..<4 {
            line.speak("and then i went to the other doctor", for: 24_000)
            line.run(milliseconds: 200)
        }
        line.run(milliseconds: 3000)
        #expect(line.hangUps == [])
        #expect(!line.incidents.contains("endless voice"))
        #expect(line.callerTurns.count >= 1)
    }

    @Test("who is still speaking where their utterance was cut is heard on from there, and can interrupt the answer")
    func heardOn() {
        var line = Self.line()
        line.post(.voiceStarted(onset: line.now), after: 0)
        line.run(milliseconds: 25_400)
        let began = line.actions.filter { if case .startRecognition = $0.action { true } else { false } }
        #expect(began.count == 2)
        // The agent has begun to answer what it had of them; words of the voice that goes on stop it.
        line.run(milliseconds: 600)
        let id = line.conversation.utterance
        line.deliver(.interim(id, text: "and another thing is the parking"))
        line.run(milliseconds: 400)
        #expect(!line.isAgentAudible)
        line.post(.voiceStopped(lastVoiced: line.now), after: 0)
        line.run(milliseconds: 3000)
        #expect(line.hangUps == [])
        #expect(line.faults == [])
    }

    @Test("music on the line, with beats and without words, ends like a caller who is not there")
    func music() {
        var line = Self.line()
        var seconds = 0
        while line.hangUps.isEmpty, seconds < 300 {
            line.speak(nil, for: 2600)
            line.run(milliseconds: 240)
            seconds += 3
        }
        #expect(line.hangUps == ["caller silent"])
        #expect(seconds < 120)
        #expect(line.faults == [])
    }

    @Test("a call that lasts too long ends with a goodbye")
    func longest() {
        var settings = ConversationSettings()
        settings.longestCall = .seconds(60)
        var line = VirtualLine(settings: settings, script: Self.echo)
        line.start()
        for _ in 0..<30 {
            line.run(milliseconds: 1500)
            line.speak("go on", for: 800)
        }
        #expect(line.incidents.contains("call length"))
        #expect(line.said.last?.text == settings.farewell)
        #expect(line.hangUps == ["too long"])
        #expect((line.said.last?.at ?? 0) / 8000 == 60)
    }

    @Test("a silence without a reason is met with stronger remedies each time: ask, open ears and voice anew, give up")
    func liveness() {
        var line = Self.line()
        var reopened: [Bool] = []
        for _ in 0..<2 {
            let before = line.actions.count
            line.deliver(.livenessLost)
            reopened.append(line.actions[before...].contains { $0.action == .reopenSpeech })
            line.run(milliseconds: 2000)
            #expect(line.said.last?.text == "Are you there?")
        }
        #expect(reopened == [false, true])
        line.deliver(.livenessLost)
        line.run(milliseconds: 10_000)
        #expect(line.said.last?.text == ConversationSettings().surrender)
        #expect(line.hangUps == ["stuck"])
        #expect(line.incidents.filter { $0 == "liveness" }.count == 3)
        #expect(line.faults == [])
    }

    @Test("keys in between are a sign of the caller, too")
    func keys() {
        var line = Self.line()
        for _ in 0..<4 {
            line.deliver(.livenessLost)
            line.run(milliseconds: 2000)
            line.deliver(.keyPressed("1"))
            line.run(milliseconds: 3000)
        }
        #expect(!line.actions.contains { $0.action == .reopenSpeech })
        #expect(line.hangUps == [])
    }

    @Test("who is to be handed on is, although the voice that would say so is what failed")
    func voiceless() {
        var settings = ConversationSettings()
        settings.escalation = "+15550100"
        var line = VirtualLine(settings: settings) { input in
            if case .callStarted = input { [.say("Hello.")] } else { [.sayUnspeakably("§")] }
        }
        line.start()
        line.run(milliseconds: 2000)
        line.makeUnspeakable(settings.apology, settings.surrender)
        for _ in 0..<3 {
            line.speak("book me in", for: 800)
            line.run(milliseconds: 14_000)
        }
        #expect(line.actions.contains { $0.action == .transfer(destination: "+15550100", reason: "the agent failed") })
        #expect(line.hangUps == [])
        #expect(line.faults == [])
    }

    @Test("a sound without words that cut an answer short is not taken for a long silence")
    func cutAnswer() {
        var line = VirtualLine { input in
            switch input {
            case .callStarted: [.say("Hello.")]
            case .callerSilent: [.say("Are you there?")]
            default: [.say("Let me tell you all about it, one thing after the other."), .work(milliseconds: 6000)]
            }
        }
        line.start()
        line.run(milliseconds: 2000)
        line.speak("tell me", for: 800)
        line.run(milliseconds: 1500)
        line.speak(nil, for: 1900)
        let silent = line.now
        line.run(milliseconds: 12_000)
        if let asked = line.said.first(where: { $0.text == "Are you there?" }) { #expect(asked.at - silent > 48_000) }
    }

    @Test("a caller's turn in between begins the remedies anew")
    func recovered() {
        var line = Self.line()
        for _ in 0..<4 {
            line.deliver(.livenessLost)
            line.run(milliseconds: 2000)
            line.speak("book me in", for: 800)
            line.run(milliseconds: 3000)
        }
        #expect(!line.actions.contains { $0.action == .reopenSpeech })
        #expect(line.hangUps == [])
    }
}
