import Networking
import Service
import Speech

/// Ears and voice that need no models.
struct LightEngines: CallEngines {
    private let ears: ReadingRecognizer
    private let voice: any SpeechSynthesizer
    let endOfTurnModel: SmartTurnModel?
    /// What preparing waits for.
    private let preparation: @Sendable () async throws -> Void
    /// What preparing sentences waits for.
    private let sentencePreparation: @Sendable ([String]) async throws -> Void

    /// - Parameter unreadable: what a voice that is no ``SpokenClip`` says.
    init(
        unreadable: String? = nil, voice: any SpeechSynthesizer = HummingSynthesizer(),
        endOfTurnModel: SmartTurnModel? = nil, preparation: @escaping @Sendable () async throws -> Void = {},
        sentencePreparation: @escaping @Sendable ([String]) async throws -> Void = { _ in }
    ) {
        ears = ReadingRecognizer(unreadable: unreadable)
        self.voice = voice
        self.endOfTurnModel = endOfTurnModel
        self.preparation = preparation
        self.sentencePreparation = sentencePreparation
    }

    func recognizer(on loop: EventLoop) -> any SpeechRecognizer { ears }
    func synthesizer(on loop: EventLoop) -> any SpeechSynthesizer { voice }
    func prepare(_ sentences: [String], voice: String) async throws { try await sentencePreparation(sentences) }
    func prepare(_ vocabulary: SpeechVocabulary) async throws { try await preparation() }
    func close() {}
}
