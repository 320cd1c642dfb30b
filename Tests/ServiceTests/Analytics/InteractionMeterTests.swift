import Agent
import Networking
import Speech
import Store
import Testing

@testable import CallSession
@testable import Service

@Suite("How caller and agent take turns")
struct InteractionMeterTests {
    private enum Step {
        case event(Int, ConversationEvent)
        case does(ConversationAction)
        case note(CallNote)
    }

    private func counts(_ steps: [Step], length: Int = 800_000) -> InteractionCounts {
        var meter = InteractionMeter()
        for step in steps {
            switch step {
            case .event(let position, let event): meter.take(event, at: position)
            case .does(let action): meter.take([action])
            case .note(let note): meter.take(note)
            }
        }
        return meter.counts(of: length)
    }

    private func said(_ text: String, at position: Int) -> Step {
        .event(position, .transcript(Transcript(utterance: UtteranceID(1), text: text, confidence: 1)))
    }

    private func turn(_ number: Int, _ started: Int, _ ended: Int) -> Step {
        .note(
            .callerTurn(
                CallerTurnRecord(
                    turn: number, text: "t", confidence: 1, isOutOfTask: false, started: started, ended: ended)))
    }

    private func answer(_ number: Int) -> Step {
        .note(
            .agentTurn(
                AgentTurnRecord(turn: number, planned: "a", heard: "a", wasInterrupted: false, started: 0, ended: 1)))
    }

    private let speaks = Step.event(0, .playoutStarted(generation: 1))

    @Test("an interruption that the agent falls silent for is a yield, from the first sound to the silence")
    func yields() {
        let found = counts([
            speaks, .event(16_000, .voiceStarted(onset: 15_200)), .does(.pausePlayout),
            .event(18_000, .voiceStopped(lastVoiced: 17_900)), said("wait i meant tuesday", at: 18_400),
        ])
        #expect(found.bargeIns == 1 && found.yields == [100] && found.backchannels == 0)
    }

    @Test("one that it speaks on over is none")
    func speaksOn() {
        let found = counts([
            speaks, .event(16_000, .voiceStarted(onset: 15_200)), .does(.pausePlayout), .does(.resumePlayout),
            said("wait i meant tuesday", at: 18_400),
        ])
        #expect(found.bargeIns == 1 && found.yields == [])
    }

    @Test("an mm-hm and a cough are tolerated if the agent goes on, and startle it if not", arguments: ["mm-hm", ""])
    func sounds(words: String) {
        let heard = words.isEmpty ? Step.event(9000, .nothingHeard(UtteranceID(1))) : said(words, at: 9000)
        let tolerated = counts([
            speaks, .event(8000, .voiceStarted(onset: 8000)), .does(.pausePlayout), .does(.resumePlayout), heard,
        ])
        #expect(tolerated.backchannels == 1 && tolerated.tolerated == 1 && tolerated.bargeIns == 0)
        let startled = counts([
            speaks, .event(8000, .voiceStarted(onset: 8000)), .does(.clearPlayout(generation: 1)), heard,
        ])
        #expect(startled.backchannels == 1 && startled.tolerated == 0)
    }

    @Test("speaking into the agent's last second interrupts nobody, and longer over it does")
    func tails() {
        let drained = ConversationEvent.playoutDrained(generation: 1, heard: 1)
        let short = counts([
            speaks, .event(8000, .voiceStarted(onset: 8000)), .event(15_000, drained), said("tuesday", at: 20_000),
        ])
        #expect(short.bargeIns == 0 && short.backchannels == 0)
        let long = counts([
            speaks, .event(8000, .voiceStarted(onset: 8000)), .event(17_000, drained), said("tuesday", at: 20_000),
        ])
        #expect(long.bargeIns == 1 && long.yields == [])
    }

    @Test("the agent is over the caller when it begins while they speak")
    func overCaller() {
        let found = counts([
            speaks, .event(1, .playoutDrained(generation: 1, heard: 1)), .event(800, .voiceStarted(onset: 700)),
            .event(1600, .playoutStarted(generation: 2)), .event(2000, .voiceStopped(lastVoiced: 1900)),
            .event(9000, .playoutStarted(generation: 3)),
        ])
        #expect(found.agentStarts == 3 && found.overCaller == 1)
    }

