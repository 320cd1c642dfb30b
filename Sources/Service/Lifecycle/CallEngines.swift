package import Agent
package import Logging
package import Networking
package import Speech

/// Ears and voice of all calls of a process.
package protocol CallEngines: Sendable {
    /// The same, for one call whose use of others is counted.
    func metered(by meter: UsageMeter) -> any CallEngines

    /// The same, for one call whose vendors' failures are told there.
    func logging(to logger: Logger) -> any CallEngines

    /// The same, for agents who speak that language.
    func speaking(_ language: SpokenLanguage) -> any CallEngines

    /// Who hears the calls of a loop.
    func recognizer(on loop: EventLoop) -> any SpeechRecognizer

    /// Who speaks on the calls of a loop.
    func synthesizer(on loop: EventLoop) -> any SpeechSynthesizer

    /// What listens for the callers' voices on a loop.
    func voiceDetection(on loop: EventLoop) -> VoiceDetection

    /// Hears whether callers have finished; nil where nobody asks.
    var endOfTurnModel: SmartTurnModel? { get }

    /// Why callers who say this cannot be heard; nil when they can.
    func objection(to vocabulary: SpeechVocabulary) -> String?

    /// Builds what the recognizer needs to hear this vocabulary, before the first call.
    func prepare(_ vocabulary: SpeechVocabulary) async throws

    /// As ``prepare(_:)``, while calls go on that need the recognizer, and must not notice.
    func prepareDuringCalls(_ vocabulary: SpeechVocabulary) async throws

    /// Makes sentences that will be needed ready to be spoken at once, where that costs nothing.
    func prepare(_ sentences: [String], voice: String) async throws

    /// What operators watch of the engines.
    var samples: [PrometheusSample] { get }

    /// Ends what the engines run, after the last call.
    func close()
}

extension CallEngines {
    /// Engines of this process use nobody.
    package func metered(by meter: UsageMeter) -> any CallEngines { self }

    /// Engines of this process have nothing to tell of one call.
    package func logging(to logger: Logger) -> any CallEngines { self }

    /// One set for all languages.
    package func speaking(_ language: SpokenLanguage) -> any CallEngines { self }

    /// The built-in detector.
    package func voiceDetection(on loop: EventLoop) -> VoiceDetection { .builtIn }

    /// Words and pauses decide alone.
    package var endOfTurnModel: SmartTurnModel? { nil }

    package var samples: [PrometheusSample] { [] }

    package func prepareDuringCalls(_ vocabulary: SpeechVocabulary) async throws { try await prepare(vocabulary) }

    package func objection(to vocabulary: SpeechVocabulary) -> String? { nil }
}

extension SpeechEngines: CallEngines {}
