/// A dialogue that waits for the answer to one question of a flow, again and again, and reports what it makes of it.
///
/// It says nothing and calls no tool: it measures hearing and understanding, one question at a time.
package struct FlowProbe: Dialogue {
    package let language: DialogueLanguage
    private let engine: FlowEngine
    private let expectation: Expectation
    private let today: CivilDate
    private let answered: @Sendable (Bool) -> Void

    /// - Parameters:
    ///   - question: `open` for whatever the caller wants, `confirm` for a read-back, or a slot by its name or by what
    ///     callers call it.
    ///   - today: the day that "tomorrow" is counted from.
    ///   - answered: told of each answer whether the flow did something on it, other than to ask again.
    /// - Returns: nil when the flow asks no such question.
    package init?(
        agent: AgentDefinition, flow: Flow, call: CallFacts, question: String, today: CivilDate,
        answered: @escaping @Sendable (Bool) -> Void = { _ in }
    ) {
        var engine = FlowEngine(agent: agent, flow: flow, call: call, today: today)
        guard let expectation = engine.begin(atQuestion: question) else { return nil }
        self.engine = engine
        self.expectation = expectation
        self.today = today
        self.answered = answered
        language = flow.language
    }

    package func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        // Not bounded: an answer is two outputs.
        let (outputs, continuation) = AsyncThrowingStream.makeStream(of: DialogueOutput.self)
        if case .callerSaid(let turn) = input {
            let (understanding, wasActedUpon) = understand(turn)
            if let understanding { continuation.yield(.understood(understanding)) }
            answered(wasActedUpon)
        }
        continuation.yield(.expect(expectation))
        continuation.finish()
        return outputs
    }

    /// What the flow makes of an answer to its question, and whether it does something on it, other than to ask again.
    package func understand(_ turn: CallerTurn) -> (Understanding?, wasActedUpon: Bool) {
        var engine = engine
        var understood: Understanding?
        for case .output(.understood(let understanding)) in engine.handle(.said(turn), today: today) {
            understood = understanding
        }
        return (understood, engine.misses == 0 && understood?.intent != "repeat")
    }

    package func preview(of turn: CallerTurn) async -> ReplyPreview? { engine.preview(of: turn, today: today) }

    /// The likeliest intent of an answer in these words, and its probability.
    package func likeliest(_ text: String) -> (intent: String, probability: Double) {
        let reading = engine.read(text)
        return (engine.flow.classifier.labels[reading.best], reading.probabilities[reading.best])
    }

    package func cutLastReply(toHeard heard: String) {}
}

extension FlowEngine {
    /// Puts the conversation where `name` has been asked.
    fileprivate mutating func begin(atQuestion name: String) -> Expectation? {
        for state in flow.states.values.sorted(by: {
            ($0.name == flow.start ? 0 : 1, $0.name) < ($1.name == flow.start ? 0 : 1, $1.name)
        }) {
            let task = flow.routes.first { $0.value == state.name }?.key
            for step in state.steps {
                switch step.action {
                case .ask(let ask) where name == "open":
                    waiting = .open(ask)
                    frames = [Frame(state: state.name)]
                    return Expectation(kind: .open, context: state.name)
                case .confirm(let confirm) where name == Flow.confirmContext:
                    waiting = .confirm(confirm, fingerprint: "", isChanging: false)
                    frames = [Frame(state: state.name, task: task)]
                    return Expectation(kind: .yesNo, context: Flow.confirmContext)
                case .collect(let collect):
                    guard let slot = flow.slots[collect.slot], slot.name == name || slot.called.contains(name) else {
                        continue
                    }
                    waiting = .slot(slot.name, offers: [], no: nil)
                    frames = [Frame(state: state.name, task: task)]
                    return Expectation(kind: slot.expectation, context: slot.name)
                default: continue
                }
            }
        }
        return nil
    }
}
