import Agent
package import CallSession
import Foundation
package import Store

/// The turn-taking of a configuration file and its agents, for a trial.
package struct TrialSettings: Sendable {
    private let configuration: ParleyConfiguration
    private let agents: AgentLibrary

    package init(file: String) throws {
        configuration = try ConfigurationLoader().load(file: file).configuration
        agents = try AgentLibrary.load(directory: URL(fileURLWithPath: configuration.agents.directory))
    }

    /// - Parameters:
    ///   - agent: who had the call; its own settings stand as its file has them now.
    ///   - recorded: what an agent that is gone had set stands as it was.
    package func settings(
        for agent: String, insteadOf recorded: ConversationSettings
    ) -> ConversationSettings {
        if let definition = agents.agents[agent] {
            var settings = configuration.conversation.adapted(to: definition)
            settings.recording = recorded.recording == nil ? nil : definition.recording
            settings.speakers = configuration.conversation.speakers(from: definition, among: agents.agents)
            return settings
        }
        var settings = configuration.conversation
        settings.silence = recorded.silence
        settings.longestSilenceCount = recorded.longestSilenceCount
        settings.turns.protectedGreeting = recorded.turns.protectedGreeting
        settings.turns.holdAfter = recorded.turns.holdAfter
        settings.escalation = recorded.escalation
        settings.recording = recorded.recording
        settings.speakers = recorded.speakers
        return settings
    }
}

extension CallReplay {
    /// Reads the journal of a call.
    package init(call: String, store: Store) async throws {
        var journal: [JournalRecord] = []
        while true {
            let part = try await store.journal(ofCall: call, from: (journal.last?.sequence ?? -1) + 1, limit: 10_000)
            journal += part
            if part.count < 10_000 { break }
        }
        try self.init(call: call, journal: journal)
    }
}
