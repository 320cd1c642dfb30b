import Agent
import Speech
import Testing

@testable import CallSession

@Suite("Words that are withheld")
struct WithheldWordsTests {
    private let card = Expectation(kind: .digits, context: "card", longestKeys: 19, isWithheld: true)

    private func askingForCard() -> Conversation {
        var conversation = Conversation(settings: ConversationSettings())
        _ = conversation.handle(.mediaStarted, at: 0)
        conversation.expectation = card
        return conversation
    }

    @Test("are forgotten with the first event of a question whose answer is not, spoken or typed")
    func forgotten() {
        var (withheld, conversation) = (WithheldWords(), askingForCard())
        let hidden = withheld.hide(
            .transcript(Transcript(utterance: UtteranceID(1), text: "four one one one", confidence: 0.9)),
            from: conversation)
        guard case .transcript(let mark) = hidden else {
            Issue.record("\(hidden)")
            return
        }
        #expect(WithheldWords.isMark(mark.text))
        let said = withheld.reveal(.callerSaid(CallerTurn(number: 1, text: mark.text, confidence: 0.9)))
        #expect(said == .callerSaid(CallerTurn(number: 1, text: "four one one one", confidence: 0.9)))
        let key = withheld.hide(.keyPressed("9"), from: conversation)
        #expect(key == .keyPressed("•"))
        #expect("\(withheld)".contains("four one one one") && "\(withheld)".contains("\"9\""))

        conversation.expectation = Expectation(kind: .open, context: "menu")
        _ = withheld.hide(.voiceStopped(lastVoiced: 0), from: conversation)
        #expect(!"\(withheld)".contains("four") && !"\(withheld)".contains("\"9\""), "\(withheld)")
    }

    @Test("are kept while their utterance goes on, and for what follows them in their turn")
    func kept() {
        var (withheld, conversation) = (WithheldWords(), askingForCard())
        let transcript = Transcript(utterance: UtteranceID(1), text: "four one one one", confidence: 0.9)
        let hidden = withheld.hide(.transcript(transcript), from: conversation)
        guard case .transcript(let mark) = hidden else {
            Issue.record("\(hidden)")
            return
        }
        conversation.expectation = Expectation(kind: .open, context: "menu")
        conversation.carried = mark
        _ = withheld.hide(.voiceStopped(lastVoiced: 0), from: conversation)
        let turn = CallerTurn(number: 1, text: mark.text + " and so on", confidence: 0.9)
        #expect(withheld.reveal(turn).text == "four one one one and so on")
        conversation.carried = nil
        conversation.caller = .speaking(conversation.utterance, onset: 0)
        _ = withheld.hide(.voiceStopped(lastVoiced: 0), from: conversation)
        #expect(withheld.reveal(turn).text == "four one one one and so on")
    }

    @Test("late words of an utterance that began while they were withheld are so as well")
    func late() {
        var (withheld, conversation) = (WithheldWords(), askingForCard())
        _ = withheld.hide(.voiceStarted(onset: 0), from: conversation)
        conversation.expectation = Expectation(kind: .open, context: "menu")
        _ = withheld.hide(.voiceStopped(lastVoiced: 0), from: conversation)
        let words = withheld.hide(.interim(conversation.utterance, text: "one one one one"), from: conversation)
        #expect(words.isWithheld, "\(words)")
    }
}
