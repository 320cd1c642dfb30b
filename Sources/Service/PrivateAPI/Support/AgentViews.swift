import Agent
import Foundation

/// An agent in lists.
struct AgentView: Encodable, Sendable {
    let name: String
    let kind: AgentDefinition.Kind
    let summary: String
    let greeting: String
    let file: String
    let version: String
    let voice: String?
    /// Tool → risk.
    let tools: [String: String]
    /// Answers calls to numbers that are given to nobody.
    let isDefault: Bool
    /// Called numbers that it answers.
    let numbers: [String]
    /// The number of the published version that answers; absent when it is the file.
    let published: Int?
    /// Why it answers no call; absent when it does.
    let objection: String?

    init(_ agent: AgentDefinition, isDefault: Bool, numbers: [String], published: Int?, objection: String?) {
        name = agent.name
        kind = agent.kind
        summary = agent.summary
        greeting = agent.greeting
        file = agent.file
        version = agent.version
        voice = agent.voice
        tools = agent.tools.mapValues(\.rawValue)
        self.isDefault = isDefault
        self.numbers = numbers
        self.published = published
        self.objection = objection
    }
}

struct AgentListView: Encodable, Sendable {
    let agents: [AgentView]
}

struct AgentSourceView: Encodable, Sendable {
    let agent: AgentView
    /// YAML.
    let source: String
    /// Of an agent with a flow.
    let graph: FlowGraph?
}

/// What is wrong with a draft of an agent; nothing when `faults` is empty.
struct AgentVerdict: Encodable, Sendable {
    struct Fault: Encodable, Sendable {
        let file: String
        /// From 1; 0 when the fault is of the file as a whole.
        let line: Int
        /// From 1; 0 when the fault is of the line or file as a whole.
        let column: Int
        let reason: String

        init(_ fault: AgentFileFault) {
            file = fault.file
            line = fault.line
            column = fault.column
            reason = fault.reason
        }
    }

    let isValid: Bool
    let name: String?
    let kind: AgentDefinition.Kind?
    let faults: [Fault]
    let graph: FlowGraph?
}
