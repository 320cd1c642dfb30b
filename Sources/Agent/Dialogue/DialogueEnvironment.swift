package import Foundation
package import Logging

/// What a dialogue may know of the world: the time, the place, and the providers it can ask.
package struct DialogueEnvironment: Sendable {
    /// Wall time, for "tomorrow".
    package var now: @Sendable () -> Date
    /// Where the agent's callers live.
    package var timeZone: TimeZone
    /// Measures deadlines.
    package var clock: any Clock<Duration>
    /// Provider name in the configuration → its language model.
    package var models: [String: any LanguageModel]
    /// How these providers are, from all calls.
    package var health: ModelHealthBoard
    /// Where acts wait for a person; nil where nobody looks.
    package var reviews: (any ReviewDesk)?
    /// What agents were kept from, over all calls.
    package var counters: AgentCounters
    /// False where an agent works through a task and nobody can be asked.
    package var hasCaller: Bool
    /// Whether the work may be begun once more after a break, in which the model may act in another order: then an act is known
    /// by its arguments, not by its place.
    package var mayBeginAnew = false
    /// Every agent there is, by name, for those that hand over or ask.
    package var agents: [String: AgentDefinition]
    package var logger: Logger
    /// Of the one call, from ``AgentDefinition/makeDialogue(call:tools:environment:)`` on.
    var verifications = CallerVerifications()

    package init(
        now: @escaping @Sendable () -> Date = { Date() }, timeZone: TimeZone = .current,
        clock: any Clock<Duration> = ContinuousClock(), models: [String: any LanguageModel] = [:],
        health: ModelHealthBoard = ModelHealthBoard(), reviews: (any ReviewDesk)? = nil,
        counters: AgentCounters = AgentCounters(), hasCaller: Bool = true, agents: [String: AgentDefinition] = [:],
        logger: Logger = Logger(label: "parley.agent")
    ) {
        self.now = now
        self.timeZone = timeZone
        self.clock = clock
        self.models = models
        self.health = health
        self.reviews = reviews
        self.counters = counters
        self.hasCaller = hasCaller
        self.agents = agents
        self.logger = logger
    }

    /// The model an agent asks: its provider's, with those behind it where there are any; nil when it is not configured.
    func model(_ settings: ModelSettings) -> (any LanguageModel)? {
        guard let preferred = models[settings.provider] else { return nil }
        let others = settings.fallback.compactMap { name in
            models[name].map { FallbackModel.Link(name: name, model: $0) }
        }
        guard !others.isEmpty else { return preferred }
        return FallbackModel(
            [FallbackModel.Link(name: settings.provider, model: preferred)] + others, hedgeAfter: settings.hedgeAfter,
            health: health, clock: clock, logger: logger)
    }

    /// The day it is in ``timeZone``.
    package func today() -> CivilDate {
        let moment = now()
        let local = moment.timeIntervalSince1970 + Double(timeZone.secondsFromGMT(for: moment))
        return CivilDate(dayNumber: Int((local / 86_400).rounded(.down)))
    }
}
