import CallSession
import Speech
import Testing

@Suite("What of a reply was heard")
struct UtteranceLedgerTests {
    /// "One moment", a pause of a second, and the rest.
    private static let text = "One moment, I am looking."

    private func heard(_ samples: Int, pace: SpokenPace?) -> String {
        var ledger = UtteranceLedger(generation: 1)
        _ = ledger.plan(Self.text)
        ledger.synthesized(0, samples: 24_000)
        if let pace { ledger.paced(0, pace) }
        ledger.complete(0)
        ledger.heard(samples)
        return ledger.heardText
    }

    @Test("words count by the times that the voice tells, and by the length of the text where it tells none")
    func pace() {
        var pace = SpokenPace(of: Self.text)
        for (word, end) in [("One", 2000), ("moment,", 6000), ("I", 15_000), ("am", 17_000), ("looking.", 24_000)] {
            pace.append(word, endingAt: end)
            pace.append(" ", endingAt: end)
        }
        #expect(heard(1999, pace: pace).isEmpty)
        #expect(heard(2000, pace: pace) == "One")
        // In the pause: by its length alone the text would be half said.
        #expect(heard(13_000, pace: pace) == "One moment,")
        #expect(heard(13_000, pace: nil) == "One moment, I")
        #expect(heard(17_000, pace: pace) == "One moment, I am")
        #expect(heard(24_000, pace: pace) == Self.text)
    }

    @Test("a segment that fails or has no words told of it is counted as before")
    func without() {
        var ledger = UtteranceLedger(generation: 1)
        _ = ledger.plan(Self.text)
        ledger.paced(0, SpokenPace(of: Self.text))
        ledger.paced(7, SpokenPace(of: Self.text))
        #expect(ledger.segments[0].pace == nil)
    }
}
