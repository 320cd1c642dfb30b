import Agent
import Foundation
import Testing

@testable import CallSession

@Suite("Handing a caller on")
struct HandingOnTests {
    private static func line(canTransfer: Bool) -> VirtualLine {
        var line = VirtualLine { input in
            if case .callerSaid = input {
                [.say("I will put you through."), .transfer("reception")]
            } else {
                [.say("Hello.")]
            }
        }
        line.canTransfer = canTransfer
        line.start()
        line.run(milliseconds: 2000)
        line.speak("a person please", for: 800)
        return line
    }

    @Test("ends the call where the carrier takes the caller")
    func taken() {
        var line = Self.line(canTransfer: true)
        line.run(milliseconds: 8000)
        #expect(line.conversation.phase == .ended(reason: "asked"))
        #expect(line.said.map(\.text) == ["Hello.", "I will put you through."])
        #expect(line.incidents == [] && line.faults == [])
    }

    @Test("says so where it cannot be done, then hangs up; the record tells it from a call that was handed on")
    func impossible() {
        var line = Self.line(canTransfer: false)
        line.run(milliseconds: 15_000)
        let sentence = line.conversation.settings.transferFailed
        #expect(line.agentTurns.map(\.heard) == ["Hello.", "I will put you through.", sentence])
        #expect(line.hangUps == ["transfer failed"])
        #expect(line.conversation.phase == .ended(reason: "transfer failed"))
        #expect(line.incidents == ["transfer"])
        #expect(line.faults == [])
    }

    @Test("the caller's words over that sentence change nothing, and one who hangs up ends the call")
    func overTheSentence() {
        var line = Self.line(canTransfer: false)
        line.run(milliseconds: 3500)
        #expect(line.said.last?.text == line.conversation.settings.transferFailed)
        line.speak("what", for: 800)
        #expect(line.said.last?.text == line.conversation.settings.transferFailed)
        line.deliver(.hungUp(reason: "caller hung up"))
        #expect(line.conversation.phase == .ended(reason: "transfer failed"))
        #expect(line.faults == [])
    }

    @Test("a failure that nobody waits for any more is not spoken of")
    func late() {
        var line = VirtualLine(script: ConversationTests.echo)
        line.start()
        line.run(milliseconds: 3000)
        line.deliver(.transferFailed(reason: "stray"))
        #expect(line.conversation.phase == .open)

        var ending = Self.line(canTransfer: true)
        while ending.actions.allSatisfy({ if case .transfer = $0.action { false } else { true } }) {
            ending.run(milliseconds: 20)
        }
        ending.deliver(.operated(.hangUp))
        ending.deliver(.transferFailed(reason: "too late"))
        #expect(ending.conversation.phase == .ending(reason: "ended by operator"))
        #expect(ending.incidents == [])
    }

    /// A call whose agent goes on with callers who come back.
    private static func line(onReturn answer: [VirtualLine.Part]) -> VirtualLine {
        var settings = ConversationSettings()
        settings.takesCallersBack = true
        var line = VirtualLine(settings: settings) { input in
            switch input {
            case .callerSaid(let turn) where turn.number == 1:
                [.say("I will put you through."), .transfer("reception")]
            case .notReached: answer
            case .callerSaid: [.say("Thank you."), .hangUp]
            case .callerSilent(let count): [.hold(20), .say("Still busy, \(count).")]
            default: [.say("Hello.")]
            }
        }
        line.canTransfer = false
        line.start()
        line.run(milliseconds: 2000)
        line.speak("a person please", for: 800)
        line.run(milliseconds: 6000)
        return line
    }

    @Test("a caller who comes back is talked with, and the call can still end as any other")
    func takenBack() throws {
        var line = Self.line(onReturn: [.say("Nobody is free. Shall we call you?")])
        #expect(line.inputs.contains(.notReached(reason: "no number")))
        #expect(line.conversation.phase == .open)
        line.speak("yes", for: 600)
        line.run(milliseconds: 6000)
        #expect(line.said.map(\.text).suffix(2) == ["Nobody is free. Shall we call you?", "Thank you."])
        #expect(line.conversation.phase == .ended(reason: "done"))
        #expect(line.incidents == ["transfer"] && line.faults == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test(
        "an agent that has no more to say, or cannot say it, does not leave the caller without a word",
        arguments: [[], [.hangUp], [.fail], [.stall], [.sayUnspeakably("Shall we call you?")]] as [[VirtualLine.Part]])
    func nothingMore(answer: [VirtualLine.Part]) {
        var line = Self.line(onReturn: answer)
        line.run(milliseconds: 40_000)
        #expect(line.said.last?.text == line.conversation.settings.transferFailed)
        guard case .ended = line.conversation.phase else {
            Issue.record("the call is still up: \(line.conversation.phase)")
            return
        }
        #expect(line.faults == [])
    }

    @Test("who was asked to hold hears something now and then, and is not taken for silent")
    func holding() {
        var line = Self.line(onReturn: [.hold(20), .say("Please hold.")])
        let begun = line.said.count
        line.run(milliseconds: 100_000)
        #expect(line.conversation.phase == .open)
        let later = line.said.dropFirst(begun)
        #expect(later.count >= 3 && later.allSatisfy { $0.text == "Still busy, 0." })
        let gaps = zip(later, later.dropFirst()).map { ($1.at - $0.at) / 8000 }
        #expect(gaps.allSatisfy { (20...22).contains($0) }, "\(gaps)")
        #expect(line.faults == [])
    }

    @Test("the sentence is the usual one in journals from before it, and another one survives its journal")
    func settings() throws {
        var settings = ConversationSettings()
        let before = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        #expect(!before.contains("transferFailed"))
        settings.transferFailed = "Nobody is there."
        let read = try JSONDecoder().decode(ConversationSettings.self, from: JSONEncoder().encode(settings))
        #expect(read == settings)
    }
}
