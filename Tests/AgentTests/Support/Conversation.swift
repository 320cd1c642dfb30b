import Agent
import Foundation

/// A caller who types: says a line, collects the reply.
final class Conversation {
    let dialogue: any Dialogue
    private(set) var turn = 0

    init(
        _ agent: AgentDefinition, tools: [any Tool], call: CallFacts = CallFacts(callID: "c1"),
        clock: any Clock<Duration> = ManualClock(), models: [String: any LanguageModel] = [:],
        counters: AgentCounters = AgentCounters(), mayBeginAnew: Bool = false
    ) {
        var environment = DialogueEnvironment(
            now: { Fixtures.now }, timeZone: TimeZone(secondsFromGMT: 0) ?? .current, clock: clock, models: models,
            counters: counters)
        environment.mayBeginAnew = mayBeginAnew
        dialogue = agent.makeDialogue(call: call, tools: tools, environment: environment)
    }

    func start() async throws -> Reply { try await send(.callStarted(CallFacts(callID: "c1"))) }

    @discardableResult
    func say(_ text: String, confidence: Double = 0.95) async throws -> Reply {
        turn += 1
        return try await send(.callerSaid(CallerTurn(number: turn, text: text, confidence: confidence)))
    }

    @discardableResult
    func send(_ input: DialogueInput) async throws -> Reply {
        var outputs: [DialogueOutput] = []
        for try await output in dialogue.reply(to: input) { outputs.append(output) }
        return Reply(outputs: outputs)
    }
}

/// What one input led to.
struct Reply {
    var outputs: [DialogueOutput]

    var text: String {
        outputs.compactMap { if case .say(let text) = $0 { text } else { nil } }.joined(separator: " ")
    }

    var tools: [String] {
        outputs.compactMap { if case .toolStarted(let call) = $0 { call.name } else { nil } }
    }

    var calls: [ToolInvocation] {
        outputs.compactMap { if case .toolStarted(let call) = $0 { call } else { nil } }
    }

    var understanding: Understanding? {
        outputs.compactMap { if case .understood(let understanding) = $0 { understanding } else { nil } }.last
    }

    var expectation: Expectation? {
        outputs.compactMap { if case .expect(let expectation) = $0 { expectation } else { nil } }.last
    }

    var transfer: String? {
        outputs.compactMap { if case .transfer(let destination, _) = $0 { destination } else { nil } }.last
    }

    var hangsUp: Bool {
        outputs.contains { if case .hangUp = $0 { true } else { false } }
    }
}
