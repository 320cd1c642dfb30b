import Agent
import CallSession
import Speech
import Testing

/// A caller who makes a sound while the agent speaks. 2 s into a sentence of more than 5 s, in virtual time.
@Suite("Barge-in")
struct BargeInTests {
    static let hours = "We are open every day from eight in the morning until six in the evening, and on Sundays."

    private func line(saying text: String = hours, expecting kind: Agent.Expectation.Kind = .open) -> VirtualLine {
        var line = VirtualLine { input in
            if case .callStarted = input { return [.expect(kind), .say(text)] }
            return [.say("Thanks.")]
        }
        line.start()
        line.run(milliseconds: 2000)
        return line
    }

    /// Milliseconds from `onset` to the first action like `action`; nil if there is none.
    private func delay(_ action: ConversationAction, in line: VirtualLine, since onset: Int) -> Int? {
        line.actions.first { $0.action == action && $0.at >= onset }.map { ($0.at - onset) / 8 }
    }

    @Test(
        "half a second of \"mm-hm\", a cough or a word to somebody else: the agent goes on and says everything",
        arguments: [
            ("mm-hm", 500, false), ("yeah okay", 700, false), (nil, 500, false), (nil, 1000, false),
            ("not now darling", 900, true),
        ] as [(String?, Int, Bool)])
    func soundsThatAreNoTurn(sound: String?, milliseconds: Int, isOutOfTask: Bool) {
        var line = line()
        line.speak(sound, for: milliseconds, outOfTask: isOutOfTask)
        line.run(milliseconds: 8000)
        #expect(line.agentTurns.map(\.wasInterrupted) == [false])
        #expect(line.agentTurns.first?.heard == Self.hours)
        #expect(line.actions.contains { $0.action == .resumePlayout })
        #expect(line.callerTurns == [])
        #expect(line.faults == [])
    }

    @Test("a backchannel that is known while it sounds is talked through")
    func talkedThrough() throws {
        var line = line()
        let onset = line.now
        line.post(.interim(UtteranceID(1), text: "mm-hm"), after: 320)
        line.speak("mm-hm", for: 700)
        line.run(milliseconds: 8000)
        #expect(try #require(delay(.pausePlayout, in: line, since: onset)) <= 60)
        #expect(try #require(delay(.resumePlayout, in: line, since: onset)) <= 340)
        #expect(line.actions.count { $0.action == .pausePlayout } == 1)
        #expect(line.agentTurns.first?.heard == Self.hours)
        #expect(line.callerTurns == [])
        #expect(line.faults == [])
    }

    @Test("words behind a backchannel interrupt as soon as they are known")
    func backchannelThatGoesOn() throws {
        var line = line()
        let onset = line.now
        line.post(.interim(UtteranceID(1), text: "yeah"), after: 320)
        line.post(.interim(UtteranceID(1), text: "yeah but i want to cancel"), after: 800)
        line.speak("yeah but i want to cancel", for: 1600)
        line.run(milliseconds: 3000)
        #expect(try #require(delay(.resumePlayout, in: line, since: onset)) <= 340)
        #expect((800...820).contains(try #require(delay(.clearPlayout(generation: 1), in: line, since: onset))))
        #expect(line.callerTurns.map(\.text) == ["yeah but i want to cancel"])
        #expect(line.agentTurns.first?.wasInterrupted == true)
        #expect(line.faults == [])
    }

    @Test("a voice that goes on behind a backchannel interrupts although its words are late")
    func endlessBackchannel() throws {
        var line = line()
        let onset = line.now
        line.post(.interim(UtteranceID(1), text: "okay"), after: 320)
        line.speak("okay then i would like to cancel", for: 2500)
        line.run(milliseconds: 3000)
        #expect((1200...1220).contains(try #require(delay(.clearPlayout(generation: 1), in: line, since: onset))))
        #expect(line.callerTurns.map(\.text) == ["okay then i would like to cancel"])
        #expect(line.faults == [])
    }

    @Test("words interrupt within 350 ms, a voice without words when it lasts")
    func interruptions() throws {
        var spoken = line()
        let onset = spoken.now
        spoken.post(.interim(UtteranceID(1), text: "stop"), after: 280)
        spoken.speak("stop please", for: 900)
        #expect(try #require(delay(.clearPlayout(generation: 1), in: spoken, since: onset)) <= 350)

        var wordless = line()
        wordless.speak("i have a question about something else", for: 2600)
        #expect((1500...1520).contains(try #require(delay(.clearPlayout(generation: 1), in: wordless, since: onset))))
        for line in [spoken, wordless] { #expect(line.faults == []) }
    }

    @Test(
        "\"yeah\" answers a question that is nearly over, and is a backchannel before",
        arguments: [
            ("Your number ends in eight four, is that right?", 2000, Agent.Expectation.Kind.open, true),
            ("Your number ends in eight four, is that right?", 500, .open, false),
            ("Your number ends in eight four. Say yes or no.", 2000, .yesNo, true),
            ("Your number ends in eight four. I will see.", 2000, .open, false),
        ])
    func answers(text: String, into: Int, kind: Agent.Expectation.Kind, isAnswer: Bool) {
        var settings = ConversationSettings()
        settings.turns.protectedGreeting = .zero
        var line = VirtualLine(settings: settings) { input in
            if case .callStarted = input { return [.expect(kind), .say(text)] }
            return [.say("Thanks.")]
        }
        line.start()
        line.run(milliseconds: into)
        line.speak("yeah", for: 300)
        line.run(milliseconds: 5000)
        #expect(line.callerTurns.map(\.text) == (isAnswer ? ["yeah"] : []))
        #expect(line.agentTurns.first?.wasInterrupted == isAnswer)
        #expect(line.faults == [])
    }

    @Test(
        "who speaks over the agent for longer than a short sound is not cut off at the first pause, whatever is known of it"
    )
    func slowWords() {
        var line = line()
        line.speak(nil, for: 1000)
        line.run(milliseconds: 300)
        line.speak(nil, for: 300)
        line.run(milliseconds: 3000)
        #expect(line.actions.count { $0.action == .finishRecognition(UtteranceID(1)) } == 1)
        #expect(!line.actions.contains { $0.action == .startRecognition(UtteranceID(2), context: "open") })
        #expect(line.faults == [])
    }
}
