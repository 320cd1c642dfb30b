import Agent
import Foundation
import Logging

/// Holds a conversation with an agent that is only tried: no telephone, and nothing that it does lasts, see ``DryBench``.
/// An agent that a language model leads asks the models that are configured.
struct AgentTrial: Sendable {
    /// What the agent did upon one input.
    struct Exchange: Sendable, Encodable {
        /// What the caller did; absent for the greeting.
        var caller: Input?
        var outputs: [AgentOutputRecord]
    }

    /// What a caller does who types.
    struct Input: Sendable, Codable {
        enum Kind: String, Sendable, Codable {
            case says
            case keys
            /// Speech that nobody understands.
            case mumbles
            case silence
        }

        var kind: Kind
        /// What is said, or the keys.
        var text: String?
    }

    struct Conversation: Sendable, Encodable {
        var exchanges: [Exchange]
        /// How the agent ended it; absent while the line is open.
        var ending: String?
        /// Inputs that came after the end, to which nobody answered.
        var unanswered: Int
    }

    let configuration: ParleyConfiguration
    let agents: AgentLibrary
    let logger: Logger

    /// Holds the conversation from its beginning.
    ///
    /// - Parameter number: the caller's; empty where it is withheld.
    func hold(with agent: AgentDefinition, from number: String, inputs: [Input]) async throws -> Conversation {
        try await DryBench.withConnectors { emulators, environment in
            try await DryBench.run(
                configuration.withEmulatedConnectors, agents: agents, environment: environment, emulators: emulators,
                logger: logger, now: { Date() }
            ) { bench in
                let call = CallFacts(callID: CallID.new(), callerNumber: number)
                let line = TextConversation(try bench.dialogue(of: agent, call: call), call: call)
                return try await Self.hold(line, inputs)
            }
        }
    }

    private static func hold(_ line: TextConversation, _ inputs: [Input]) async throws -> Conversation {
        var line = line
        var greeting: [AgentOutputRecord] = []
        _ = try await line.start { greeting.append(AgentOutputRecord($0)) }
        var conversation = Conversation(exchanges: [Exchange(caller: nil, outputs: greeting)], unanswered: 0)
        var silences = 0
        for input in inputs {
            guard line.ending == nil else {
                conversation.unanswered += 1
                continue
            }
            try Task.checkCancellation()
            silences = input.kind == .silence ? silences + 1 : 0
            var outputs: [AgentOutputRecord] = []
            let text = input.text ?? ""
            switch input.kind {
            case .says: _ = try await line.say(text) { outputs.append(AgentOutputRecord($0)) }
            case .keys: _ = try await line.send(.keysPressed(text)) { outputs.append(AgentOutputRecord($0)) }
            case .mumbles: _ = try await line.send(.callerNotUnderstood) { outputs.append(AgentOutputRecord($0)) }
            case .silence:
                _ = try await line.send(.callerSilent(count: silences)) { outputs.append(AgentOutputRecord($0)) }
            }
            conversation.exchanges.append(Exchange(caller: input, outputs: outputs))
        }
        conversation.ending = line.ending?.text
        return conversation
    }
}
