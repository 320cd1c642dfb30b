/// An agent as its file describes it.
package struct AgentDefinition: Sendable {
    /// What answers the caller.
    package enum Engine: Sendable {
        /// States, intents, slots and tools, without any account or network.
        case flow(Flow)
        /// A language model that calls tools.
        case model(ModelSettings)
    }

    package enum Kind: String, Sendable, Codable, CaseIterable {
        case flow, model
    }

    /// Unique within a library; `[a-z0-9-]+`.
    package var name: String
    package var summary: String
    /// The first words of a call.
    package var greeting: String
    /// What a caller hears first who was cut off and is back; nil for the language's own, see ``cutOffSentence``.
    package var cutOff: String?
    /// The synthesizer's voice; nil for the configured one.
    package var voice: String?
    /// In which numbers, dates and signs are read out.
    package var spokenLanguage: SpokenLanguage
    /// Agents that go on where a caller speaks another language, by that language.
    package var languages: [SpokenLanguage: String]
    /// Words as they are written → as they are to be read out.
    package var sayAs: [String: SayAs]
    package var thresholds: ConfidenceThresholds
    package var silence: SilencePolicy
    package var bargeIn: BargeInPolicy
    /// What callers hear while a tool works; nil is silence.
    package var toolWait: ToolWait?
    /// The tools it may use, with the risk its author counts on.
    package var tools: [String: ToolDefinition.Risk]
    /// What it must have before it may use them.
    package var policies: [String: ToolPolicy]
    /// What a caller must know to be taken for who they are; nil where nobody asks.
    package var verification: VerificationPolicy?
    /// Agents that it may hand the caller over to.
    package var handoff: [String]
    /// Agents that it may ask.
    package var delegate: [String]
    /// What is done before and after its calls.
    package var team: TeamPlan
    /// What to do, in order, when the agent cannot help.
    package var escalation: [EscalationStep]
    /// Who is called and asked before a caller is put through to them, by the destination of the path's steps.
    package var warmTransfers: [String: WarmTransfer] = [:]
    /// How callers learn that they are recorded; nil where the agent says nothing of it.
    package var recording: RecordingPolicy?
    /// How much may go wrong before a published version is taken off.
    package var errorBudget: ErrorBudgetPolicy
    /// What its calls are judged by when they are over; nil where nobody judges.
    package var scorecard: Scorecard?
    /// What is written down of its calls when they are over; nil where nothing is.
    package var afterCall: AfterCallPlan?
    package var engine: Engine
    /// The file it was read from.
    package var file: String
    /// Changes when anything in the agent's files changes; equal content has an equal version.
    package var version: String

    package var kind: Kind {
        switch engine {
        case .flow: .flow
        case .model: .model
        }
    }
}

/// When a turn is good enough to act upon.
package struct ConfidenceThresholds: Sendable, Equatable {
    /// A turn less certain than this is asked again, 0...1.
    package var reaskBelow: Double
    /// An agreement to a read-back less certain than this is asked again, 0...1, not below `reaskBelow`: what follows a
    /// read-back can seldom be undone.
    package var agreeBelow: Double
    /// A turn less certain than this counts as two misses, 0...1, not above `reaskBelow`.
    package var escalateBelow: Double
    /// Misses in a row before the agent escalates, 1...10.
    package var maxReasks: Int
}

/// What happens when nobody speaks.
package struct SilencePolicy: Sendable, Equatable {
    /// Silence before the agent speaks again.
    package var repromptAfter: Duration
    /// Prompts in a row before the agent hangs up, 0...10.
    package var maxReprompts: Int
    /// One after the other; the last one repeats.
    package var prompts: [String]
    /// Said before hanging up.
    package var farewell: String
}

/// How interruptions are taken.
package struct BargeInPolicy: Sendable, Equatable {
    /// How readily a voice over the agent's own stops it.
    package enum Profile: String, Sendable, CaseIterable {
        /// For callers who know what they want: words stop a reply sooner, and so does a voice without words.
        case eager
        case usual
        /// For noisy lines, and for what must be said to its end: short sounds do not make the agent pause at all.
        case patient
    }

    /// Words at the start of the greeting during which the caller cannot interrupt, 0...50.
    package var protectedGreetingWords: Int
    package var profile = Profile.usual
}
