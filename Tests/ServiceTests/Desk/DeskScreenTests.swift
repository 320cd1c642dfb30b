import Speech
import Testing

@testable import CallSession
@testable import Service

@Suite("The screen of a call from a desk")
struct DeskScreenTests {
    @Test("fills the terminal exactly, whatever its size", arguments: [(80, 24), (40, 12), (200, 60), (10, 3), (1, 1)])
    func size(width: Int, height: Int) {
        var screen = DeskScreen(agent: "receptionist", isPushToTalk: false)
        for index in 0..<50 {
            screen.take(.call(.journal(sequence: index, position: index, .replySaid(generation: 1, text: Self.long))))
        }
        let lines = screen.lines(width: width, height: height)
        #expect(lines.count == height)
        #expect(lines.allSatisfy { $0.text.count <= width })
    }

    @Test("says who has the floor, and what was said")
    func story() {
        var screen = DeskScreen(agent: "receptionist", isPushToTalk: false)
        screen.take(.call(.journal(sequence: 1, position: 8000, .playoutStarted(generation: 1))))
        #expect(screen.lines(width: 80, height: 24)[0].text.contains("receptionist   0:01   the agent speaks"))
        screen.take(.call(.journal(sequence: 2, position: 16_000, .voiceStarted(onset: 15_000))))
        #expect(screen.lines(width: 80, height: 24)[0].text.contains("holds its breath"))
        screen.take(
            .call(
                .note(
                    position: 20_000,
                    .callerTurn(
                        CallerTurnRecord(
                            turn: 1, text: "next tuesday", confidence: 0.9, isOutOfTask: false, started: 0, ended: 1))))
        )
        #expect(screen.lines(width: 80, height: 24).contains { $0.text.hasSuffix("next tuesday") && $0.style == .bold })
    }

    @Test("words cannot command the terminal")
    func controlCharacters() {
        var screen = DeskScreen(agent: "x", isPushToTalk: false)
        screen.take(.call(.note(position: 0, .incident(kind: "tool", detail: "\u{1B}[2J\u{7}gone"))))
        let text = screen.lines(width: 80, height: 24).map(\.text).joined()
        #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(text.contains("gone"))
    }

    @Test("the newest lines stay in sight and long ones are broken between words")
    func scrolling() {
        var screen = DeskScreen(agent: "x", isPushToTalk: false)
        for index in 0..<600 {
            screen.take(.call(.journal(sequence: index, position: 0, .replySaid(generation: 1, text: "line \(index)"))))
        }
        screen.take(.call(.journal(sequence: 601, position: 0, .replySaid(generation: 1, text: Self.long))))
        let lines = screen.lines(width: 40, height: 24).map(\.text)
        #expect(lines.contains("agent    line 599"))
        #expect(!lines.contains("agent    line 2"))
        #expect(lines.contains("         appointment, or take a message."))
    }

    private static let long = "Lakeside Clinic, good day. I can book, move or cancel an appointment, or take a message."
}
