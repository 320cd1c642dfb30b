import Agent
import CallSession
import Speech
import Telephony
import TestSupport
import Testing

/// Random orders of events against the invariants that ``VirtualLine`` checks after each of them.
@Suite("Whatever happens on a call")
struct ConversationPropertyTests {
    @Test("every silence has a reason and a deadline, generations only grow, and the end is final", arguments: 0..<500)
    func invariants(seed: Int) throws {
        var random = SplitMix64(state: UInt64(seed))
        var answering = SplitMix64(state: UInt64(seed) &* 31)
        var settings = ConversationSettings()
        // Two of three are calls that were placed.
        let policies: [PlacedCall.MachinePolicy?] = [nil, .leaveMessage, [.hangUp, .talk][seed / 3 % 2]]
        settings.placed = policies[seed % 3].map { policy in
            PlacedCall(machine: policy, message: "Please call us.", introduction: "This is the clinic.")
        }
        settings.takesCallersBack = seed % 5 < 2
        var line = VirtualLine(settings: settings) { _ in Self.answers.randomElement(using: &answering)! }
        line.recognitionDelay = Int.random(in: 1...3000, using: &random)
        line.synthesisDelay = Int.random(in: 1...400, using: &random)
        line.carrierConfirms = Bool.random(using: &random)
        line.providesProvisionals = Bool.random(using: &random)
        line.canTransfer = seed % 2 == 0
        var opining = SplitMix64(state: UInt64(seed) &* 77)
        line.opinion = { _ in Self.opinions.randomElement(using: &opining)! }
        line.start()
        for _ in 0..<40 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3:
                line.speak(Self.words.randomElement(using: &random)!, for: .random(in: 60...2500, using: &random))
            case 4: line.speak(nil, for: .random(in: 40...600, using: &random))
            case 5: line.speak("noise", for: 700, outOfTask: true)
            case 6: line.deliver(.keyPressed("\(Int.random(in: 0...9, using: &random))"))
            case 7: line.deliver(Self.strays.randomElement(using: &random)!)
            case 8: line.deliver(Self.commands.randomElement(using: &random)!)
            default: line.run(milliseconds: .random(in: 20...9000, using: &random))
            }
        }
        line.deliver(.operated(.unmute))
        line.deliver(.operated(.handBack(wasLost: false)))
        // An assistant that fetches nobody; then four silences, each with a reply that may stall and be apologised for.
        line.run(milliseconds: settings.placed == nil ? 180_000 : 300_000)
        #expect(line.faults == [])
        #expect(try line.firstDivergence() == nil)
        for turn in line.agentTurns { #expect(turn.planned.hasPrefix(turn.heard) || turn.heard.isEmpty) }
        // Whoever was left alone has been let go.
        guard case .ended = line.conversation.phase else {
            Issue.record("the call is still up: \(line.conversation.phase)")
            return
        }
    }

    private static let commands: [ConversationEvent] = [
        .operated(.say("One moment, please.")), .operated(.mute), .operated(.unmute), .operated(.unmute),
        .timer(.mute), .operated(.takeOver), .operated(.takeOver), .operated(.handBack(wasLost: true)),
        .operated(.whisper("Be kind.")), .timer(.takeover),
        .operatorSaid(OperatorWords(text: "hello", confidence: 1, started: 0, ended: 1)),
    ]
    private static let words = [
        "yes", "mm-hm", "book me in", "goodbye", "my number is", "okay", "hello", "please leave a message",
        "please state your name", "for sales press one", "one moment please",
    ]
    private static let answers: [[VirtualLine.Part]] = [
        [.say("Yes.")],
        [.say("One moment."), .work(milliseconds: 2500), .say("It is done, and everything went well.")],
        [.fail], [.stall], [.sayUnspeakably("§")], [], [.expect(.digits), .say("Your number please?")],
        [.press("2")], [.say("Goodbye."), .hangUp], [.say("I will connect you."), .transfer("+15550100")],
    ]
    private static let opinions: [ReplyPreview?] = [
        nil, ReplyPreview(completeness: .open), ReplyPreview(completeness: .complete),
        ReplyPreview(completeness: .complete, firstSentence: "Yes."),
        ReplyPreview(completeness: .open, firstSentence: "Something else."),
    ]
    private static let strays: [ConversationEvent] = [
        .transcript(Transcript(utterance: UtteranceID(1), text: "late words", confidence: 0.5)),
        .nothingHeard(UtteranceID(2)), .interim(UtteranceID(1), text: "late"), .replyFinished(generation: 1),
        .replySaid(generation: 1, text: "old words"), .synthesized(SegmentID(generation: 1, index: 0), samples: 800),
        .synthesisFinished(SegmentID(generation: 2, index: 7)), .playoutDrained(generation: 1, heard: 1 << 30),
        .playoutCleared(generation: 3, heard: 5), .playoutStarted(generation: 2), .timer(.endOfTurn), .timer(.reply),
        .timer(.bargeIn), .timer(.recognition), .voiceStopped(lastVoiced: 0), .voiceStarted(onset: 0), .livenessLost,
        .previewed(UtteranceID(1), text: "late", .complete, firstSentence: "Late."),
        .provisional(Transcript(utterance: UtteranceID(1), text: "late", confidence: 0.9)),
        .endOfTurnLikely(UtteranceID(1), probability: 1),
        .recognitionFailed(UtteranceID(1), reason: "gone"), .replyFailed(generation: 2, reason: "late"),
        .lineTone(.beep), .lineTone(.beep), .lineTone(.fax), .carrierAnswered("human"),
        .carrierAnswered("machine_start"),
        .timer(.answer), .timer(.opening), .replyPresses(generation: 1, keys: "1"), .transferFailed(reason: "late"),
    ]
}
