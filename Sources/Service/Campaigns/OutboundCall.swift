import Agent
package import CallSession
import Campaigns
import Speech

/// What a call that we placed is about.
package struct OutboundCall: Sendable, Equatable {
    /// The attempt's id.
    package var attempt: String
    package var number: String
    package var callerID: String
    package var agent: String
    /// In whose name is called.
    package var seller: String
    package var variables: [String: String]
    /// What is done about those who are no persons; texts with values in braces.
    package var placed: PlacedCall
    /// What the carrier said of who answered, if it did before the media began.
    package var carrierAnswer: String?
}

extension OutboundCall {
    /// What is done about machines and assistants, in the words of this call's agent.
    func placed(as agent: AgentDefinition) -> PlacedCall {
        var placed = placed
        // Where the campaign has no words for it.
        if let usual = CampaignDefinition.usualIntroductions.first(where: {
            $0.text(in: .english, "seller", seller) == placed.introduction
        }) {
            placed.introduction = usual.text(in: agent.spokenLanguage, "seller", seller)
        }
        placed.message = agent.announcement(placed.message, variables)
        placed.introduction = agent.announcement(placed.introduction, variables)
        return placed
    }
}

extension CampaignDefinition {
    /// What an assistant that screens the call hears where the campaign says nothing else.
    static let usualIntroductions: [UsualSentence] = [.screenedInformation, .screenedOffer, .screenedSafety]

    /// How its calls begin; texts with the contact's values still in braces.
    var placedCall: PlacedCall {
        let machine: PlacedCall.MachinePolicy =
            switch self.machine {
            case .hangUp, .giveUp: .hangUp
            case .leaveMessage: .leaveMessage
            case .talk: .talk
            }
        let usual: UsualSentence =
            switch purpose {
            case .informational: .screenedInformation
            case .telemarketing: .screenedOffer
            case .emergency: .screenedSafety
            }
        // In the agent's language once the call has its agent.
        let introduction = introduction ?? usual.text(in: .english)
        func named(_ text: String) -> String { text.replacing("{seller}", with: seller) }
        return PlacedCall(
            machine: machine, message: named(message ?? ""), introduction: named(introduction),
            optOutKey: String(OptOutDialogue.key))
    }
}

/// What was seen of a call that we placed, once its media is over.
struct HeldCall: Sendable, Equatable {
    var attempt: String
    var reason: String
    /// Of the media.
    var length: Duration
    /// How often somebody was heard after the agent had begun to speak.
    var callerTurns: Int
    /// The last verdict; nil where nothing was found out.
    var answerer: Answerer?
    var hasLeftMessage = false
    /// Whether the agent was ever heard.
    var wasAudible: Bool
    /// How long a person waited for the agent's first words after their greeting, in samples at 8 kHz; nil where something
    /// else answered.
    var greetingDelay: Int?
}

/// Listens to the events of a call that we placed. Confined to the call's loop.
struct OutboundWatch {
    private var callerTurns = 0
    private var wasAudible = false
    private var answerer: Answerer?
    private var hasLeftMessage = false
    private var greeting = GreetingClock()
    /// Whether a number was asked for, of which a nine may be a digit.
    private var gathersKeys = false
    /// The newest keys without a pause between them.
    private var typed = ""
    /// Of the newest key, in samples at 8 kHz.
    private var lastKey = 0
    private static let keyPause = ConversationSettings().keyPause.samples
    /// Why this person is called no more, once they have said so.
    private(set) var optOut: String?
    let call: OutboundCall

    init(_ call: OutboundCall) { self.call = call }

    enum Finding {
        case optedOut(reason: String)
        case ended(HeldCall)
    }

    mutating func see(_ event: CallEvent) -> Finding? {
        if case .journal(_, let position, let input) = event { greeting.see(input, at: position) }
        switch event {
        case .note(_, .expecting(let expectation)):
            gathersKeys = expectation.kind == .digits || expectation.longestKeys != nil
        case .journal(_, let position, .keyPressed(let keys)):
            // Who types on is not yet at the next question.
            typed = position - lastKey <= Self.keyPause ? typed + keys : keys
            lastKey = position
            // Also when the receiver is put down before the agent could say so.
            if !gathersKeys { return optedOutByKey() }
        case .journal(_, _, .hungUp): return optedOutByKey()
        case .journal(_, _, .transcript(let transcript)):
            if wasAudible { callerTurns += 1 }
            guard OptOutPhrases.matches(transcript.text) else { return nil }
            return optedOut(OptOutDialogue.saidSo)
        // Where no such words were heard, the agent understood it.
        case .note(_, .understood(_, let understanding)) where understanding.intent == OptOutDialogue.intent:
            return optOut == nil ? optedOut(OptOutDialogue.saidSo) : nil
        case .journal(_, _, .playoutStarted): wasAudible = true
        case .note(let position, .answered(let verdict)):
            answerer = verdict.answerer
            greeting.answered(verdict.answerer, at: position)
        case .note(_, .messageLeft): hasLeftMessage = true
        case .finished(let summary):
            return .ended(
                HeldCall(
                    attempt: call.attempt, reason: summary.reason,
                    length: .milliseconds(summary.samples / 8), callerTurns: callerTurns,
                    answerer: answerer, hasLeftMessage: hasLeftMessage, wasAudible: wasAudible,
                    greetingDelay: isPerhapsPerson ? greeting.delay(at: summary.samples) : nil))
        case .journal, .decided, .note: break
        }
        return nil
    }

    private var isPerhapsPerson: Bool {
        switch answerer {
        case .person, .unsure, nil: true
        case .machine, .screening, .menu, .fax: false
        }
    }

    /// Whether the newest key stands by itself: neither before nor after others.
    var isSingleKey: Bool { typed.count == 1 }

    private mutating func optedOutByKey() -> Finding? {
        guard typed == String(OptOutDialogue.key) else { return nil }
        return optedOut("pressed 9")
    }

    private mutating func optedOut(_ reason: String) -> Finding {
        optOut = reason
        return .optedOut(reason: reason)
    }
}
