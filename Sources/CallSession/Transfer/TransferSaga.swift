package import Agent

/// A warm transfer, step by step: events in, acts out, time an argument. A value, part of the caller's ``Conversation``.
///
/// While it goes on the caller holds the line. Every step has a deadline, and every way out of one but the last leads the
/// caller back to the agent, with the reason; only who has talked with the person does not come back when that person
/// hangs up.
package struct TransferSaga: Sendable, Equatable {
    package enum Stage: String, Sendable, CaseIterable {
        /// The carrier is asked for the call.
        case asking
        case ringing
        /// It is found out who has answered.
        case answered
        /// The person hears what it is about, and decides.
        case briefing
        /// They have agreed; the two lines are being joined.
        case joining
        /// Joined; their voice must come over.
        case confirming
        /// The agent says to both who they are, where it is asked to.
        case introducing
        /// Caller and person talk.
        case joined
        case over
    }

    package enum Outcome: String, Sendable, CaseIterable {
        case joined
        /// The carrier did not place the call, or nobody answered.
        case unreached
        /// No person answered.
        case machine
        /// They did not take it, or said nothing of the kind.
        case declined
        /// They had agreed, and the lines could not be joined.
        case broken
        /// The caller hung up, or somebody at the console decided otherwise.
        case cancelled
    }

    package enum Act: Sendable, Equatable {
        /// Tell the caller, who holds the line, how it stands.
        case comfort(String)
        /// Join the lines.
        case join
        /// Say ``TransferSaga/introduction`` to both.
        case introduce
        /// Caller and person talk with each other.
        case confirm
        /// End the call with the person.
        case endPerson(reason: String)
        /// The agent has the caller again.
        case giveBack(reason: String)
        /// The person has hung up after the talk: so ends the caller's call.
        case finish(reason: String)
    }

    /// How long the carrier may take to take the call.
    package static let asking = Duration.seconds(25)
    /// Beyond the time that it rings, until the carrier has said that nobody answered.
    static let ringingGrace = Duration.seconds(10)
    /// How long it may be unknown who has answered.
    static let finding = Duration.seconds(20)
    static let joining = Duration.seconds(5)
    static let confirming = Duration.seconds(5)
    /// How long the agent may be among them.
    static let introducing = Duration.seconds(25)

    package let plan: WarmTransfer
    /// What both hear of the agent once they are joined; nil joins them without a word.
    package let introduction: String?
    package private(set) var stage = Stage.asking
    package private(set) var outcome: Outcome?
    /// The id of the call with the person.
    package private(set) var personCall: String?
    /// When each stage began, in samples.
    package private(set) var steps: [(stage: Stage, at: Int)] = []
    private var stageEnd: Int?
    private var nextComfort: Int?
    /// How often the caller was told how it stands, since that has changed.
    private var comforts = 0

    /// - Parameters:
    ///   - reason: why the caller is handed on.
    ///   - language: what the agent speaks.
    ///   - position: in samples.
    package init(
        _ plan: WarmTransfer, reason: String = "", language: SpokenLanguage = .english, at position: Int
    ) {
        self.plan = plan
        introduction = plan.introduction(reason: reason, language: language)
        nextComfort = position + plan.every * 8000
        enter(.asking, at: position)
    }

    /// When something is due by itself, in samples.
    package var deadline: Int? {
        switch (stageEnd, nextComfort) {
        case (let end?, let comfort?): min(end, comfort)
        case (let end, let comfort): end ?? comfort
        }
    }

    /// Whether the caller hears music, and words now and then.
    package var isHolding: Bool {
        switch stage {
        case .asking, .ringing, .answered, .briefing, .joining: true
        case .confirming, .introducing, .joined, .over: false
        }
    }

    package mutating func handle(_ event: PersonEvent, at position: Int) -> [Act] {
        switch (event, stage) {
        case (_, .over): return []
        case (.ringing, .asking):
            enter(.ringing, at: position)
            return []
        case (.answered(let call), .asking), (.answered(let call), .ringing):
            personCall = call
            enter(.answered, at: position)
            return []
        case (.found(let who), .answered), (.found(let who), .briefing):
            guard who != .person, who != .unsure else {
                // An unsure one decides by a key or a word, which no machine says.
                if stage == .answered { enter(.briefing, at: position) }
                return []
            }
            return giveBack("nobody but \(Self.name(of: who)) answered", .machine, endsPerson: true, at: position)
        case (.accepted, .answered), (.accepted, .briefing):
            enter(.joining, at: position)
            return [.join]
        case (.joined, .joining):
            enter(.confirming, at: position)
            return []
        case (.heard, .confirming):
            guard introduction != nil else { return confirm(at: position) }
            enter(.introducing, at: position)
            return [.introduce]
        case (.left(let reason, false), .joined):
            enter(.over, at: position)
            return [.finish(reason: reason)]
        case (.left(_, true), .joined):
            return giveBack("the connection to the person broke", .joined, endsPerson: true, at: position)
        case (.failed(let reason), _): return giveBack(reason, .unreached, endsPerson: true, at: position)
        case (.left(let reason, let wasLost), _):
            let early = stage == .asking || stage == .ringing
            let outcome: Outcome = early ? .unreached : stage == .answered || stage == .briefing ? .declined : .broken
            return giveBack(
                wasLost && !early ? "the connection to the person broke" : reason, outcome, endsPerson: false,
                at: position)
        // Late, or said twice.
        case (.ringing, _), (.answered, _), (.found, _), (.accepted, _), (.joined, _), (.heard, _): return []
        }
    }

    /// The agent has said what it says to both, or cannot: it leaves them.
    package mutating func introduced(at position: Int) -> [Act] {
        stage == .introducing ? confirm(at: position) : []
    }

    private mutating func confirm(at position: Int) -> [Act] {
        enter(.joined, at: position)
        outcome = .joined
        return [.confirm]
    }

    /// What is due at `position`.
    package mutating func due(at position: Int) -> [Act] {
        if let end = stageEnd, position >= end { return overdue(at: position) }
        guard let comfort = nextComfort, position >= comfort else { return [] }
        nextComfort = position + plan.every * 8000
        let sentences = tellsOfDecision ? plan.deciding : plan.hold
        guard !sentences.isEmpty else { return [] }
        comforts += 1
        return [.comfort(sentences[(comforts - 1) % sentences.count])]
    }

    /// Whether what the caller is told is that somebody is there.
    private var tellsOfDecision: Bool { (stage == .briefing || stage == .joining) && !plan.deciding.isEmpty }

    /// The caller has gone, or is somebody else's now.
    package mutating func cancel(_ reason: String, at position: Int) -> [Act] {
        guard stage != .over else { return [] }
        if outcome == nil { outcome = .cancelled }
        enter(.over, at: position)
        return [.endPerson(reason: reason)]
    }

    private mutating func overdue(at position: Int) -> [Act] {
        switch stage {
        case .asking:
            return giveBack("the carrier does not place the call", .unreached, endsPerson: true, at: position)
        case .ringing:
            return giveBack(
                UsualSentence.reasonNobodyAnswered.text(in: .english), .unreached, endsPerson: true, at: position)
        case .answered: return giveBack("nobody spoke on their line", .machine, endsPerson: true, at: position)
        case .briefing:
            return giveBack(
                UsualSentence.reasonUndecided.text(in: .english), .declined, endsPerson: true, at: position)
        case .joining, .confirming:
            return giveBack("the lines could not be joined", .broken, endsPerson: true, at: position)
        // That it could not be said is no reason to part them.
        case .introducing: return confirm(at: position)
        case .joined, .over: return []
        }
    }

    private mutating func giveBack(
        _ reason: String, _ outcome: Outcome, endsPerson: Bool, at position: Int
    ) -> [Act] {
        self.outcome = outcome
        enter(.over, at: position)
        return (endsPerson ? [.endPerson(reason: reason)] : []) + [.giveBack(reason: reason)]
    }

    private mutating func enter(_ next: Stage, at position: Int) {
        let told = tellsOfDecision
        stage = next
        if tellsOfDecision != told { comforts = 0 }
        steps.append((next, position))
        let span: Duration? =
            switch next {
            case .asking: Self.asking
            case .ringing: .seconds(plan.ring) + Self.ringingGrace
            case .answered: Self.finding
            case .briefing: .seconds(plan.decision)
            case .joining: Self.joining
            case .confirming: Self.confirming
            case .introducing: Self.introducing
            case .joined, .over: nil
            }
        stageEnd = span.map { position + $0.samples }
        if !isHolding { nextComfort = nil }
    }

    private static func name(of answerer: Answerer) -> String {
        switch answerer {
        case .machine: "a voicemail"
        case .screening: "an assistant"
        case .menu: "a menu"
        case .fax: "a fax"
        case .person, .unsure: "a person"
        }
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.plan == b.plan && a.introduction == b.introduction && a.stage == b.stage && a.outcome == b.outcome
            && a.personCall == b.personCall && a.stageEnd == b.stageEnd && a.nextComfort == b.nextComfort
            && a.comforts == b.comforts
            && a.steps.elementsEqual(b.steps) { $0 == $1 }
    }
}
