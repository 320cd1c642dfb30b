import Agent
import CallSession
import Logging
import Networking
import Speech

/// An agent with everything its calls share: what callers may say, who hears them and who speaks.
struct PreparedAgent: Sendable {
    let definition: AgentDefinition
    /// What callers may say, as recognizers want it.
    let vocabulary: SpeechVocabulary
    let engines: any CallEngines
    let voice: String
    let settings: ConversationSettings
    /// Of the published version; nil when it was read from its file.
    var number: Int?
    /// Callers go straight to its escalation.
    var escalates = false
    /// Opens the model that hears and speaks for calls of a loop; nil for an agent that has ears and a voice.
    var conversation: (@Sendable (EventLoop, Logger) -> ConversingCall)?
}

extension AgentDefinition {
    /// `engine`, given every text as this agent says it.
    func voiced(by engine: any SpeechSynthesizer) -> any SpeechSynthesizer {
        SpeakableSynthesizer(engine, locale: locale, pronunciations: pronunciations)
    }

    /// ``standingSentences`` as they are said.
    var spokenSentences: [String] {
        standingSentences.map { SpeakableText.make(from: $0, locale: locale, pronunciations: pronunciations) }
    }

    /// What is this agent's own of `settings`, which are adapted to it.
    func speaker(_ settings: ConversationSettings) -> SpeakerSettings {
        SpeakerSettings(
            settings,
            recordingStopped: recording?.stopped ?? UsualSentence.recordingStopped.text(in: spokenLanguage))
    }

    private var pronunciations: [String: Pronunciation] {
        sayAs.mapValues { Pronunciation($0.text, sounds: $0.sounds) }
    }

    private var locale: SpeechLocale {
        switch spokenLanguage {
        case .english: .english
        case .spanish: .spanish
        }
    }
}

extension SpeechVocabulary {
    init(_ language: DialogueLanguage) {
        self.init(
            contexts: language.contexts.sorted { $0.key < $1.key }.map { Context(name: $0.key, sentences: $0.value) },
            classes: language.classes, pronunciations: language.pronunciations)
    }

    /// Adds what callers say of being recorded, where there are sentences at all: that it be stopped at any time.
    mutating func hearConsent() {
        guard !contexts.isEmpty else { return }
        for index in contexts.indices { contexts[index].sentences += ConsentLanguage.withdrawals }
        contexts.append(Context(name: ConsentLanguage.context, sentences: ConsentLanguage.sentences))
    }

    /// Adds what is said when a telephone is picked up, where there are sentences at all.
    mutating func hearAnswers() {
        guard !contexts.isEmpty else { return }
        contexts.append(Context(name: AnswerLanguage.context, sentences: AnswerLanguage.sentences))
    }
}

extension ConversationSettings {
    /// What everybody says of these settings who may have a caller that begins with `agent`; nil where that agent has the
    /// whole call.
    ///
    /// - Parameter agents: all there are, by name.
    func speakers(from agent: AgentDefinition, among agents: [String: AgentDefinition]) -> [String: SpeakerSettings]? {
        let names = agent.holders(among: agents)
        guard names.count > 1 else { return nil }
        var speakers: [String: SpeakerSettings] = [:]
        for name in names {
            guard let definition = name == agent.name ? agent : agents[name] else { continue }
            speakers[name] = definition.speaker(adapted(to: definition))
        }
        return speakers
    }

    /// These settings where the agent's own file says nothing else.
    func adapted(to agent: AgentDefinition) -> ConversationSettings {
        var settings = self
        settings.speak(agent.spokenLanguage)
        settings.silence = agent.silence.repromptAfter
        // The farewell that the agent has for it is its own, one question later.
        settings.longestSilenceCount = agent.silence.maxReprompts + 1
        settings.turns = settings.turns.adapted(to: agent.bargeIn.profile)
        // About 350 ms a word.
        settings.turns.protectedGreeting = .milliseconds(350 * agent.bargeIn.protectedGreetingWords)
        // A name that no number is behind would only be promised.
        for step in agent.escalation where settings.escalation == nil {
            settings.escalation = step.destination.flatMap { TransferDestination($0, escalation: nil)?.address }
        }
        settings.takesCallersBack = agent.takesCallersBack
        settings.warmTransfers = agent.warmTransfers.isEmpty ? nil : agent.warmTransfers
        return settings
    }
}
