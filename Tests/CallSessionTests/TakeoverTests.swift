import Agent
import CallSession
import Foundation
import Testing

@Suite("An operator who takes the call over")
struct TakeoverTests {
    private static let handBack = "You are speaking with the assistant again. How can I help you?"

    private func answered(_ settings: ConversationSettings = ConversationSettings()) -> VirtualLine {
        var line = VirtualLine(settings: settings, script: ConversationTests.echo)
        line.start()
        line.run(milliseconds: 4000)
        return line
    }

    private func words(_ text: String, of line: VirtualLine) -> ConversationEvent {
        .operatorSaid(OperatorWords(text: text, confidence: 0.9, started: line.now - 8000, ended: line.now))
    }

    @Test(
        "cuts the agent short, and has the line until it is handed back: nobody is answered, everybody is written down")
    func takesOver() throws {
        var line = VirtualLine(script: ConversationTests.echo)
        line.start()
        line.run(milliseconds: 700)
        #expect(line.isAgentAudible)
        line.deliver(.operated(.takeOver))
        #expect(line.hasOperator && !line.isAgentAudible)
        line.run(milliseconds: 500)
        #expect(line.agentTurns.last?.wasInterrupted == true)
        line.deliver(words("this is anna from the clinic", of: line))
        line.speak("i want to complain", for: 900)
        line.run(milliseconds: 60_000)
        #expect(line.agentTurns.count == 1, "the agent was silent")
        #expect(line.callerTurns.map(\.text) == ["i want to complain"])
        let operators = line.notes.compactMap { if case .operatorTurn(let turn) = $0 { turn } else { nil } }
        #expect(operators.map(\.words.text) == ["this is anna from the clinic"])
        #expect(operators.map(\.turn) == [0])

        line.deliver(.operated(.handBack(wasLost: false)))
        #expect(!line.hasOperator)
        line.run(milliseconds: 8000)
        #expect(line.agentTurns.last?.heard == Self.handBack)
        // A mind that can use it is told what it has missed.
        #expect(line.whispers.count == 1)
        #expect(
            line.whispers[0].hasSuffix(
                #"Colleague: "this is anna from the clinic" Caller: "i want to complain""#), "\(line.whispers)")
        line.speak("book me in", for: 900)
        line.run(milliseconds: 5000)
        #expect(line.agentTurns.last?.heard == "You said book me in. Is that right?")
        #expect(line.faults == [] && line.incidents == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("whose connection breaks is replaced by the agent, with a sentence and an incident")
    func lost() {
        var line = answered()
        line.deliver(.operated(.takeOver))
        line.run(milliseconds: 3000)
        line.deliver(.operated(.handBack(wasLost: true)))
        line.run(milliseconds: 6000)
        #expect(line.agentTurns.last?.heard == Self.handBack)
        #expect(line.incidents == ["takeover"])
        #expect(line.whispers == [], "nothing was said that it should know")
        #expect(line.faults == [])
    }

    @Test("who says nothing, and hears nothing, for ten minutes is taken to have left")
    func forgotten() {
        var settings = ConversationSettings()
        settings.longestMute = .seconds(30)
        var line = answered(settings)
        line.deliver(.operated(.takeOver))
        line.run(milliseconds: 20_000)
        line.deliver(words("still here", of: line))
        line.run(milliseconds: 20_000)
        #expect(line.hasOperator, "words prolong it")
        line.run(milliseconds: 15_000)
        #expect(!line.hasOperator)
        #expect(line.agentTurns.last?.heard == Self.handBack)
        #expect(line.incidents == ["takeover"])
        #expect(line.faults == [])
    }

    @Test("hands back to an agent that is muted: it keeps silent until it is unmuted")
    func muted() {
        var line = answered()
        line.deliver(.operated(.mute))
        line.deliver(.operated(.takeOver))
        line.run(milliseconds: 1000)
        line.deliver(.operated(.handBack(wasLost: false)))
        line.run(milliseconds: 5000)
        #expect(line.agentTurns.count == 1)
        line.deliver(.operated(.unmute))
        line.run(milliseconds: 3000)
        #expect(line.agentTurns.last?.heard == "Are you there?")
        #expect(line.faults == [])
    }

    @Test("a second one, a sentence of the agent's voice, and an unmuting change nothing meanwhile")
    func undisturbed() {
        var line = answered()
        line.deliver(.operated(.takeOver))
        let count = line.actions.count
        for command in [OperatorCommand.takeOver, .say("One moment."), .unmute] { line.deliver(.operated(command)) }
        #expect(line.actions.count == count)
        line.deliver(.keyPressed("5"))
        line.run(milliseconds: 20_000)
        #expect(line.agentTurns.count == 1 && line.hasOperator)
        #expect(line.faults == [])
    }

    @Test("the caller hangs up, the service stops, another operator ends the call: the line is let go of")
    func ends() {
        for event in [ConversationEvent.hungUp(reason: "caller hung up"), .drain, .operated(.hangUp)] {
            var line = answered()
            line.deliver(.operated(.takeOver))
            line.run(milliseconds: 1000)
            line.deliver(event)
            line.run(milliseconds: 30_000)
            #expect(!line.hasOperator)
            guard case .ended = line.conversation.phase else {
                Issue.record("\(event) left the call up")
                continue
            }
            #expect(line.faults == [])
        }
    }

    @Test("a whisper goes to the dialogue and is not heard")
    func whispers() {
        var line = answered()
        let before = line.actions.count
        line.deliver(.operated(.whisper("She is a premium customer.")))
        #expect(line.whispers == ["She is a premium customer."])
        #expect(line.actions.count == before + 1)
        line.run(milliseconds: 2000)
        #expect(line.agentTurns.count == 1)
        #expect(line.faults == [])
    }

    @Test("journals of before there was a sentence for it still tell their settings")
    func oldSettings() throws {
        var settings = ConversationSettings()
        let old = try JSONEncoder().encode(settings)
        #expect(!String(decoding: old, as: UTF8.self).contains("handBack"))
        #expect(try JSONDecoder().decode(ConversationSettings.self, from: old).handBack == Self.handBack)
        settings.handBack = "Here I am."
        let new = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode(ConversationSettings.self, from: new) == settings)
    }
}
