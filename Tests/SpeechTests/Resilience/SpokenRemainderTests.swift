import Testing

@testable import Speech

@Suite("What is still to be said when a voice breaks off")
struct SpokenRemainderTests {
    private static let text = "Your appointment is on Tuesday, the first of December, at half past ten."

    @Test(
        "the clause it broke in is said again; an end that was as good as reached is not",
        arguments: [
            (0, text), (5, text), (30, text),
            (45, "the first of December, at half past ten."), (64, "at half past ten."), (72, ""), (200, ""),
        ])
    func remainder(characters: Int, rest: String) {
        let pace = Duration.milliseconds(70)
        #expect(SpokenRemainder.of(Self.text, spoken: pace * characters, pace: pace) == rest)
    }

    @Test("far into a long clause the word is enough")
    func word() {
        let text = "we can see you on any day of the coming week between eight and noon except on Wednesday"
        let rest = SpokenRemainder.of(text, spoken: .milliseconds(70 * 60), pace: .milliseconds(70))
        #expect(text.hasSuffix(rest))
        #expect(rest.hasPrefix("eight"))
    }

    @Test("no more is left out than the estimate allows")
    func nothingLost() {
        for characters in 0...Self.text.count {
            let pace = Duration.milliseconds(70)
            let rest = SpokenRemainder.of(Self.text, spoken: pace * characters, pace: pace)
            #expect(Self.text.hasSuffix(rest))
            #expect(Self.text.count - rest.count <= max(characters, 0) || rest.isEmpty)
        }
    }
}
