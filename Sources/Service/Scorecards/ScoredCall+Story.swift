import Agent
import Store

extension ScoredCall {
    /// What is stored of a call, for a scorecard of this agent.
    init(_ story: CallStory, of agent: AgentDefinition) {
        let call = story.call
        self.init(
            turns: story.turns.map(Turn.init), tools: story.tools.map(Tool.init), outcome: call.outcome,
            resolution: call.resolution?.rawValue, length: call.duration / 8,
            language: call.language ?? agent.spokenLanguage.rawValue,
            interaction: call.interaction.map {
                Interaction(
                    bargeIns: $0.bargeIns, yields: $0.yields, agentStarts: $0.agentStarts, overCaller: $0.overCaller)
            },
            actingTools: Set(agent.tools.filter { $0.value != .read }.keys))
    }
}

extension ScoredCall.Turn {
    init(_ turn: TurnRecord) {
        let speaker: ScoredCall.Speaker =
            switch turn.speaker {
            case .caller: .caller
            case .agent: .agent
            case .operator: .operator
            }
        self.init(
            turn.number, speaker, part: turn.part, started: turn.started / 8, ended: turn.ended.map { $0 / 8 },
            text: speaker == .agent ? turn.heard ?? turn.text : turn.text, intent: turn.intent, entities: turn.entities,
            latency: turn.latency.map { $0.total / 1000 })
    }
}

extension ScoredCall.Tool {
    init(_ tool: ToolRecord) {
        self.init(
            tool.name, turn: tool.turn, arguments: (try? JSONValue(parsing: tool.arguments)) ?? [:],
            result: tool.outcome.flatMap { try? JSONValue(parsing: $0) }, succeeded: tool.succeeded,
            started: tool.started / 8, finished: tool.finished.map { $0 / 8 })
    }
}
