import Agent
import CallSession
import Speech
import Testing

@Suite("Opinions of a dialogue on words that may be all")
struct OpinionTests {
    /// A call after its greeting, whose agent has an opinion.
    private func line(
        providesProvisionals: Bool = true, _ opinion: @escaping (String) -> ReplyPreview?
    ) -> VirtualLine {
        var line = VirtualLine { input in
            if case .callStarted = input { return [.say("Hello.")] }
            return [.say("It is done.")]
        }
        line.opinion = opinion
        line.providesProvisionals = providesProvisionals
        line.start()
        line.run(milliseconds: 3000)
        return line
    }

    private func prepared(_ line: VirtualLine) -> [String] {
        line.actions.compactMap { entry in
            switch entry.action {
            case .prepareSpeech(let text): "prepare \(text)"
            case .discardPreparedSpeech: "discard"
            case .synthesize(_, let text): "say \(text)"
            default: nil
            }
        }
    }

    @Test("a whole answer ends the turn after the shortest wait")
    func wholeAnswer() throws {
        var line = line { _ in ReplyPreview(completeness: .complete) }
        line.speak("tomorrow at nine", for: 1500)
        line.run(milliseconds: 3000)
        #expect(try #require(line.latencies.first).endOfTurnWait == 260 * 8)
        #expect(line.faults == [])
    }

    @Test("a pause after a wish without its details is no end")
    func openWish() {
        var line = line { _ in ReplyPreview(completeness: .open) }
        line.speak("i need an appointment", for: 1500)
        line.run(milliseconds: 600)
        line.speak("on thursday at two", for: 1500)
        line.run(milliseconds: 3000)
        #expect(line.callerTurns.count == 1)
    }

    @Test("the first sentence is prepared once, however often the opinion is given, and then said")
    func preparedOnce() {
        var line = line { _ in ReplyPreview(completeness: .complete, firstSentence: "It is done.") }
        line.speak("tomorrow at nine", for: 1500)
        line.run(milliseconds: 3000)
        #expect(prepared(line) == ["say Hello.", "prepare It is done.", "say It is done."])
    }

    @Test("what was prepared is let go when the caller goes on, and prepared anew at the next pause")
    func discarded() {
        var line = line(providesProvisionals: false) { text in
            ReplyPreview(completeness: .open, firstSentence: text.hasSuffix("two") ? "It is done." : "When?")
        }
        line.speak("i need an appointment", for: 1500)
        line.run(milliseconds: 600)
        line.speak("on thursday at two", for: 1500)
        line.run(milliseconds: 3000)
        #expect(
            prepared(line) == ["say Hello.", "prepare When?", "discard", "prepare It is done.", "say It is done."])
    }

    @Test("an opinion on other words than the present ones changes nothing")
    func lateOpinion() {
        var line = line { _ in nil }
        line.speak("i need an appointment", for: 1500)
        line.deliver(.previewed(UtteranceID(1), text: "i need", .complete, firstSentence: "When?"))
        line.run(milliseconds: 300)
        #expect(line.callerTurns.isEmpty)
        #expect(prepared(line) == ["say Hello."])
    }

    @Test(
        "an answer without an opinion changes no wait; its first sentence is prepared, also while the last words are on their way"
    )
    func answerAhead() throws {
        var line = line { _ in nil }
        line.speak("how long are you open", for: 1500)
        line.deliver(.previewed(UtteranceID(1), text: "how long are you open", nil, firstSentence: "It is done."))
        line.run(milliseconds: 3000)
        #expect(prepared(line) == ["say Hello.", "prepare It is done.", "say It is done."])
        #expect(try #require(line.latencies.first).endOfTurnWait == TurnDetector().openWait.samples)
        #expect(line.faults == [])
    }
}
