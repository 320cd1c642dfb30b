import Agent
import CallSession
import Speech
import Testing

@Suite("A conversation")
struct ConversationTests {
    /// Greets, echoes, says goodbye to "goodbye".
    static func echo(_ input: DialogueInput) -> [VirtualLine.Part] {
        switch input {
        case .callStarted: [.expect(.open), .say("Hello, this is the clinic.")]
        case .callerSaid(let turn) where turn.text == "goodbye": [.say("Goodbye."), .hangUp]
        case .callerSaid(let turn): [.expect(.open), .say("You said \(turn.text)."), .say("Is that right?")]
        case .callerNotUnderstood: [.say("Sorry?")]
        case .callerSilent, .notReached: [.say("Are you there?")]
        case .keysPressed(let keys): [.say("You pressed \(keys).")]
        }
    }

    @Test("greets, answers and hangs up after the goodbye was heard")
    func straightThrough() {
        var line = VirtualLine(script: Self.echo)
        line.start()
        line.run(milliseconds: 4000)
        line.speak("book me in", for: 900)
        line.run(milliseconds: 5000)
        line.speak("goodbye", for: 500)
        line.run(milliseconds: 3000)
        #expect(
            line.agentTurns.map(\.heard) == [
                "Hello, this is the clinic.", "You said book me in. Is that right?", "Goodbye.",
            ])
        #expect(line.callerTurns.map(\.text) == ["book me in", "goodbye"])
        #expect(line.hangUps == ["done"])
        #expect(line.conversation.phase == .ended(reason: "done"))
        #expect(line.faults == [])
        #expect(line.incidents == [])
    }

    @Test(
        "the agent's turns carry the number of the caller's turn they answer, the greeting 0, also those that were cut")
    func turnNumbers() {
        var line = VirtualLine { input in
            if case .callerSaid(let turn) = input, turn.text == "book me in" {
                [
                    .say(
                        "Certainly, I will book you in for the very next appointment that is free on any day of the week."
                    )
                ]
            } else {
                Self.echo(input)
            }
        }
        line.start()
        line.run(milliseconds: 4000)
        line.speak("book me in", for: 900)
        line.run(milliseconds: 2500)
        // Over the answer to turn 1: what is left of it is known when turn 2 has begun.
        line.speak("no thursday", for: 900)
        // The answer to turn 2, and after it a question whether the caller is still there.
        line.run(milliseconds: 16_000)
        #expect(line.callerTurns.map(\.turn) == [1, 2])
        #expect(line.agentTurns.prefix(4).map(\.turn) == [0, 1, 2, 2])
        #expect(line.agentTurns.prefix(4).map(\.wasInterrupted) == [false, true, false, false])
        #expect(line.agentTurns.dropFirst(3).first?.heard == "Are you there?")
        #expect(line.faults == [])
    }

    @Test("the parts of a turn's latency add up, and Parley's own part is below 5 ms plus a tick")
    func latencyParts() throws {
        var line = VirtualLine(script: Self.echo)
        line.recognitionDelay = 12
        line.start()
        line.run(milliseconds: 4000)
        line.speak("book me in", for: 900)
        line.run(milliseconds: 3000)
        let latency = try #require(line.latencies.last)
        #expect(latency.turn == 1)
        #expect(latency.recognition == 12 * 8)
        #expect(latency.synthesis == 15 * 8)
        #expect(latency.own <= 25 * 8)
        #expect(
            latency.total == latency.endOfTurnWait + latency.recognition + latency.reply + latency.synthesis
                + latency.own)
    }

    @Test("an interruption clears the carrier and keeps only what was heard")
    func bargeIn() throws {
        var line = VirtualLine { input in
            if case .callStarted = input {
                [
                    .say(
                        "Welcome to the clinic, we are open every day from eight in the morning until six in the evening."
                    )
                ]
            } else {
                Self.echo(input)
            }
        }
        line.start()
        line.run(milliseconds: 2500)
        line.post(.interim(UtteranceID(1), text: "book me in"), after: 400)
        line.speak("book me in", for: 900)
        line.run(milliseconds: 4000)
        let turn = try #require(line.agentTurns.first)
        #expect(turn.wasInterrupted)
        #expect(turn.planned.hasPrefix(turn.heard))
        #expect(!turn.heard.isEmpty && turn.heard.count < turn.planned.count)
        #expect(line.actions.contains { $0.action == .cutReply(heard: turn.heard) })
        // Held at once and for good; given up when the words are known to be all and for the agent: "in" is waited for.
        let onset = line.log.compactMap { if case .voiceStarted(let onset) = $0.event { onset } else { nil } }[0]
        let held = try #require(line.actions.first { $0.action == .pausePlayout }).at
        let cleared = try #require(line.actions.first { $0.action == .clearPlayout(generation: 1) }).at
        #expect(held - onset <= 60 * 8)
        #expect(cleared - onset <= (900 + 1300 + 40) * 8)
        #expect(!line.actions.contains { $0.action == .resumePlayout })
        #expect(line.callerTurns.map(\.text) == ["book me in"])
        #expect(line.faults == [])
    }

    @Test("a backchannel or a cough does not stop the agent", arguments: ["mm-hm", "okay", nil])
    func backchannel(_ sound: String?) {
        var line = VirtualLine { _ in
            [.say("We are open every day from eight in the morning until six in the evening.")]
        }
        line.start()
        line.run(milliseconds: 2000)
        line.speak(sound, for: 220)
        line.run(milliseconds: 6000)
        #expect(line.agentTurns.first?.wasInterrupted == false)
        #expect(line.agentTurns.first?.heard == line.agentTurns.first?.planned)
        #expect(line.actions.contains { $0.action == .resumePlayout })
        #expect(!line.actions.contains { $0.action == .clearPlayout(generation: 1) })
        #expect(line.faults == [])
    }

    @Test("the first words of the greeting are protected")
    func protectedGreeting() {
        var line = VirtualLine(script: Self.echo)
        line.start()
        line.run(milliseconds: 200)
        line.speak("okay", for: 200)
        #expect(!line.actions.contains { $0.action == .pausePlayout })
        #expect(line.faults == [])
    }

    @Test("words before and after a pause that was too long for the recognizer but not for the turn are one turn")
    func continuation() {
        var line = VirtualLine(script: Self.echo)
        line.recognitionDelay = 400
        line.start()
        line.run(milliseconds: 4000)
        line.speak("i would like to book", for: 900)
        line.run(milliseconds: 480)
        line.speak("an appointment", for: 800)
        line.run(milliseconds: 3000)
        #expect(line.callerTurns.map(\.text) == ["i would like to book an appointment"])
        #expect(line.faults == [])
    }

    @Test("out-of-task speech is never handed to the agent as words")
    func outOfTask() {
        var line = VirtualLine(script: Self.echo)
        line.start()
        line.run(milliseconds: 4000)
        line.speak("the president of brazil", for: 1200, outOfTask: true)
        line.run(milliseconds: 3000)
        #expect(line.inputs.last == .callerNotUnderstood)
        #expect(line.callerTurns.first?.isOutOfTask == true)
    }

    @Test("a silent caller is asked again and then let go")
    func silentCaller() {
        var line = VirtualLine(script: Self.echo)
        line.start()
        line.run(milliseconds: 60_000)
        #expect(line.inputs.filter { if case .callerSilent = $0 { true } else { false } }.count == 3)
        #expect(line.hangUps == ["caller silent"])
        #expect(line.faults == [])
    }

    @Test(
        "a dialogue that fails, stalls or cannot be voiced: the caller hears an apology, then a goodbye",
        arguments: [0, 1, 2])
    func failures(_ kind: Int) {
        var line = VirtualLine { input in
            if case .callStarted = input { return [.say("Hello.")] }
            return [[.fail], [.stall], [.sayUnspeakably("§")]][kind]
        }
        line.start()
        line.run(milliseconds: 2000)
        for _ in 0..<3 {
            line.speak("book me in", for: 800)
            line.run(milliseconds: 14_000)
        }
        #expect(line.agentTurns.contains { $0.heard == line.conversation.settings.apology })
        #expect(line.agentTurns.last?.heard == line.conversation.settings.surrender)
        #expect(line.hangUps == ["failed"])
        #expect(line.faults == [])
    }

    @Test("nothing the caller says during the goodbye changes the end")
    func goodbyeIsFinal() {
        var line = VirtualLine { input in
            if case .callStarted = input { return [.say("Hello.")] }
            return [.say("Thank you very much for calling the clinic today, goodbye."), .hangUp]
        }
        line.start()
        line.run(milliseconds: 2000)
        line.speak("book me in", for: 800)
        line.run(milliseconds: 1000)
        line.speak("wait wait wait", for: 1500)
        line.run(milliseconds: 5000)
        #expect(line.inputs.count == 2)
        #expect(line.agentTurns.last?.wasInterrupted == false)
        #expect(line.hangUps == ["done"])
        #expect(line.faults == [])
    }

    @Test("a carrier that never confirms a mark does not hang the call")
    func lostMarks() {
        var line = VirtualLine(script: Self.echo)
        line.carrierConfirms = false
        line.start()
        line.run(milliseconds: 8000)
        #expect(line.agentTurns.map(\.heard) == ["Hello, this is the clinic."])
        #expect(line.incidents == ["playout"])
        #expect(line.faults == [])
    }

    @Test("keys are one answer when digits are expected, and answers each otherwise")
    func keys() {
        var line = VirtualLine { input in
            if case .callStarted = input { return [.expect(.digits), .say("Your number?")] }
            return [.expect(.open), .say("Thanks.")]
        }
        line.start()
        line.run(milliseconds: 2000)
        for key in ["5", "5", "0"] {
            line.deliver(.keyPressed(key))
            line.run(milliseconds: 300)
        }
        line.run(milliseconds: 4000)
        line.deliver(.keyPressed("1"))
        line.run(milliseconds: 100)
        #expect(line.inputs.dropFirst() == [.keysPressed("550"), .keysPressed("1")])
        #expect(line.faults == [])
    }

    @Test("a number that is typed once more without a pause is one more answer, not one for each key")
    func keysTypedOn() {
        var line = VirtualLine { input in
            if case .callStarted = input { return [.expect(.digits), .say("Your number?")] }
            return [.expect(.yesNo), .say("Five five oh, is that right?")]
        }
        line.start()
        line.run(milliseconds: 2000)
        for key in "550#550#" {
            line.deliver(.keyPressed(String(key)))
            line.run(milliseconds: 300)
        }
        line.run(milliseconds: 4000)
        // Who has heard the question answers it with one key.
        line.deliver(.keyPressed("1"))
        line.run(milliseconds: 100)
        #expect(line.inputs.dropFirst() == [.keysPressed("550"), .keysPressed("550"), .keysPressed("1")])
        #expect(line.faults == [])
    }

    @Test("the hash behind a number that was complete without it stops nobody")
    func lateHash() {
        var line = VirtualLine { input in
            if case .callStarted = input { return [.expect(.digits), .say("Your number?")] }
            return [.expect(.yesNo), .say("Five five oh, is that right?")]
        }
        line.start()
        line.run(milliseconds: 500)
        line.deliver(
            .replyExpects(generation: 1, Agent.Expectation(kind: .digits, context: "digits", longestKeys: 3)))
        line.run(milliseconds: 1500)
        for key in "550#" {
            line.deliver(.keyPressed(String(key)))
            line.run(milliseconds: 400)
        }
        line.run(milliseconds: 4000)
        #expect(line.inputs.dropFirst() == [.keysPressed("550")])
        #expect(line.agentTurns.last?.heard == "Five five oh, is that right?")
        #expect(line.faults == [])
    }

    @Test("where keys do not interrupt, the agent goes on until the number is whole")
    func keysThatDoNotInterrupt() {
        var settings = ConversationSettings()
        settings.keysInterrupt = false
        var line = VirtualLine(settings: settings) { input in
            if case .callStarted = input {
                return [.expect(.digits), .say("Please type the number of your order, and then the hash key.")]
            }
            return [.say("Thanks.")]
        }
        func cuts() -> Int {
            line.actions.count { if case .clearPlayout = $0.action { true } else { false } }
        }
        line.start()
        line.run(milliseconds: 600)
        line.deliver(.keyPressed("5"))
        line.run(milliseconds: 100)
        #expect(cuts() == 0)
        line.deliver(.keyPressed("#"))
        line.run(milliseconds: 100)
        #expect(cuts() == 1)
        #expect(line.inputs.dropFirst() == [.keysPressed("5")])
        #expect(line.faults == [])
    }

    @Test("when the service stops the caller is told and the line ends")
    func drain() {
        var line = VirtualLine(script: Self.echo)
        line.start()
        line.run(milliseconds: 1000)
        line.deliver(.drain)
        line.run(milliseconds: 10_000)
        #expect(line.agentTurns.last?.heard == line.conversation.settings.farewell)
        #expect(line.conversation.phase == .ended(reason: "service stopping"))
        #expect(line.faults == [])
    }

    @Test("the journal of a call gives the same actions again")
    func replay() {
        var line = VirtualLine(script: Self.echo)
        line.start()
        line.run(milliseconds: 1500)
        line.speak("book me in", for: 900)
        line.run(milliseconds: 900)
        line.speak("no thursday", for: 900)
        line.run(milliseconds: 20_000)
        var again = Conversation(settings: line.conversation.settings)
        let actions = line.log.flatMap { entry in
            again.consumeTimer(entry.event)
            return again.handle(entry.event, at: entry.at)
        }
        #expect(actions == line.actions.map(\.action))
        #expect(actions.count > 20)
    }
}

extension Conversation {
    /// The driver takes due timers from the reducer before it delivers them; a replay does the same.
    fileprivate mutating func consumeTimer(_ event: ConversationEvent) {
        if case .timer = event { _ = dueTimer(at: .max) }
    }
}
