import Agent
import CallSession
import Speech
import Testing

/// A caller who makes a sound while the agent speaks. 2 s into a sentence of more than 5 s, in virtual time.
@Suite("Barge-in")
struct BargeInTests {
    static let hours = "We are open every day from eight in the morning until six in the evening, and on Sundays."

    /// - Parameter isWorking: the agent's reply is not whole: a tool of its works while it speaks.
    private func line(
        saying text: String = hours, expecting kind: Agent.Expectation.Kind = .open, isWorking: Bool = false,
        profile: BargeInPolicy.Profile = .usual
    ) -> VirtualLine {
        var settings = ConversationSettings()
        settings.turns = settings.turns.adapted(to: profile)
        var line = VirtualLine(settings: settings) { input in
            if case .callStarted = input {
                return [.expect(kind), .say(text)] + (isWorking ? [.work(milliseconds: 20_000)] : [])
            }
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
            ("mm-hm", 500, false), ("yeah okay", 700, false), ("that's fine", 700, false), (nil, 500, false),
            (nil, 1000, false),
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

    @Test("after a backchannel that was known while it sounded the agent goes on as soon as it is over")
    func knownBackchannel() throws {
        var line = line()
        let onset = line.now
        line.post(.interim(UtteranceID(1), text: "mm-hm"), after: 320)
        line.speak("mm-hm", for: 700)
        line.run(milliseconds: 8000)
        #expect(try #require(delay(.pausePlayout, in: line, since: onset)) <= 60)
        // The detector is sure 160 ms after the sound.
        #expect((860...880).contains(try #require(delay(.resumePlayout, in: line, since: onset))))
        #expect(line.actions.count { $0.action == .pausePlayout } == 1)
        #expect(line.agentTurns.first?.heard == Self.hours)
        #expect(line.callerTurns == [])
        #expect(line.faults == [])
    }

    @Test("what begins like a backchannel and goes on is an interruption: the agent stays silent")
    func backchannelThatGoesOn() throws {
        var line = line()
        let onset = line.now
        line.post(.interim(UtteranceID(1), text: "yeah"), after: 320)
        line.post(.interim(UtteranceID(1), text: "yeah but i want to cancel"), after: 800)
        line.speak("yeah but i want to cancel", for: 1600)
        line.run(milliseconds: 3000)
        #expect(try #require(delay(.pausePlayout, in: line, since: onset)) <= 60)
        #expect(!line.actions.contains { $0.action == .resumePlayout })
        #expect(line.callerTurns.map(\.text) == ["yeah but i want to cancel"])
        #expect(line.agentTurns.first?.wasInterrupted == true)
        #expect(line.faults == [])
    }

    @Test(
        "so is a voice that goes on behind it although its words are late; a reply still being made is given up after 1.2 s"
    )
    func endlessBackchannel() throws {
        var line = line()
        let onset = line.now
        line.post(.interim(UtteranceID(1), text: "okay"), after: 320)
        line.speak("okay then i would like to cancel", for: 2500)
        line.run(milliseconds: 3000)
        #expect(try #require(delay(.pausePlayout, in: line, since: onset)) <= 60)
        #expect(!line.actions.contains { $0.action == .resumePlayout })
        var working = self.line(isWorking: true)
        working.post(.interim(UtteranceID(1), text: "okay"), after: 320)
        working.speak("okay then i would like to cancel", for: 2500)
        #expect((1200...1220).contains(try #require(delay(.clearPlayout(generation: 1), in: working, since: onset))))
        #expect(line.callerTurns.map(\.text) == ["okay then i would like to cancel"])
        #expect(line.faults == [])
    }

    @Test("an interruption silences the agent at once, for good, and is answered after its last word")
    func interruption() throws {
        var line = line()
        let onset = line.now
        line.post(.interim(UtteranceID(1), text: "stop"), after: 280)
        line.speak("stop please", for: 900)
        line.run(milliseconds: 2000)
        #expect(try #require(delay(.pausePlayout, in: line, since: onset)) <= 60)
        #expect(!line.actions.contains { $0.action == .resumePlayout })
        #expect(try #require(delay(.clearPlayout(generation: 1), in: line, since: onset)) <= 900 + 520 + 40)
        #expect(line.callerTurns.map(\.text) == ["stop please"])
        #expect(line.faults == [])
    }

    @Test("a reply that is still being made is given up: by words within 350 ms, without words when the voice lasts")
    func interruptionOfWork() throws {
        var spoken = line(isWorking: true)
        let onset = spoken.now
        spoken.post(.interim(UtteranceID(1), text: "stop"), after: 280)
        spoken.speak("stop please", for: 900)
        #expect(try #require(delay(.clearPlayout(generation: 1), in: spoken, since: onset)) <= 350)

        var wordless = line(isWorking: true)
        wordless.speak("i have a question about something else", for: 2600)
        #expect((1500...1520).contains(try #require(delay(.clearPlayout(generation: 1), in: wordless, since: onset))))
        for line in [spoken, wordless] { #expect(line.faults == []) }
    }

    @Test(
        "a patient agent talks through coughs and \"mm-hm\", and stops for words, however short, and for a voice that lasts",
        arguments: [
            (nil, 450, nil), ("mm-hm", 400, nil), ("stop", 400, 400...600),
            ("stop please i have a question", 1600, 280...320),
            (nil, 900, 660...680),
        ] as [(String?, Int, ClosedRange<Int>?)])
    func patient(sound: String?, milliseconds: Int, hold: ClosedRange<Int>?) {
        var line = line(profile: .patient)
        let onset = line.now
        if milliseconds > 1000 { line.post(.interim(UtteranceID(1), text: "stop please"), after: 280) }
        line.speak(sound, for: milliseconds)
        line.run(milliseconds: 9000)
        let pause = delay(.pausePlayout, in: line, since: onset)
        #expect(pause.map { hold?.contains($0) ?? false } ?? (hold == nil), "\(String(describing: pause))")
        #expect(line.callerTurns.map(\.text) == (hold == nil ? [] : [sound].compactMap(\.self)))
        #expect(line.faults == [])
    }

    @Test("an eager agent gives up a reply that is still being made in half the time", arguments: [true, false])
    func eager(hasWords: Bool) throws {
        var line = line(isWorking: true, profile: .eager)
        let onset = line.now
        if hasWords { line.post(.interim(UtteranceID(1), text: "stop"), after: 120) }
        line.speak("stop please", for: 1600)
        let given = try #require(delay(.clearPlayout(generation: 1), in: line, since: onset))
        #expect((hasWords ? 150...180 : 750...770).contains(given))
        #expect(line.faults == [])
    }

    @Test("an \"um\" over the end of a question is no answer to it", arguments: Agent.Expectation.Kind.allCases)
    func hesitationOverQuestion(kind: Agent.Expectation.Kind) {
        let question = "Which of these days would suit you best?"
        for sound in ["um", "uh", "hmm"] {
            var line = line(saying: question, expecting: kind)
            line.speak(sound, for: 350)
            line.run(milliseconds: 4000)
            #expect(line.agentTurns.map(\.heard) == [question])
            #expect(line.callerTurns == [])
            #expect(line.faults == [])
        }
    }

    @Test("an \"um\" after the question is thinking: the agent waits, and the words that follow are the turn")
    func hesitationAfterQuestion() {
        var line = line(saying: "Which day?", expecting: .date)
        line.speak("um", for: 300)
        line.run(milliseconds: 2500)
        #expect(line.inputs.count == 1)
        line.speak("next tuesday", for: 800)
        line.run(milliseconds: 3000)
        #expect(line.callerTurns.map(\.text) == ["next tuesday"])
        #expect(line.faults == [])
    }

    @Test("\"oh\" is a digit where a number is asked for, and a sound elsewhere")
    func ohIsADigit() {
        for (kind, turns) in [(Agent.Expectation.Kind.digits, ["oh"]), (.open, [])] {
            var line = line(saying: "Yes?", expecting: kind)
            line.speak("oh", for: 300)
            line.run(milliseconds: 3000)
            #expect(line.callerTurns.map(\.text) == turns)
        }
    }

    @Test(
        "\"okay\" answers no question for a day, a time, a name or a number", arguments: Agent.Expectation.Kind.allCases
    )
    func agreement(kind: Agent.Expectation.Kind) {
        var line = line(saying: "Which of these days would suit you best?", expecting: kind)
        line.speak("okay", for: 350)
        line.run(milliseconds: 4000)
        #expect(line.callerTurns.map(\.text) == ([.open, .yesNo, .choice].contains(kind) ? ["okay"] : []))
        #expect(line.faults == [])
    }

    @Test("what the dialogue thinks none of its business is for somebody else: the agent goes on where it was")
    func sideTalk() {
        for providesProvisionals in [true, false] {
            var line = line()
            line.opinion = { text in
                ReplyPreview(completeness: text.hasPrefix("put it") ? .beside : .complete)
            }
            line.providesProvisionals = providesProvisionals
            line.post(.interim(UtteranceID(1), text: "put it on"), after: 600)
            line.speak("put it on the table", for: 1800)
            line.run(milliseconds: 9000)
            #expect(line.agentTurns.map(\.heard) == [Self.hours])
            #expect(line.actions.count { $0.action == .resumePlayout } == 1)
            #expect(line.callerTurns == [])
            #expect(line.faults == [])
        }
    }

    @Test("what the recognizer says in the end is asked about anew: it may have heard other words, or heard them worse")
    func lastWord() {
        for interim in ["put me down", "put it on the table"] {
            var line = line()
            line.opinionOnTurn = { turn in
                let isWhole = turn.text.hasPrefix("put me") || turn.confidence > 0.5
                return ReplyPreview(completeness: isWhole ? .complete : .beside)
            }
            line.providesInterims = false
            line.post(.interim(UtteranceID(1), text: interim), after: 600)
            line.speak("put it on the table", for: 1000, confidence: 0.2)
            line.run(milliseconds: 9000)
            #expect(line.agentTurns.map(\.heard) == [Self.hours])
            #expect(line.callerTurns == [])
            #expect(line.faults == [])
        }
    }

    @Test(
        "a dialogue without an opinion is not waited for, and one that does not answer only once",
        arguments: [true, false])
    func noOpinion(answers: Bool) throws {
        var line = VirtualLine { _ in [.say(Self.hours)] }
        line.answersPreviews = answers
        line.start()
        var waits: [Int] = []
        for _ in 0..<2 {
            line.run(milliseconds: 2000)
            line.speak("i want to know something else", for: 1200)
            line.run(milliseconds: 1200)
            let end = try #require(line.log.last { if case .transcript = $0.event { true } else { false } }).at
            let turn = try #require(
                line.actions.last { if case .note(.callerTurn) = $0.action { true } else { false } }
            ).at
            waits.append((turn - end) / 8)
        }
        #expect((answers ? 0...20 : 150...170).contains(waits[0]))
        #expect(waits[1] == 0)
        #expect(line.faults == [])
    }

    @Test("a caller who speaks on while their words are weighed has said them all in one turn")
    func speaksOn() {
        var line = line()
        line.answersPreviews = false
        line.speak("i want an appointment", for: 1200)
        // The pause of 520 ms is over, and the words are known.
        line.run(milliseconds: 390)
        line.speak("on friday", for: 800)
        line.run(milliseconds: 2000)
        #expect(line.callerTurns.map(\.text) == ["i want an appointment on friday"])
        #expect(line.faults == [])
    }

    @Test(
        "of a short sound the recognizer must be sure, or it is none; of many words it need not be",
        arguments: [("thank you", 250, 0.35, 0), ("stop", 250, 0.9, 1), ("please stop it", 900, 0.35, 1)])
    func mereSound(text: String, milliseconds: Int, confidence: Double, turns: Int) {
        var line = line()
        line.opinion = { _ in ReplyPreview(completeness: .complete) }
        line.providesInterims = false
        line.speak(text, for: milliseconds, confidence: confidence)
        line.run(milliseconds: 9000)
        #expect(line.callerTurns.count == turns)
        #expect(line.faults == [])
    }

    @Test(
        "\"yes\" over a question that it cannot answer is a listening sound", arguments: Agent.Expectation.Kind.allCases
    )
    func yes(kind: Agent.Expectation.Kind) {
        var line = line(expecting: kind)
        line.speak("yes", for: 300)
        line.run(milliseconds: 9000)
        #expect(line.callerTurns.count == ([.open, .yesNo, .choice].contains(kind) ? 1 : 0))
        #expect(line.faults == [])
    }

    @Test("the same words are a turn where the agent does not speak")
    func sideTalkInSilence() {
        var line = line(saying: "Yes?")
        line.opinion = { _ in ReplyPreview(completeness: .beside) }
        line.speak("put it on the table", for: 1500)
        line.run(milliseconds: 3000)
        #expect(line.callerTurns.map(\.text) == ["put it on the table"])
    }

    @Test("an interruption that the dialogue finds whole is answered as soon as any whole answer")
    func quickAnswer() throws {
        var line = line()
        line.opinion = { _ in ReplyPreview(completeness: .complete, firstSentence: "Thanks.") }
        line.providesProvisionals = true
        line.speak("tomorrow at nine", for: 1200)
        line.run(milliseconds: 3000)
        #expect(try #require(line.latencies.last).endOfTurnWait == 260 * 8)
        #expect(line.faults == [])
    }

    @Test("a voice that nobody understands a word of is a television: after four seconds the agent speaks on")
    func television() throws {
        var line = line()
        let onset = line.now
        line.speak(nil, for: 12_000)
        line.run(milliseconds: 1000)
        #expect((4000...4020).contains(try #require(delay(.resumePlayout, in: line, since: onset))))
        #expect(line.agentTurns.map(\.heard) == [Self.hours])
        #expect(line.faults == [])
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