    @Test("a turn wants an answer unless the caller goes on, or goes")
    func answers() {
        let found = counts(
            [
                answer(0), turn(1, 0, 8000), answer(1), turn(2, 30_000, 34_000), turn(3, 40_000, 44_000),
                turn(4, 90_000, 94_000), turn(5, 700_000, 790_000),
            ], length: 800_000)
        // 2 is gone on from, nobody waits for 5; 3 and 4 were waited for in vain.
        #expect(found.asked == 3 && found.answered == 1)
    }
}

@Suite("How a call ends for the one on it")
struct CallEndingTests {
    @Test(
        "whoever closes the line as they should has hung up, as Vonage, jambonz, FreeSWITCH and Asterisk do",
        arguments: [
            (.peer(code: 1000, reason: ""), 0, .abandoned), (.peer(code: 1000, reason: "bye"), 0, .abandoned),
            (.peer(code: 1001, reason: ""), 0, .abandoned), (.peer(code: 1005, reason: ""), 0, .abandoned),
            (.peer(code: 1005, reason: ""), 1, .contained), (.peer(code: 1011, reason: "oops"), 1, .failed),
            (.local(code: 1013, reason: "too slow"), 0, .failed),
            (
                .failure(NetworkError(.connectionLost, operation: "receive", subject: "the socket", detail: "reset")),
                3,
                .failed
            ),
        ] as [(WebSocketCloseReason, Int, CallResolution)])
    func closed(reason: WebSocketCloseReason, answered: Int, expected: CallResolution) {
        let words = LineEnd.words(reason)
        var ending = CallEnding()
        ending.take(.hungUp(reason: words))
        let found = ending.resolution(reason: words, isPlaced: false, answerer: nil, answered: answered)
        #expect(found == expected, "\(words)")
        // The agent had ended the call before.
        let over = ending.resolution(
            reason: "the agent ended the call", isPlaced: false, answerer: nil, answered: answered)
        #expect(over == .contained)
    }

    @Test("the words that rows have of it stay as they are, since they are read again")
    func words() {
        #expect(LineEnd.words(.peer(code: 1000, reason: "")) == "closed by the peer (1000)")
        #expect(LineEnd.isHangUp("caller hung up") && LineEnd.isHangUp("closed by the peer (1000 over)"))
        #expect(!LineEnd.isHangUp("closed by the peer (1006)") && !LineEnd.isFault("transferred"))
    }

    @Test(
        "its last events tell",
        arguments: [
            ("caller hung up", "caller hung up", false, nil, 0, CallResolution.abandoned),
            ("caller hung up", "caller hung up", false, nil, 1, .contained),
            ("the agent ended the call", "caller hung up", false, nil, 0, .contained),
            ("caller silent", "caller silent", false, nil, 0, .contained),
            ("it is urgent", "transferred", false, nil, 2, .transferred),
            ("failed", "transferred", false, nil, 2, .transferred), ("stuck", "stuck", false, nil, 2, .failed),
            ("failed", "failed", false, nil, 0, .failed),
            ("message left", "message left", true, "machine", 0, .unreached),
            ("caller hung up", "caller hung up", true, "fax", 0, .unreached),
            ("caller hung up", "caller hung up", true, "person", 2, .contained),
            ("caller hung up", "caller hung up", true, "unsure", 2, .contained),
        ] as [(String, String, Bool, String?, Int, CallResolution)])
    func resolutions(
        reason: String, hangUp: String, isPlaced: Bool, answerer: String?, answered: Int, expected: CallResolution
    ) {
        var ending = CallEnding()
        ending.take(.hungUp(reason: hangUp))
        let found = ending.resolution(reason: reason, isPlaced: isPlaced, answerer: answerer, answered: answered)
        #expect(found == expected)
    }

    @Test("whom an operator spoke to was with a person")
    func operators() {
        var ending = CallEnding()
        let words = OperatorWords(text: "hello", confidence: 1, started: 0, ended: 1)
        ending.take(CallNote.operatorTurn(OperatorTurnRecord(turn: 1, words: words)))
        ending.take(.hungUp(reason: "caller hung up"))
        let found = ending.resolution(reason: "caller hung up", isPlaced: false, answerer: nil, answered: 0)
        #expect(found == .transferred)
    }
}
