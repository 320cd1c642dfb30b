import Agent
import Speech
import Telephony
import TestSupport

@testable import CallSession

/// A reducer under watch: hands it events and looks at what it does.
struct ReducerWatch {
    private(set) var conversation: Conversation
    private(set) var faults: [String] = []
    /// What happened until the first fault.
    private(set) var log: [String] = []
    private var generation = 0
    private var hasEnded = false
    private var isEnding = false
    private var hasOperator = false

    init(_ settings: ConversationSettings) { conversation = Conversation(settings: settings) }

    /// Looks at a call that is under way.
    init(_ conversation: Conversation, hasOperator: Bool) {
        self.conversation = conversation
        self.hasOperator = hasOperator
        generation = conversation.generation
    }

    mutating func tick(at position: Int) {
        while let due = conversation.dueTimer(at: position) { handle(due, at: position) }
    }

    mutating func dueTimer(at position: Int) -> ConversationEvent? { conversation.dueTimer(at: position) }

    @discardableResult
    mutating func handle(_ event: ConversationEvent, at position: Int) -> [ConversationAction] {
        if faults.isEmpty { log.append("\(position) \(event)") }
        let actions = conversation.handle(event, at: position)
        var replies = 0
        for action in actions {
            switch action {
            case .startReply(let number, _):
                replies += 1
                if number != conversation.generation { faults.append("a reply of another generation after \(event)") }
                if case .transferFailed = event, conversation.settings.takesCallersBack { isEnding = false }
                if hasEnded || isEnding { faults.append("a new reply at the end after \(event)") }
            case .synthesize(let segment, _):
                if segment.generation != conversation.generation { faults.append("old words after \(event)") }
                if hasEnded { faults.append("words after the end: \(event)") }
                if hasOperator, !conversation.isIntroducing { faults.append("words into an operator's: \(event)") }
            case .connectOperator:
                if hasOperator || hasEnded || isEnding { faults.append("an operator too many after \(event)") }
                hasOperator = true
            case .disconnectOperator:
                if !hasOperator { faults.append("no operator to send away after \(event)") }
                hasOperator = false
            case .startRecognition:
                if hasEnded || isEnding { faults.append("listening after the goodbye: \(event)") }
            default: break
            }
        }
        if replies > 1 { faults.append("\(replies) replies at once after \(event)") }
        if conversation.generation < generation { faults.append("the generation went back after \(event)") }
        generation = conversation.generation
        if conversation.ledger.heard > conversation.ledger.synthesized {
            faults.append("heard too much after \(event)")
        }
        check(after: event)
        return actions
    }

    private mutating func check(after event: ConversationEvent) {
        switch conversation.phase {
        case .waitingForMedia: break
        case .ended:
            hasEnded = true
            if hasOperator { faults.append("an operator on a dead line after \(event)") }
        case .open:
            if case .transferFailed = event, conversation.settings.takesCallersBack { isEnding = false }
            if isEnding || hasEnded { faults.append("the call came back to life after \(event)") }
            checkSilence(after: event)
        case .ending:
            if hasEnded { faults.append("the call came back to life after \(event)") }
            isEnding = true
            checkSilence(after: event)
        }
    }

    private mutating func checkSilence(after event: ConversationEvent) {
        guard let reason = conversation.silenceReason else {
            return faults.append("silence without a reason after \(event)")
        }
        if reason.deadline == .max { faults.append("\(reason.kind) has no deadline after \(event)") }
    }

    /// Any event at all, about the present or about what is long over.
    func event(using random: inout SplitMix64, at position: Int) -> ConversationEvent {
        let reply = max(conversation.generation - (Int.random(in: 0..<4, using: &random) == 0 ? 1 : 0), 0)
        let number = Int(conversation.utterance.rawValue) - (Int.random(in: 0..<4, using: &random) == 0 ? 1 : 0)
        let utterance = UtteranceID(UInt32(max(number, 0)))
        let segment = SegmentID(generation: reply, index: Int.random(in: 0...2, using: &random))
        let text =
            [
                "yes", "no", "please don't record this", "mm-hm", "my number is", "book me in", "", "hello",
                "please leave a message",
                "please state your name",
                "for sales press one",
            ].randomElement(using: &random) ?? ""
        let tool = ToolCall(id: "1", name: "tool", arguments: "{}")
        switch Int.random(in: 0..<28, using: &random) {
        case 0, 1: return .voiceStarted(onset: max(position - 400, 0))
        case 2, 3: return .voiceStopped(lastVoiced: max(position - 1200, 0))
        case 4: return .interim(utterance, text: text)
        case 5, 6:
            return .transcript(
                Transcript(
                    utterance: utterance, text: text, confidence: .random(in: 0...1, using: &random),
                    isOutOfTask: Bool.random(using: &random)))
        case 7: return .provisional(Transcript(utterance: utterance, text: text, confidence: 0.8))
        case 8: return .previewed(utterance, text: text, .complete, firstSentence: "Yes.")
        case 9: return .endOfTurnLikely(utterance, probability: .random(in: 0...1, using: &random))
        case 10: return .nothingHeard(utterance)
        case 11: return .recognitionFailed(utterance, reason: "gone")
        case 12: return .keyPressed("5")
        case 13: return .replySaid(generation: reply, text: "Words.")
        case 14: return .replyFinished(generation: reply)
        case 15: return .replyFailed(generation: reply, reason: "broken")
        case 16: return .toolStarted(generation: reply, tool)
        case 17: return .toolFinished(generation: reply, tool)
        case 18: return .synthesized(segment, samples: .random(in: 0...9000, using: &random))
        case 19: return .synthesisFinished(segment)
        case 20: return .synthesisFailed(segment, reason: "mute")
        case 21: return .playoutStarted(generation: reply)
        case 22: return .playoutDrained(generation: reply, heard: .random(in: 0...20_000, using: &random))
        case 23: return .playoutCleared(generation: reply, heard: .random(in: 0...20_000, using: &random))
        case 24: return .lineTone(Int.random(in: 0..<8, using: &random) == 0 ? .fax : .beep)
        case 25: return .carrierAnswered(["human", "machine_start", "unknown"].randomElement(using: &random) ?? "fax")
        case 26: return .timer(Deadlines.Kind.allCases.randomElement(using: &random) ?? .reply)
        default:
            return [
                .livenessLost, .drain, .hungUp(reason: "gone"), .transferFailed(reason: "no number"),
                .replyHangsUp(generation: reply, reason: "done"),
                .replyPresses(generation: reply, keys: "1"),
                .replyTransfers(generation: reply, destination: "+1", reason: "asked"),
                .replyExpects(generation: reply, Expectation(kind: .digits, context: "phone")),
                .operated(.takeOver), .operated(.handBack(wasLost: true)), .operated(.mute), .operated(.unmute),
                .operated(.say("One moment.")), .operated(.whisper("Be kind.")),
                .operatorSaid(OperatorWords(text: "hello", confidence: 1, started: 0, ended: 1)),
            ].randomElement(using: &random) ?? .drain
        }
    }
}
