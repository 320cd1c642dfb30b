/// Runs a ``Flow`` for one call: an event in, what to do out. It knows no clock, no task and no tool.
///
/// A state's steps run from the first one after every turn. A step that is satisfied does nothing: a filled slot, a result
/// fetched for the same arguments, a read-back confirmed for the same values. So a caller may correct anything at any time,
/// and exactly what depends on it is done again.
package struct FlowEngine: Sendable {
    let agent: AgentDefinition
    let flow: Flow
    /// Slots that the caller proves themselves with: those named as facts, and those that the check is given.
    private let proofs: Set<String>
    var call: CallFacts
    /// The day that "tomorrow" refers to.
    var today: CivilDate

    /// Slot → value.
    package internal(set) var slots: [String: JSONValue] = [:]
    /// What tools answered, by the name it was saved under.
    var results: [String: JSONValue] = [:]
    /// Where the conversation is; above the first one are digressions.
    var frames: [Frame] = []
    var waiting = Waiting.nothing
    var question: Question?
    /// The end of the call was ordered. Nothing follows.
    package internal(set) var hasEnded = false

    /// What the caller seemed to want and is being asked about.
    var wish: Wish?

    /// Turns in a row that led nowhere.
    var misses = 0
    /// The number of the caller's last turn.
    var turn = 0
    /// How often each text was said, so that the next variation follows.
    var variations: [String: Int] = [:]
    /// Times the caller could not be helped.
    var escalations = 0
    var path: EscalationPath
    var invocations = 0
    /// Act (tool and arguments) → its idempotency key, until it is done.
    var keys: [String: String] = [:]
    /// Tool → calls of it in this turn.
    var callsInTurn: [String: Int] = [:]
    /// Slot → what its capture block has heard.
    var captures: [String: Capture] = [:]
    /// Slot → the value that no text, condition or record may hold.
    var secrets: [String: Secret] = [:]
    var secretRevision = 0
    /// What a secret is told by → its revision, until a tool was given it and succeeded: an act whose answer was lost stays
    /// the same act, however often its security code is asked for.
    var secretRevisions: [Int: Int] = [:]
    /// Half a name, until the other half is said.
    var partialName: (first: String?, last: String?) = (nil, nil)

    /// What the reply that is being made says, and which steps said it.
    var reply: [Said] = []
    /// What "sorry?" asks for.
    var repeatable: [String] = []
    /// The last read-back was cut short before its substance.
    var isReadBackUnheard = false

    /// Said when the running digression is over.
    var digressionBack: String?

    /// It has lived through what happened in another process, and the caller is about to be told that they are back.
    var isRecalled = false

    var steps: [FlowStep] = []
    /// What is left of ``stepBudget``.
    var budget = 0

    /// Keys that can be pressed.
    static let pressable = Set("0123456789ABCD*#")
    /// Steps within one reply, against flows that run in circles.
    static let stepBudget = 500

    package init(agent: AgentDefinition, flow: Flow, call: CallFacts, today: CivilDate) {
        self.agent = agent
        self.flow = flow
        self.call = call
        self.today = today
        path = EscalationPath(agent.escalation)
        proofs = flow.proofs(named: agent.verification?.facts.map(\.name) ?? [])
    }

    /// Whether a slot is what the caller proves themselves with: its words, keys and sound are kept by nobody.
    func isProof(_ slot: String) -> Bool { proofs.contains(slot) }

    /// Answers one event.
    ///
    /// - Parameter today: the day of the event in the agent's time zone.
    package mutating func handle(_ event: FlowEvent, today: CivilDate) -> [FlowStep] {
        if case .notReached = event { hasEnded = false }
        guard !hasEnded else { return [] }
        self.today = today
        steps = []
        budget = Self.stepBudget
        if case .toolFinished = event {} else { beginReply() }
        switch event {
        case .started where isRecalled: resume()
        case .started:
            say(agent.greeting)
            frames = [Frame(state: flow.start)]
            run()
        case .said(let turn): hear(turn)
        case .notUnderstood: miss(1)
        case .silent(let count): breakSilence(count)
        case .keys(let keys): press(keys)
        case .notReached(let reason): comeBack(reason: reason)
        case .toolFinished(let id, let outcome):
            record(id: id, outcome)
            if case .tool = waiting { break }
            run()
        }
        if !hasEnded, var expectation = wish?.expectation ?? question?.expectation {
            // Whoever is asked about a wish may go on with the answer to the question before it.
            expectation.isWithheld = question?.expectation.isWithheld ?? false
            steps.append(.output(.expect(expectation)))
        }
        if case .tool(let pending) = waiting {
            steps.append(.call(pending.invocation, idempotencyKey: pending.key))
        }
        return steps
    }

    /// Keeps the outcome of a call whose reply was abandoned. The flow goes on with the next event.
    package mutating func record(id: String, _ outcome: ToolOutcome) {
        guard case .tool(let pending) = waiting, pending.invocation.id == id else { return }
        waiting = .nothing
        switch outcome {
        case .result(let result):
            keys[pending.act] = nil
            spendSecrets(of: pending.call, succeeded: true)
            frame.memo[pending.fingerprint] = result
            if let name = pending.call.save { results[name] = result }
        case .failure(let error):
            // A call that never began may be made anew; after a deadline the same act keeps its key.
            if error.code != .deadlineExceeded { keys[pending.act] = nil }
            spendSecrets(of: pending.call, succeeded: false)
            results["error"] = ["code": .string(error.code.rawValue), "detail": .string(error.detail)]
            if let state = pending.call.failed[error.code] ?? pending.call.failed[nil] { enter(state) }
        }
    }

    /// The reply was abandoned before its tool was called. What the caller had agreed to must be asked again.
    package mutating func abandonCall() {
        guard case .tool(let pending) = waiting else { return }
        waiting = .nothing
        keys[pending.act] = nil
        frame.confirmed = []
    }

    /// Of the last reply the caller heard only `heard`.
    package mutating func cut(toHeard heard: String) {
        var left = heard.count
        for said in reply {
            defer { left -= said.text.count + 1 }
            guard left < said.text.count else { continue }
            // Words that nobody heard were not said: the step that said them is open again.
            if let fingerprint = said.fingerprint, left < said.text.count / 2, !frames.isEmpty {
                frame.done.remove(fingerprint)
            }
            switch waiting {
            case .confirm, .capture:
                if said.text == question?.text, left * 10 < said.text.count * 6 { isReadBackUnheard = true }
            default: break
            }
        }
    }

    /// One line of the conversation: where it is and what was done there.
    struct Frame: Sendable {
        var state: String
        /// The intent that began it.
        var task: String?
        /// Steps that need not be done again in this state.
        var done: Set<String> = []
        /// Results of tools, by step and arguments.
        var memo: [String: JSONValue] = [:]
        /// Read-backs the caller agreed to, by step and text.
        var confirmed: Set<String> = []
        /// Jumps in this turn, by where they lead from and to.
        var jumps: [String: Int] = [:]
    }

    /// What the next turn of the caller is an answer to.
    enum Waiting: Sendable {
        case nothing
        case open(FlowStepDefinition.Ask)
        case slot(String, offers: [JSONValue], no: String?)
        case capture(String)
        case pick(FlowStepDefinition.Pick, items: [JSONValue])
        case confirm(FlowStepDefinition.Confirm, fingerprint: String, isChanging: Bool)
        case tool(PendingCall)
    }

    /// A task that was not heard with certainty.
    struct Wish: Sendable {
        var intent: String
        var entities: [Entity]
        var words: [String]

        let expectation = Expectation(kind: .yesNo, context: Flow.confirmContext)
    }

    struct PendingCall: Sendable {
        var invocation: ToolInvocation
        /// The arguments as they may be written down.
        var shown: JSONValue
        var call: FlowStepDefinition.Call
        var fingerprint: String
        var act: String
        var key: String
    }

    /// The question that is open, with what helps a caller who does not answer it.
    struct Question: Sendable {
        var text: String
        var again: [String]
        var hint: String?
        var expectation: Expectation
    }

    struct Said: Sendable {
        var text: String
        var fingerprint: String?
    }

    /// The line of conversation that is being followed. There is one from the start of the call on.
    var frame: Frame {
        get { frames.last ?? Frame(state: flow.start) }
        set {
            if frames.isEmpty { frames.append(newValue) } else { frames[frames.count - 1] = newValue }
        }
    }

    private mutating func beginReply() {
        if !reply.isEmpty { repeatable = reply.map(\.text) }
        reply = []
        for index in frames.indices { frames[index].jumps = [:] }
    }
}
