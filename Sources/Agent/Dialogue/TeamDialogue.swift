/// A conversation in which one agent hands the caller over to the next, who takes the line with a brief.
///
/// A transfer to `agent:NAME` stays inside; every other transfer leaves the conversation as it is. A caller who speaks a
/// colleague's language is that colleague's.
package actor TeamDialogue: Dialogue {
    /// Begins the destinations that are agents.
    static let prefix = "agent:"
    /// Hand-overs in one call, against agents who pass a caller round in circles.
    private static let mostHandovers = 5
    /// Replies that a colleague is told of.
    private static let rememberedReplies = 6

    private typealias Outputs = TurnQueue.Outputs

    package nonisolated let language: DialogueLanguage
    private var current: any Dialogue
    private var agent: AgentDefinition
    private var languages = LanguageWatch()
    /// Whether the call knows whose voice is due.
    private var isAnnounced = true
    /// What was said last, for a colleague who must know.
    private var said: [String] = []
    private var call: CallFacts
    private let tools: [any Tool]
    private let environment: DialogueEnvironment
    private let turns = TurnQueue()
    private var handovers = 0

    init(first: AgentDefinition, call: CallFacts, tools: [any Tool], environment: DialogueEnvironment) {
        let current = first.makeOwnDialogue(call: call, tools: tools, environment: environment)
        self.current = current
        agent = first
        language = current.language
        self.call = call
        self.tools = tools
        self.environment = environment
    }

    package nonisolated func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        // Not bounded: the replies that pass through are.
        turns.reply { [self] in try await answer(input, $0) }
    }

    package func preview(of turn: CallerTurn) async -> ReplyPreview? {
        isOthers(turn) ? nil : await current.preview(of: turn)
    }

    package func prepare(for turn: CallerTurn) async -> String? {
        isOthers(turn) ? nil : await current.prepare(for: turn)
    }

    package func forgetPrepared() async { await current.forgetPrepared() }

    package func cutLastReply(toHeard heard: String) async {
        if !said.isEmpty { said[said.count - 1] = heard }
        await current.cutLastReply(toHeard: heard)
    }

    package func continueCall(as id: String, traceparent: String?) async {
        call.callID = id
        call.traceparent = traceparent
        // That one begins with the voice of whoever began this one.
        if handovers > 0 { isAnnounced = false }
        await current.continueCall(as: id, traceparent: traceparent)
    }

    package func recall(_ history: [RememberedEvent]) async {
        var own: [RememberedEvent] = []
        var input: DialogueInput?
        for event in history {
            switch event {
            case .input(let next):
                input = next
                if case .callStarted(let facts) = next { call.callID = facts.callID }
                said.append("")
                said.removeFirst(max(0, said.count - Self.rememberedReplies))
            case .said(let text) where !said.isEmpty:
                said[said.count - 1] += (said[said.count - 1].isEmpty ? "" : " ") + text
            case .heard(let heard) where !said.isEmpty: said[said.count - 1] = heard
            case .tookOver(let name):
                guard name != agent.name, let colleague = environment.agents[name] else { continue }
                await current.recall(own)
                // Who speaks the caller's language answers what they said; who is handed the caller begins.
                let answers = agent.languages[colleague.spokenLanguage] == name ? input : nil
                let facts = begin(colleague, brief: brief(for: colleague))
                own = [.input(.callStarted(facts))] + (answers.map { [.input($0)] } ?? [])
                continue
            case .said, .heard, .tool, .abandoned: break
            }
            own.append(event)
        }
        await current.recall(own)
    }

    package var takesWhispers: Bool { get async { await current.takesWhispers } }

    package func whisper(_ text: String) async { await current.whisper(text) }

    private func answer(_ input: DialogueInput, _ outputs: Outputs) async throws {
        said.append("")
        said.removeFirst(max(0, said.count - Self.rememberedReplies))
        if !isAnnounced { outputs.yield(.tookOver(agent: agent.name)) }
        if case .callerSaid(let turn) = input, let colleague = speaker(for: turn) {
            await current.forgetPrepared()
            // Whoever takes over answers in the caller's language, and does not greet in the middle of a conversation.
            let facts = takeOver(colleague, brief: brief(for: colleague), outputs)
            _ = try await pass(.callStarted(facts), outputs, isSilent: true)
        }
        var input = input
        while let next = try await pass(input, outputs) {
            input = .callStarted(takeOver(next.agent, brief: next.brief, outputs))
        }
        // Of whom a reply that is given up told, the call may not have heard.
        if !Task.isCancelled { isAnnounced = true }
    }

    /// Lets the agent answer.
    ///
    /// - Parameter isSilent: what it says is left out.
    /// - Returns: whom it hands the caller over to.
    private func pass(
        _ input: DialogueInput, _ outputs: Outputs, isSilent: Bool = false
    ) async throws -> (agent: AgentDefinition, brief: String)? {
        var next: (agent: AgentDefinition, brief: String)?
        for try await output in current.reply(to: input) {
            switch output {
            case .transfer(let destination, let brief):
                if let agent = colleague(destination) { next = (agent, brief) } else { outputs.yield(output) }
            case .say(let text):
                guard !isSilent else { continue }
                said[said.count - 1] += (said[said.count - 1].isEmpty ? "" : " ") + text
                outputs.yield(output)
            default: outputs.yield(output)
            }
        }
        return next
    }

    private func takeOver(_ next: AgentDefinition, brief: String, _ outputs: Outputs) -> CallFacts {
        let facts = begin(next, brief: brief)
        outputs.yield(.tookOver(agent: next.name))
        return facts
    }

    private func begin(_ next: AgentDefinition, brief: String) -> CallFacts {
        handovers += 1
        var facts = call
        facts.parameters["brief"] = brief
        agent = next
        current = next.makeOwnDialogue(call: facts, tools: tools, environment: environment)
        isAnnounced = false
        return facts
    }

    private func colleague(_ destination: String) -> AgentDefinition? {
        guard destination.hasPrefix(Self.prefix), handovers < Self.mostHandovers else { return nil }
        return environment.agents[String(destination.dropFirst(Self.prefix.count))]
    }

    // MARK: Languages

    private func speaker(for turn: CallerTurn) -> AgentDefinition? {
        guard handovers < Self.mostHandovers,
            let language = languages.heard(turn, by: agent.spokenLanguage, others: agent.languages.keys)
        else { return nil }
        return agent.languages[language].flatMap { environment.agents[$0] }
    }

    /// Whether this agent will not be the one to answer.
    private func isOthers(_ turn: CallerTurn) -> Bool {
        handovers < Self.mostHandovers
            && languages.wouldSwitch(turn, by: agent.spokenLanguage, others: agent.languages.keys)
    }

    private func brief(for colleague: AgentDefinition) -> String {
        let words = said.filter { !$0.isEmpty }.joined(separator: " ")
        let told = colleague.spokenLanguage == agent.spokenLanguage ? "They" : "In \(agent.spokenLanguage.name) they"
        return "The caller speaks \(colleague.spokenLanguage.name)."
            + (words.isEmpty ? "" : " \(told) were told until now: \"\(words)\"")
    }
}
