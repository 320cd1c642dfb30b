import Agent
import Testing

@testable import CallSession

@Suite("A tool that takes its time on a call")
struct SlowToolTests {
    private static func line() -> VirtualLine {
        VirtualLine { input in
            switch input {
            case .callerSaid(let turn) where turn.number == 1:
                [.workAloud(milliseconds: 9000, filler: "One moment, please.", after: 2000), .say("It is done.")]
            case .callerSaid(let turn): [.say("You said \(turn.text).")]
            default: [.expect(.open), .say("Hello.")]
            }
        }
    }

    @Test("the wait is filled, and the answer follows in the same reply")
    func filled() throws {
        var line = Self.line()
        line.start()
        line.run(milliseconds: 2000)
        line.speak("book it", for: 800)
        line.run(milliseconds: 14_000)
        #expect(line.said.map(\.text) == ["Hello.", "One moment, please.", "It is done."])
        #expect(line.agentTurns.last?.heard == "One moment, please. It is done.")
        #expect(line.incidents == [] && line.faults == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("a caller who talks meanwhile is heard and answered, and what the tool did is in the record")
    func talkedMeanwhile() throws {
        var line = Self.line()
        line.start()
        line.run(milliseconds: 2000)
        line.speak("book it", for: 800)
        // The filler has been said; the tool works on.
        line.run(milliseconds: 5000)
        line.speak("and make it thursday", for: 1200)
        line.run(milliseconds: 8000)
        #expect(line.callerTurns.map(\.text) == ["book it", "and make it thursday"])
        #expect(line.said.map(\.text).suffix(2) == ["One moment, please.", "You said and make it thursday."])
        let finished = line.notes.contains { if case .toolFinished = $0 { true } else { false } }
        #expect(finished && line.faults == [])
        #expect(try line.firstDivergence() == nil)
    }
}
