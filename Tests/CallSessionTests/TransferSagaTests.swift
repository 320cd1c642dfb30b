import Agent
import Foundation
import Testing

@testable import CallSession

/// A caller is put through to a person who is asked first; every step of it fails in turn.
@Suite("Warm transfers")
struct TransferSagaTests {
    /// Where a caller is at a moment.
    enum Place: Equatable {
        case agent, hold, person, over
        case nowhere(String)
    }

    static func place(of conversation: Conversation) -> Place {
        if case .ended = conversation.phase { return .over }
        if conversation.isTakenOver { return .person }
        if conversation.isOnHold {
            // With a reason, and the time by which something must have changed.
            return conversation.silenceReason == nil ? .nowhere("held without a reason") : .hold
        }
        if case .ending = conversation.phase { return .agent }
        return conversation.silenceReason == nil ? .nowhere("silence without a reason") : .agent
    }

    private static func line(agentGoesOn: Bool = true) -> VirtualLine {
        var settings = ConversationSettings()
        var plan = WarmTransfer()
        plan.every = 10
        settings.warmTransfers = ["reception": plan]
        return line(settings, agentGoesOn: agentGoesOn)
    }

    private static let offer = "Nobody can take your call. Shall we call you back?"

    /// A caller who has just been asked to hold the line.
    private static func line(_ settings: ConversationSettings, agentGoesOn: Bool = true) -> VirtualLine {
        var line = VirtualLine(settings: settings) { input in
            switch input {
            case .callerSaid(let turn) where turn.text.contains("person"):
                [.say("I will put you through."), .transfer("reception")]
            case .notReached: agentGoesOn ? [.say(offer)] : []
            case .callerSaid(let turn) where turn.text.contains("yes"):
                [.work(milliseconds: 300), .say("We will call you back."), .hangUp]
            default: [.say("Hello.")]
            }
        }
        line.start()
        line.run(milliseconds: 2000)
        line.speak("a person please", for: 800)
        line.run(milliseconds: 4000)
        return line
    }

    /// Lets time pass, looking at every beat where the caller is.
    private static func run(_ line: inout VirtualLine, milliseconds: Int) -> [Place] {
        var places: [Place] = []
        for _ in 0..<(milliseconds / 20) {
            line.run(milliseconds: 20)
            let now = place(of: line.conversation)
            if places.last != now { places.append(now) }
        }
        return places
    }

    private static let way: [PersonEvent] = [
        .ringing, .answered(call: "c2"), .found(.person), .accepted, .joined, .heard,
    ]

