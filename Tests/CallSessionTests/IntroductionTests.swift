import Agent
import TestSupport
import Testing

@testable import CallSession

/// The agent stays for one sentence that both hear, and leaves.
@Suite("Introductions of warm transfers")
struct IntroductionTests {
    private static let words = "You are both here. Asked."

    /// A caller whose person has taken them; the introduction is about to be heard.
    private static func line(
        introduction: String = "You are both here. {reason}.", unspeakable: Bool = false
    ) -> VirtualLine {
        var settings = ConversationSettings()
        var plan = WarmTransfer()
        plan.introduction = introduction
        settings.warmTransfers = ["reception": plan]
        var line = VirtualLine(settings: settings) { input in
            switch input {
            case .callerSaid(let turn) where turn.text.contains("person"):
                [.say("I will put you through."), .transfer("reception")]
            case .notReached: [.say("Nobody can take your call.")]
            default: [.say("Hello.")]
            }
        }
        if unspeakable { line.makeUnspeakable(words) }
        line.start()
        line.run(milliseconds: 2000)
        line.speak("a person please", for: 800)
        line.run(milliseconds: 4000)
        for event: PersonEvent in [.ringing, .answered(call: "c2"), .found(.person), .accepted, .joined, .heard] {
            line.deliver(.person(event))
            if event != .heard { line.run(milliseconds: 200) }
        }
        return line
    }

    private static func outcomes(_ line: VirtualLine) -> [TransferSaga.Outcome] {
        line.notes.compactMap { if case .transferred(let outcome) = $0 { outcome } else { nil } }
    }

    @Test("said once both are on the line, recorded as heard, and only then is the caller put through")
    func said() throws {
        var line = Self.line()
        #expect(line.conversation.isIntroducing && line.hasOperator)
        line.run(milliseconds: 300)
        #expect(line.said.last?.text == Self.words && line.isAgentAudible && Self.outcomes(line).isEmpty)
        line.run(milliseconds: 4000)
        #expect(!line.conversation.isIntroducing && line.hasOperator && !line.isAgentAudible)
        #expect(Self.outcomes(line) == [.joined])
        let turn = try #require(line.agentTurns.last)
        #expect(turn.heard == Self.words && !turn.wasInterrupted)
        let acts = line.notes.compactMap { if case .toolFinished(_, let act) = $0 { act } else { nil } }
        let steps = try JSONValue(parsing: try #require(acts.first).outcome)["steps"]
        #expect(steps?["introducing"] != nil && steps?["joined"] != nil)
        // It is the last thing that they hear of the agent.
        line.run(milliseconds: 300_000)
        #expect(line.said.last?.text == Self.words)
        line.deliver(.person(.left(reason: "the person hung up", wasLost: false)))
        line.run(milliseconds: 1000)
        #expect(line.conversation.phase == .ended(reason: "transferred; the person hung up"))
        #expect(line.faults == [] && line.incidents == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("three who are on the line may speak at once: neither words nor keys cut it off")
    func spokenOver() throws {
        var line = Self.line(introduction: "You are both here, and there is much to say of what it is about.")
        line.run(milliseconds: 300)
        line.speak("oh good thank you very much", for: 900)
        line.deliver(.keyPressed("5"))
        line.run(milliseconds: 6000)
        let turn = try #require(line.agentTurns.last)
        #expect(turn.heard == turn.planned && !turn.wasInterrupted && turn.planned.hasPrefix("You are both here"))
        #expect(Self.outcomes(line) == [.joined] && line.hasOperator)
        // What was said to each other is answered by nobody.
        #expect(line.inputs.count == 2 && line.faults == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("what cannot be said parts nobody", arguments: [true, false])
    func unsaid(isMuted: Bool) throws {
        var line = Self.line(unspeakable: !isMuted)
        if isMuted {
            line.deliver(.operated(.mute))
            #expect(Self.outcomes(line) == [.joined] && !line.conversation.isIntroducing)
        }
        line.run(milliseconds: 40_000)
        #expect(Self.outcomes(line) == [.joined] && line.hasOperator && line.conversation.isTakenOver)
        #expect(line.faults == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("a person who leaves in the middle has talked with nobody: the caller is back", arguments: [true, false])
    func personLeaves(wasLost: Bool) throws {
        var line = Self.line()
        line.run(milliseconds: 500)
        line.deliver(.person(.left(reason: "the person hung up", wasLost: wasLost)))
        line.run(milliseconds: 6000)
        #expect(Self.outcomes(line) == [.broken] && !line.hasOperator)
        #expect(line.agentTurns.contains { $0.wasInterrupted && $0.planned == Self.words })
        #expect(line.said.last?.text == "Nobody can take your call.")
        #expect(line.faults == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("a caller who leaves in the middle ends the person's call")
    func callerLeaves() throws {
        var line = Self.line()
        line.run(milliseconds: 500)
        line.deliver(.hungUp(reason: "caller hung up"))
        line.run(milliseconds: 100)
        #expect(line.peopleEnded == ["the caller hung up"] && !line.hasOperator && line.faults == [])
        #expect(Self.outcomes(line) == [.cancelled])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("whatever comes in the middle of it, and in whatever order, leads somewhere", arguments: 0..<200)
    func anything(seed: Int) {
        var random = SplitMix64(state: UInt64(seed))
        var settings = ConversationSettings()
        var plan = WarmTransfer()
        plan.introduction = "You are both here."
        settings.warmTransfers = ["reception": plan]
        var conversation = Conversation(settings: settings)
        let way: [ConversationEvent] = [
            .mediaStarted, .replyTransfers(generation: 1, destination: "reception", reason: "asked"),
            .replyFinished(generation: 1), .person(.ringing), .person(.answered(call: "c2")), .person(.accepted),
            .person(.joined), .person(.heard),
        ]
        for (index, event) in way.enumerated() { _ = conversation.handle(event, at: index * 800) }
        #expect(conversation.isIntroducing)
        var watch = ReducerWatch(conversation, hasOperator: true)
        var position = way.count * 800
        let persons: [PersonEvent] = [
            .heard, .joined, .accepted, .found(.machine), .failed(reason: "busy"),
            .left(reason: "hung up", wasLost: false), .left(reason: "1006", wasLost: true),
        ]
        for _ in 0..<60 {
            position += Int.random(in: 0...4000, using: &random)
            watch.tick(at: position)
            let isPersons = Int.random(in: 0..<8, using: &random) == 0
            let event =
                isPersons
                ? .person(persons.randomElement(using: &random) ?? .heard)
                : watch.event(using: &random, at: position)
            watch.handle(event, at: position)
        }
        // Whoever is still introduced is left alone by then.
        position += 27 * 8000
        watch.tick(at: position)
        #expect(!watch.conversation.isIntroducing)
        #expect(watch.faults == [], "seed \(seed): \(watch.log.suffix(20))")
    }

    @Test("the usual sentence has the reason as a sentence; without one nothing is said")
    func sentence() {
        var plan = WarmTransfer()
        #expect(plan.introduction(reason: "the caller wants a person") == nil)
        plan.introduction = WarmTransfer.usualIntroduction
        #expect(
            plan.introduction(reason: "the caller wants a person.")
                == "I have you both on the line now. The caller wants a person. I leave you to talk.")
    }
}
