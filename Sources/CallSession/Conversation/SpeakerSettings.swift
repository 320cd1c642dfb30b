package import Agent

/// What of a call's settings is an agent's own, in its language: the sentences that have no dialogue behind them, and the
/// people whom it asks before it puts a caller through.
package struct SpeakerSettings: Sendable, Equatable, Codable {
    package var apology: String
    package var surrender: String
    package var farewell: String
    package var handBack: String
    package var transferFailed: String
    package var warmTransfers: [String: WarmTransfer]?
    /// What the agent speaks, by its tag; nil is English.
    var language: String?
    /// Said when the caller wants the recording to stop.
    package var recordingStopped: String

    /// - Parameters:
    ///   - settings: an agent's.
    ///   - recordingStopped: what that agent says when a recording stops.
    package init(_ settings: ConversationSettings, recordingStopped: String) {
        apology = settings.apology
        surrender = settings.surrender
        farewell = settings.farewell
        handBack = settings.handBack
        transferFailed = settings.transferFailed
        warmTransfers = settings.warmTransfers
        language = settings.language
        self.recordingStopped = recordingStopped
    }
}

extension ConversationSettings {
    /// Says in `language` what the configuration leaves to the usual sentences.
    package mutating func speak(_ language: SpokenLanguage) {
        self.language = language == .english ? nil : language.rawValue
        let sentences: [(WritableKeyPath<ConversationSettings, String>, UsualSentence)] = [
            (\.apology, .apology), (\.surrender, .surrender), (\.farewell, .farewell), (\.handBack, .handBack),
            (\.transferFailed, .nobodyThere),
        ]
        for (place, sentence) in sentences where self[keyPath: place] == sentence.text(in: .english) {
            self[keyPath: place] = sentence.text(in: language)
        }
    }

    /// A colleague has the caller; one of whom nothing is known changes nothing.
    mutating func become(_ agent: String) {
        guard let speaker = speakers?[agent] else { return }
        apology = speaker.apology
        surrender = speaker.surrender
        farewell = speaker.farewell
        handBack = speaker.handBack
        transferFailed = speaker.transferFailed
        warmTransfers = speaker.warmTransfers
        language = speaker.language
        recording?.stopped = speaker.recordingStopped
    }

    /// Of whoever has the caller.
    var spokenLanguage: SpokenLanguage { language.flatMap { SpokenLanguage(tag: $0) } ?? .english }

    /// Whether anybody may be asked before a caller is put through, by whoever has the caller then.
    var asksPeople: Bool { warmTransfers != nil || speakers?.values.contains { $0.warmTransfers != nil } == true }
}