    @Test("the way to a person: held with words now and then, told of, joined, and over when the person hangs up")
    func wholeWay() throws {
        var line = Self.line()
        #expect(line.people.count == 1 && Self.place(of: line.conversation) == .hold)
        #expect(Self.run(&line, milliseconds: 12_000) == [.hold])
        #expect(line.said.last?.text == WarmTransfer().hold.first)
        for event in Self.way {
            line.deliver(.person(event))
            _ = Self.run(&line, milliseconds: 600)
        }
        #expect(Self.place(of: line.conversation) == .person && line.hasOperator)
        // Two who talk are not cut off, understood or not.
        #expect(Self.run(&line, milliseconds: 700_000) == [.person])
        line.deliver(.person(.left(reason: "the person hung up", wasLost: false)))
        _ = Self.run(&line, milliseconds: 1000)
        #expect(line.conversation.phase == .ended(reason: "transferred; the person hung up"))
        #expect(line.hangUps == ["transferred; the person hung up"] && !line.hasOperator)
        let outcomes = line.notes.compactMap { if case .transferred(let outcome) = $0 { outcome } else { nil } }
        #expect(outcomes == [.joined])
        let acts = line.notes.compactMap { if case .toolFinished(_, let act) = $0 { act } else { nil } }
        let record = try JSONValue(parsing: try #require(acts.first).outcome)
        #expect(record["person_call"]?.string == "c2" && record["steps"]?["joining"] != nil)
        #expect(line.faults == [] && line.incidents == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test(
        "on hold sentences take turns, from the start and from when the person decides, and are interrupted as any other"
    )
    func sentences() throws {
        var settings = ConversationSettings()
        var plan = WarmTransfer()
        (plan.every, plan.ring) = (10, 60)
        plan.hold = ["I am still trying to reach reception.", "Please stay on the line."]
        plan.deciding = ["Reception is there, and decides."]
        settings.warmTransfers = ["reception": plan]
        var line = Self.line(settings)
        line.deliver(.person(.ringing))
        #expect(Self.run(&line, milliseconds: 32_000) == [.hold])
        let held = line.said.dropFirst(2)
        #expect(held.map { $0.text } == [plan.hold[0], plan.hold[1], plan.hold[0]])
        let gaps = zip(held, held.dropFirst()).map { ($1.at - $0.at) / 8000 }
        #expect(gaps.allSatisfy { (10...11).contains($0) }, "\(gaps)")

        for event in Self.way.prefix(3) { line.deliver(.person(event)) }
        _ = Self.run(&line, milliseconds: 22_000)
        #expect(line.said.dropFirst(5).map { $0.text } == [plan.deciding[0], plan.deciding[0]])

        // Spoken over: the agent holds its breath, and the caller the line.
        let before = line.said.count
        while line.said.count == before || !line.isAgentAudible {
            line.run(milliseconds: 20)
            try #require(Self.place(of: line.conversation) == .hold, "nothing more is said")
        }
        line.speak("how long will that take please", for: 900)
        _ = Self.run(&line, milliseconds: 3000)
        let turn = try #require(line.agentTurns.last)
        #expect(turn.wasInterrupted && turn.heard.count < turn.planned.count, "\(turn)")
        #expect(Self.place(of: line.conversation) == .hold && line.faults == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("a journal of an earlier version, in which callers were told one sentence, is read as it was written")
    func earlierJournal() throws {
        let old = """
            {"brief": "A caller.", "acceptKey": "1", "ring": 25, "decision": 45, "hold": "One moment.", "every": 20,
             "gone": "Gone."}
            """
        let plan = try JSONDecoder().decode(WarmTransfer.self, from: Data(old.utf8))
        #expect(plan.hold == ["One moment."] && plan.deciding == [] && plan.music == .between)
        var other = WarmTransfer()
        (other.hold, other.deciding, other.music) = (["a", "b"], [], .never)
        #expect(try JSONDecoder().decode(WarmTransfer.self, from: JSONEncoder().encode(other)) == other)
    }

    /// What may happen instead of the next step; nil is nothing at all, until its deadline.
    private static let failures: [PersonEvent?] = [
        nil, .failed(reason: "the line was busy"), .left(reason: BriefingDialogue.declined, wasLost: false),
        .left(reason: "1006", wasLost: true), .found(.machine), .found(.fax), .found(.screening),
        .found(.menu),
    ]

    @Test("every step fails in every way: the caller is with the agent, on hold, or with the person", arguments: 0..<7)
    func failedStep(step: Int) throws {
        for failure in Self.failures {
            var line = Self.line()
            var places: [Place] = []
            for event in Self.way.prefix(step) {
                line.deliver(.person(event))
                places += Self.run(&line, milliseconds: 400)
            }
            if let failure { line.deliver(.person(failure)) }
            places += Self.run(&line, milliseconds: 70_000)
            let context = "step \(step), \(failure.map { "\($0)" } ?? "nothing"): \(places)"
            #expect(!places.contains { if case .nowhere = $0 { true } else { false } }, "\(context)")
            #expect(line.faults == [], "\(context)")
            #expect(try line.firstDivergence() == nil, "\(context)")
            if step == 6, failure == nil || { if case .found = failure { true } else { false } }() {
                #expect(places.last == .person, "\(context)")
            } else if step == 6, case .left(_, false) = failure {
                #expect(line.conversation.phase == .ended(reason: "transferred; \(BriefingDialogue.declined)"))
            } else {
                // Back with the agent, who says how it is; the silence afterwards is the caller's.
                #expect(places.contains(.agent), "\(context)")
                #expect(line.inputs.contains { if case .notReached = $0 { true } else { false } }, "\(context)")
                #expect(line.said.contains { $0.text.hasPrefix("Nobody can take") }, "\(context)")
                #expect(line.incidents.contains("transfer") && !line.hasOperator, "\(context)")
            }
        }
    }

    @Test("every step fails in every way, and the caller takes the callback that is offered", arguments: 0..<6)
    func promised(step: Int) throws {
        for failure in Self.failures {
            var line = Self.line()
            for event in Self.way.prefix(step) {
                line.deliver(.person(event))
                line.run(milliseconds: 400)
            }
            if let failure { line.deliver(.person(failure)) }
            let context = "step \(step), \(failure.map { "\($0)" } ?? "nothing")"
            var beats = 0
            while line.agentTurns.last?.heard != Self.offer, beats < 4000 {
                line.run(milliseconds: 20)
                beats += 1
            }
            #expect(line.agentTurns.last?.heard == Self.offer, "\(context)")
            #expect(Self.place(of: line.conversation) == .agent, "\(context)")
            line.speak("yes please", for: 600)
            // Until it is stored and told the caller is with the agent; then the call is over, and the promise stands.
            let places = Self.run(&line, milliseconds: 8000)
            #expect(places == [.agent, .over], "\(context): \(places)")
            #expect(
                line.notes.contains { if case .toolFinished(_, let act) = $0 { act.name == "tool" } else { false } })
            #expect(line.said.last?.text == "We will call you back." && line.hangUps.count == 1, "\(context)")
            #expect(line.faults == [] && !line.hasOperator, "\(context)")
            #expect(try line.firstDivergence() == nil, "\(context)")
        }
    }

    @Test("where the agent has no other way the caller hears that there is nobody", arguments: 0..<6)
    func noOtherWay(step: Int) {
        var line = Self.line(agentGoesOn: false)
        for event in Self.way.prefix(step) { line.deliver(.person(event)) }
        line.deliver(.person(.failed(reason: "the line was busy")))
        _ = Self.run(&line, milliseconds: 15_000)
        #expect(line.said.last?.text == line.conversation.settings.transferFailed)
        #expect(line.conversation.phase == .ended(reason: "transfer failed") && line.faults == [])
    }

    @Test("a caller who hangs up at any step ends the person's call", arguments: 0..<7)
    func callerHangsUp(step: Int) throws {
        var line = Self.line()
        for event in Self.way.prefix(step) {
            line.deliver(.person(event))
            line.run(milliseconds: 200)
        }
        line.deliver(.hungUp(reason: "caller hung up"))
        #expect(line.peopleEnded == ["the caller hung up"])
        #expect(line.conversation.phase == .ended(reason: "caller hung up") && !line.hasOperator)
        #expect(line.faults == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("an operator, the end of the service and the longest call end the person's call, too")
    func otherEnds() {
        for command in [ConversationEvent.operated(.takeOver), .operated(.hangUp), .drain, .livenessLost] {
            var line = Self.line()
            line.deliver(.person(.ringing))
            line.deliver(command)
            #expect(line.peopleEnded.count == 1, "\(command)")
            _ = Self.run(&line, milliseconds: 5000)
            #expect(Self.place(of: line.conversation) != .hold, "\(command)")
            // What comes late changes nothing.
            line.deliver(.person(.accepted))
            #expect(line.faults == [], "\(command)")
        }
    }

    @Test("what the caller says and presses on hold is answered by nobody, and told to the person before")
    func onHold() {
        var line = Self.line()
        line.speak("are you still there", for: 800)
        line.deliver(.keyPressed("5"))
        line.run(milliseconds: 4000)
        #expect(line.inputs.count == 2 && Self.place(of: line.conversation) == .hold)
        let asked = line.actions.compactMap { if case .callPerson(let person) = $0.action { person } else { nil } }
        #expect(asked.map(\.said) == [["a person please"]] && asked.map(\.destination) == ["reception"])
    }

    @Test("on the person's call: joined when they agree, and told when the caller has gone")
    func personsSide() throws {
        var settings = ConversationSettings()
        settings.callerGone = "The caller is gone."
        func agreed() -> VirtualLine {
            var line = VirtualLine(settings: settings) { input in
                if case .callStarted = input { return [.say("A caller for you.")] }
                return [.say("Thank you."), .transfer(BriefingDialogue.caller)]
            }
            line.answersTransfers = false
            line.start()
            line.run(milliseconds: 2500)
            line.speak("yes", for: 400)
            line.run(milliseconds: 2500)
            return line
        }
        var line = agreed()
        line.deliver(.joined)
        #expect(line.hasOperator && line.conversation.phase == .open)
        line.run(milliseconds: 700_000)
        line.deliver(.parted(reason: "the caller hung up"))
        line.deliver(.parted(reason: "the caller hung up"))
        line.run(milliseconds: 4000)
        #expect(line.said.last?.text == "The caller is gone." && line.hangUps == ["the caller hung up"])
        #expect(line.faults == [] && !line.hasOperator)
        #expect(try line.firstDivergence() == nil)

        // Agreed, and nobody comes: the call does not wait for ever.
        var alone = agreed()
        alone.run(milliseconds: 10_000)
        guard case .ended = alone.conversation.phase else { return #expect(Bool(false), "\(alone.conversation.phase)") }
    }
}
