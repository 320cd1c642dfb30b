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

    @Test("a caller who does not want to be recorded is heard; with digits in it, it is withheld as all else")
    func withdrawal() {
        var (withheld, conversation) = (WithheldWords(), askingForCard())
        let id = UtteranceID(1)
        let wish = withheld.shown("please don't record this", of: id, in: conversation)
        #expect(wish == "please don't record this")
        for text in ["don't record this four one one one", "don't record 4111", "four one one one", "my name is ann"] {
            let shown = withheld.shown(text, of: id, in: conversation)
            #expect(WithheldWords.isMark(shown), "\(text)")
        }
        conversation.expectation = Expectation(kind: .open, context: "menu")
        #expect(!withheld.isWithholding(in: conversation))
    }

    @Test("nothing is withheld any more once the call goes to a person or ends, although no other question is asked")
    func over() {
        let withheld = WithheldWords()
        var handedOn = askingForCard()
        let generation = handedOn.generation
        _ = handedOn.handle(.replyTransfers(generation: generation, destination: "desk", reason: "failed"), at: 0)
        #expect(handedOn.phase == .ending(reason: "failed") && !withheld.isWithholding(in: handedOn))
        var over = askingForCard()
        _ = over.handle(.replyHangsUp(generation: generation, reason: "failed"), at: 0)
        #expect(!withheld.isWithholding(in: over))
        var joined = askingForCard()
        joined.isHandingOn = true
        joined.phase = .ending(reason: "transfer")
        _ = joined.handle(.joined, at: 0)
        #expect(joined.phase == .open && !withheld.isWithholding(in: joined))
    }

    @Test(
        "what an operator says is not withheld; the answer to the agent's question is, when the agent has the line again"
    )
    func takenOver() {
        let withheld = WithheldWords()
        var conversation = askingForCard()
        _ = conversation.handle(.operated(.takeOver), at: 0)
        #expect(!withheld.isWithholding(in: conversation))
        _ = conversation.handle(.operated(.handBack(wasLost: false)), at: 8000)
        #expect(withheld.isWithholding(in: conversation))
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
