import Agent
import CallSession
import Testing

@Suite("An operator")
struct OperatorTests {
    private func answered() -> VirtualLine {
        var line = VirtualLine(script: ConversationTests.echo)
        line.start()
        line.run(milliseconds: 4000)
        return line
    }

    @Test("ends the call, also while the agent is speaking, and what was heard of it is kept")
    func hangsUp() {
        var line = VirtualLine(script: ConversationTests.echo)
        line.start()
        line.run(milliseconds: 700)
        #expect(line.isAgentAudible)
        line.deliver(.operated(.hangUp))
        line.run(milliseconds: 500)
        #expect(line.hangUps == ["ended by operator"])
        #expect(line.conversation.phase == .ended(reason: "ended by operator"))
        let turn = line.agentTurns.last
        #expect(turn?.wasInterrupted == true && turn?.heard != turn?.planned)
        #expect(line.faults == [])
    }

    @Test("cuts a goodbye short")
    func hangsUpDuringGoodbye() {
        var line = answered()
        line.speak("goodbye", for: 500)
        line.run(milliseconds: 600)
        #expect(line.conversation.phase == .ending(reason: "done"))
        line.deliver(.operated(.hangUp))
        line.run(milliseconds: 200)
        #expect(line.conversation.phase == .ended(reason: "ended by operator"))
        #expect(line.faults == [])
    }

    @Test("has the agent say a sentence instead of its own, and the call goes on")
    func says() {
        var line = VirtualLine(script: ConversationTests.echo)
        line.start()
        line.run(milliseconds: 500)
        line.deliver(.operated(.say("One moment, please.")))
        line.run(milliseconds: 3000)
        #expect(line.agentTurns.map(\.planned) == ["Hello, this is the clinic.", "One moment, please."])
        #expect(line.agentTurns.last?.heard == "One moment, please.")
        line.speak("book me in", for: 900)
        line.run(milliseconds: 5000)
        #expect(line.agentTurns.last?.heard == "You said book me in. Is that right?")
        #expect(line.faults == [])
    }

    @Test("sends the caller on: they hear so first, in place of what the agent was saying")
    func sendsOn() {
        var line = VirtualLine(script: ConversationTests.echo)
        line.start()
        line.run(milliseconds: 500)
        line.deliver(.operated(.transfer(destination: "+12125550123", saying: "I am putting you through.")))
        // Once is enough.
        line.deliver(.operated(.transfer(destination: "+12125550199", saying: "Again.")))
        line.run(milliseconds: 5000)
        #expect(line.agentTurns.last?.heard == "I am putting you through.")
        let sent = line.actions.compactMap {
            if case .transfer(let destination, _) = $0.action { destination } else { nil }
        }
        #expect(sent == ["+12125550123"])
        #expect(line.conversation.phase == .ended(reason: "an operator sends the caller on"))
        #expect(line.incidents == [] && line.faults == [])
    }

    @Test("cannot send on a caller whom somebody has taken over; one who cannot be sent on hears so")
    func sendsNobodyOn() {
        var line = answered()
        line.deliver(.operated(.takeOver))
        line.deliver(.operated(.transfer(destination: "+12125550123", saying: "I am putting you through.")))
        line.run(milliseconds: 3000)
        #expect(!line.said.contains { $0.text == "I am putting you through." })
        line.deliver(.operated(.handBack(wasLost: false)))
        line.canTransfer = false
        line.run(milliseconds: 6000)
        line.deliver(.operated(.transfer(destination: "+12125550123", saying: "I am putting you through.")))
        line.run(milliseconds: 15_000)
        #expect(line.said.last?.text == line.conversation.settings.transferFailed)
        #expect(line.incidents == ["transfer"] && line.faults == [])
    }

    @Test(
        "mutes the agent: the caller is heard and not answered, nor asked whether they are there, until it is unmuted")
    func mutes() {
        var line = answered()
        line.deliver(.operated(.mute))
        line.speak("book me in", for: 900)
        line.run(milliseconds: 60_000)
        #expect(line.callerTurns.map(\.text) == ["book me in"])
        #expect(line.agentTurns.map(\.planned) == ["Hello, this is the clinic."])
        line.deliver(.operated(.say("A colleague is listening.")))
        line.run(milliseconds: 3000)
        #expect(line.agentTurns.last?.heard == "A colleague is listening.")
        line.deliver(.operated(.unmute))
        line.run(milliseconds: 3000)
        #expect(line.agentTurns.last?.heard == "Are you there?")
        #expect(line.conversation.phase == .open)
        #expect(line.faults == [])
        #expect(line.incidents == [])
    }

    @Test("who mutes the agent and forgets it does not leave the caller alone for ever")
    func forgetsMute() {
        var settings = ConversationSettings()
        settings.longestMute = .seconds(30)
        var line = VirtualLine(settings: settings, script: ConversationTests.echo)
        line.start()
        line.run(milliseconds: 4000)
        line.deliver(.operated(.mute))
        line.run(milliseconds: 29_000)
        #expect(line.agentTurns.count == 1)
        line.run(milliseconds: 5000)
        #expect(line.agentTurns.last?.heard == "Are you there?")
        #expect(line.incidents == ["mute"])
        #expect(line.faults == [])
    }

    @Test(
        "can do nothing before the call has begun or after it has ended",
        arguments: [
            OperatorCommand.hangUp, .say("Hello."), .mute, .unmute, .whisper("Be kind."), .takeOver,
            .handBack(wasLost: false),
        ])
    func outsideTheCall(command: OperatorCommand) {
        var line = VirtualLine(script: ConversationTests.echo)
        line.deliver(.operated(command))
        #expect(line.conversation.phase == .waitingForMedia)
        line.start()
        line.run(milliseconds: 4000)
        line.deliver(.hungUp(reason: "caller hung up"))
        let before = line.conversation.deadlines
        line.deliver(.operated(command))
        #expect(line.conversation.phase == .ended(reason: "caller hung up"))
        #expect(line.conversation.deadlines == before)
    }
}
